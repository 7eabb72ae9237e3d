//! The requests in the journal.

use std::{sync::Arc, time::Duration};

use axum::{Extension, Json, http::StatusCode};
use serde::{Deserialize, Deserializer, Serialize};
use tokio::time::Instant;

use super::{
    ApiError, ApiResult, Query, SpaceParameter, SpaceSelector,
    request_filter::{FaultFilter, FirstResponse, RequestFilter},
};
use crate::{
    http::StateExtension,
    journal::{Cursor, JournalEntry, MethodName, PathText, RequestPattern, Secrets, Status, View},
    schema::Provenance,
    space::Space,
    values::{Integer, Number, parsed},
};

/// The longest that a request can wait, in seconds.
const MAX_WAIT_SECONDS: i64 = 60;

/// Requests in the order of their arrival.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct RequestList {
    requests: Vec<JournalEntry>,
    /// The value of `since` for the next requests; `null` with `space=*`.
    last: Option<u64>,
    /// The number of requests that the journal no longer keeps.
    dropped: u64,
}

/// The parameters of `GET /__mock/requests`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct RequestsParameters {
    #[serde(default)]
    #[cfg_attr(test, schemars(skip))]
    space: SpaceSelector,
    /// Only requests with this method, in any case.
    #[serde(default, deserialize_with = "read_method")]
    #[cfg_attr(test, schemars(regex(pattern = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")))]
    method: Option<String>,
    /// Only requests to this path: one below `/vmrest` such as `externalservices`, or an absolute one such as
    /// `/vmrest/tenants`; `*` matches any characters but a slash, `**` any characters at all.
    path: Option<PathText>,
    /// Only requests that were answered with this status.
    status: Option<Status>,
    /// Only requests whose response, or the rule that rejected them, has this provenance.
    provenance: Option<Provenance>,
    /// Only requests to which the fault with this number was applied, or `any` fault.
    fault: Option<FaultFilter>,
    /// At most this many requests.
    limit: Option<Integer<1, { u64::MAX }>>,
    /// `true` shows secrets such as passwords.
    #[serde(default)]
    secrets: bool,
    /// Only requests after the one with this number: `last` of an earlier response. Not with `space=*`.
    since: Option<Integer<0, { u64::MAX }>>,
    /// If there is no such request, wait until one is answered, for at most this many seconds. Not with `space=*`.
    wait: Option<Number<0, MAX_WAIT_SECONDS>>,
}

fn read_method<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let MethodName(method) = parsed(
        deserializer,
        "a method such as POST",
        MethodName::parse_ignoring_case,
    )?;
    Ok(Some(method))
}

/// `GET /__mock/requests`
pub(super) async fn list(
    Extension(server): StateExtension,
    Query(parameters): Query<RequestsParameters>,
) -> ApiResult<Json<RequestList>> {
    let space = parameters.space.one_or_all(&server.spaces)?;
    let (since, wait) = (parameters.since, parameters.wait);
    let secrets = if parameters.secrets {
        Secrets::Shown
    } else {
        Secrets::Hidden
    };
    let filter = RequestFilter::from(parameters);
    let Some(space) = space else {
        if since.is_some() || wait.is_some() {
            return Err(ApiError::bad_request(
                "found since or wait with space=*, expected them with one space: each space has its own numbers",
            ));
        }
        return Ok(Json(list_all(&server.spaces.all(), &filter, secrets)));
    };
    let journal = &space.journal;
    let cursor = journal.cursor(since.map_or(0, Integer::get));
    let view = match wait {
        None => Arc::new(journal.view_after(cursor)),
        Some(wait) => {
            let end = Instant::now() + Duration::from_secs_f64(wait.get());
            let response = FirstResponse::new(filter.clone(), cursor);
            journal.wait_until(response, Some(end)).await
        }
    };
    Ok(Json(list_one(&view, cursor, &filter, secrets)))
}

/// `DELETE /__mock/requests`
pub(super) async fn clear(
    Extension(server): StateExtension,
    Query(scope): Query<SpaceParameter>,
) -> ApiResult<StatusCode> {
    let clear = |space: &Space| space.journal.clear();
    scope.space.for_each(&server.spaces, clear)
}

impl From<RequestsParameters> for RequestFilter {
    fn from(parameters: RequestsParameters) -> Self {
        let mut pattern = RequestPattern::any();
        if let Some(PathText(path)) = parameters.path {
            pattern = pattern.path(path);
        }
        pattern.method = parameters.method;
        let status = parameters.status;
        pattern.status = status.and_then(|status| u16::try_from(status.get()).ok());
        pattern.provenance = parameters.provenance;
        let limit = parameters.limit.map_or(u64::MAX, Integer::get);
        Self {
            pattern,
            fault: parameters.fault,
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
        }
    }
}

/// Lists the requests in a view of one journal.
fn list_one(view: &View, cursor: Cursor, filter: &RequestFilter, secrets: Secrets) -> RequestList {
    let (selected, last) = filter.select(view, cursor);
    let requests = selected.into_iter();
    RequestList {
        requests: requests
            .map(|entry| JournalEntry::new(entry, secrets))
            .collect(),
        last: Some(last),
        dropped: view.dropped,
    }
}

/// Lists the requests of several spaces in the order of their arrival on the monotonic clock.
fn list_all(spaces: &[Arc<Space>], filter: &RequestFilter, secrets: Secrets) -> RequestList {
    let views: Vec<_> = spaces.iter().map(|space| space.journal.view()).collect();
    let entries = views.iter().flat_map(|view| &view.entries);
    let mut selected: Vec<_> = entries.filter(|entry| filter.matches(entry)).collect();
    selected.sort_by_key(|entry| entry.started);
    let requests = selected.into_iter().take(filter.limit);
    RequestList {
        requests: requests
            .map(|entry| JournalEntry::new(entry, secrets))
            .collect(),
        last: None,
        dropped: views.iter().map(|view| view.dropped).sum(),
    }
}

#[cfg(test)]
pub(super) mod describe {
    use super::{RequestList, RequestsParameters};
    use crate::control::openapi::Operation;

    pub(in crate::control) fn list() -> Operation {
        Operation::new(
            "journal",
            "listRequests",
            "List the requests in the journal",
        )
        .description("All given conditions apply. `since` and `wait` need a single space.")
        .space_or_all()
        .query::<RequestsParameters>()
        .json::<RequestList>(200, "The requests, in the order of their arrival.")
        .error(503, "The server is shutting down and no longer waits.")
    }

    pub(in crate::control) fn clear() -> Operation {
        Operation::new("journal", "emptyRequests", "Empty the journal")
            .space_or_all()
            .no_content("The journal is empty.")
    }
}
