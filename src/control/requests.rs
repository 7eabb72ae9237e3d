//! The requests in the journal.

use std::{sync::Arc, time::Duration};

use axum::{Extension, Json, http::StatusCode};
use serde::{Deserialize, Deserializer, Serialize};
use tokio::time::{Instant, timeout_at};

use super::{ApiError, ApiResult, Query, SpaceParameter, SpaceSelector};
use crate::{
    http::StateExtension,
    journal::{
        Entry, Journal, JournalEntry, MethodName, PathText, RequestPattern, Secrets, Status, View,
    },
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
    let filter = Filter::from(parameters);
    let Some(space) = space else {
        if since.is_some() || wait.is_some() {
            return Err(ApiError::bad_request(
                "found since or wait with space=*, expected them with one space: each space has its own numbers",
            ));
        }
        return Ok(Json(filter.list_all(&server.spaces.all())));
    };
    let since = since.map_or(0, Integer::get);
    if let Some(wait) = wait {
        let timeout = Duration::from_secs_f64(wait.get());
        filter.wait(&space.journal, since, timeout).await;
    }
    Ok(Json(filter.list(&space, since)))
}

/// `DELETE /__mock/requests`
pub(super) async fn clear(
    Extension(server): StateExtension,
    Query(scope): Query<SpaceParameter>,
) -> ApiResult<StatusCode> {
    let clear = |space: &Space| space.journal.clear();
    scope.space.for_each(&server.spaces, clear)
}

/// Selects the requests to list.
struct Filter {
    pattern: RequestPattern,
    fault: Option<FaultFilter>,
    limit: usize,
    secrets: Secrets,
}

/// Selects requests by the fault that was applied to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FaultFilter {
    Any,
    Number(u64),
}

impl<'de> Deserialize<'de> for FaultFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(
            deserializer,
            "the number of a fault, or any",
            |text| match text {
                "any" => Some(Self::Any),
                number => number.parse().ok().map(Self::Number),
            },
        )
    }
}

impl From<RequestsParameters> for Filter {
    fn from(parameters: RequestsParameters) -> Self {
        let mut pattern = RequestPattern::any();
        if let Some(PathText(path)) = parameters.path {
            pattern = pattern.path(path);
        }
        pattern.method = parameters.method;
        let status = parameters.status;
        pattern.status = status.and_then(|status| u16::try_from(status.get()).ok());
        let limit = parameters.limit.map_or(u64::MAX, Integer::get);
        Self {
            pattern,
            fault: parameters.fault,
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            secrets: if parameters.secrets {
                Secrets::Shown
            } else {
                Secrets::Hidden
            },
        }
    }
}

impl Filter {
    fn matches(&self, entry: &Entry) -> bool {
        let fault = entry.fault.get();
        let matches_fault = match self.fault {
            None => true,
            Some(FaultFilter::Any) => fault.is_some(),
            Some(FaultFilter::Number(number)) => fault == Some(&number),
        };
        matches_fault && self.pattern.matches(entry)
    }

    /// Returns whether the filter depends on a response that has not been sent yet.
    fn is_pending(&self, entry: &Entry) -> bool {
        let depends_on_response = self.pattern.status.is_some() || self.fault.is_some();
        depends_on_response && entry.response().is_none() && !self.matches(entry)
    }

    /// Returns the matching requests after the one with the number `since`, and the number to continue from. A pending
    /// request ends the selection, so that a later call does not miss it.
    fn select<'v>(&self, view: &'v View, since: u64) -> (Vec<&'v Arc<Entry>>, u64) {
        let mut selected = Vec::new();
        for entry in view.since(since) {
            if selected.len() == self.limit || self.is_pending(entry) {
                return (selected, entry.number - 1);
            }
            if self.matches(entry) {
                selected.push(entry);
            }
        }
        (selected, view.last)
    }

    fn list(&self, space: &Space, since: u64) -> RequestList {
        let view = space.journal.view();
        let (selected, last) = self.select(&view, since);
        let requests = selected.into_iter();
        RequestList {
            requests: requests
                .map(|entry| JournalEntry::new(&space.name, entry, self.secrets))
                .collect(),
            last: Some(last),
            dropped: view.dropped,
        }
    }

    /// Lists the requests of several spaces in the order of their arrival on the monotonic clock.
    fn list_all(&self, spaces: &[Arc<Space>]) -> RequestList {
        let views = spaces.iter().map(|space| (space, space.journal.view()));
        let views: Vec<_> = views.collect();
        let selected = views.iter().flat_map(|(space, view)| {
            let entries = view.entries.iter().filter(|entry| self.matches(entry));
            entries.map(|entry| (&space.name, entry))
        });
        let mut selected: Vec<_> = selected.collect();
        selected.sort_by_key(|(_, entry)| entry.started);
        let requests = selected.into_iter().take(self.limit);
        RequestList {
            requests: requests
                .map(|(space, entry)| JournalEntry::new(space, entry, self.secrets))
                .collect(),
            last: None,
            dropped: views.iter().map(|(_, view)| view.dropped).sum(),
        }
    }

    /// Waits until a matching request has been answered.
    async fn wait(&self, journal: &Journal, since: u64, timeout: Duration) {
        let end = Instant::now() + timeout;
        let mut changes = journal.changes();
        while !self.has_response(&journal.view(), since) {
            if !matches!(timeout_at(end, changes.changed()).await, Ok(Ok(()))) {
                return;
            }
        }
    }

    fn has_response(&self, view: &View, since: u64) -> bool {
        let (selected, _) = self.select(view, since);
        selected.into_iter().any(|entry| entry.response().is_some())
    }
}

#[cfg(test)]
pub(super) mod describe {
    use super::{FaultFilter, RequestList, RequestsParameters};
    use crate::control::openapi::Operation;

    impl schemars::JsonSchema for FaultFilter {
        fn inline_schema() -> bool {
            true
        }

        fn schema_name() -> std::borrow::Cow<'static, str> {
            "FaultFilter".into()
        }

        fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
            schemars::json_schema!({
                "anyOf": [
                    { "type": "integer", "minimum": 0, "maximum": u64::MAX },
                    { "type": "string", "const": "any" },
                ],
            })
        }
    }

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
