//! Verification of the requests that a client has sent.

use std::time::Duration;

use axum::{
    Extension, Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use super::{ApiError, ApiResult, JsonBody, Query, SpaceParameter};
use crate::{
    http::StateExtension,
    journal::{self, Count, RequestPattern, Verification, VerificationFailure},
    values::{Integer, Object, object},
};

/// The longest that a verification can wait, in milliseconds.
const MAX_WAIT_MS: u64 = 60_000;
/// The maximum number of patterns in `after`.
const MAX_STEPS: usize = 100;

/// A number of requests.
type RequestCount = Integer<0, { u64::MAX }>;

/// Expected requests: at least one, unless one of `exactly`, `at_least`, `at_most` and `never` is given.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(transform = describe::alternatives))]
pub(super) struct VerificationRequest {
    /// The requests to count.
    #[serde(deserialize_with = "object")]
    requests: RequestPattern,
    /// Exactly this many.
    exactly: Option<RequestCount>,
    /// This many or more.
    at_least: Option<RequestCount>,
    /// This many or fewer.
    at_most: Option<RequestCount>,
    /// No request; `false` is not accepted.
    #[cfg_attr(test, schemars(extend("const" = true)))]
    never: Option<bool>,
    /// Only requests after a sequence of requests that match these patterns, in this order.
    #[cfg_attr(test, schemars(length(max = MAX_STEPS)))]
    after: Option<Vec<Object<RequestPattern>>>,
    /// Wait at most this long for the expectation to be met, in milliseconds.
    within_ms: Option<Integer<0, MAX_WAIT_MS>>,
}

/// The result of a successful verification.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct VerificationSuccess {
    #[cfg_attr(test, schemars(extend("const" = true)))]
    verified: bool,
    /// The number of matching requests.
    found: u64,
}

/// The result of a failed verification.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct VerificationReport {
    #[cfg_attr(test, schemars(extend("const" = false)))]
    verified: bool,
    #[serde(flatten)]
    failure: VerificationFailure,
}

/// `POST /__mock/requests/verify`
pub(super) async fn verify(
    Extension(server): StateExtension,
    Query(scope): Query<SpaceParameter>,
    JsonBody(request): JsonBody<VerificationRequest>,
) -> ApiResult<Response> {
    let space = scope.space.one(&server.spaces)?;
    let verification = Verification::try_from(request)?;
    let result = journal::verify(&space.journal, &verification).await;
    Ok(match result {
        Ok(found) => Json(VerificationSuccess {
            verified: true,
            found,
        })
        .into_response(),
        Err(failure) => {
            let report = VerificationReport {
                verified: false,
                failure,
            };
            (StatusCode::CONFLICT, Json(report)).into_response()
        }
    })
}

impl TryFrom<VerificationRequest> for Verification {
    type Error = ApiError;

    fn try_from(request: VerificationRequest) -> ApiResult<Self> {
        let count = request.count()?;
        let steps = request.after.unwrap_or_default();
        if steps.len() > MAX_STEPS {
            return Err(ApiError::bad_request(format!(
                "after has {} patterns, expected at most {MAX_STEPS}",
                steps.len()
            )));
        }
        let mut verification = Self::from(request.requests);
        if let Some(count) = count {
            verification = verification.with_count(count);
        }
        for Object(step) in steps {
            verification = verification.after(step);
        }
        if let Some(time) = request.within_ms {
            verification = verification.within(Duration::from_millis(time.get()));
        }
        Ok(verification)
    }
}

impl VerificationRequest {
    fn count(&self) -> ApiResult<Option<Count>> {
        if self.never == Some(false) {
            return Err(ApiError::bad_request("never is false, expected true"));
        }
        let counts = [
            self.exactly.map(|count| Count::Exactly(count.get())),
            self.at_least.map(|count| Count::AtLeast(count.get())),
            self.at_most.map(|count| Count::AtMost(count.get())),
            self.never.map(|_| Count::AtMost(0)),
        ];
        let mut counts = counts.into_iter().flatten();
        let count = counts.next();
        if counts.next().is_some() {
            return Err(ApiError::bad_request(
                "the body: found several counts, expected at most one of exactly, at_least, at_most, never",
            ));
        }
        Ok(count)
    }
}

#[cfg(test)]
pub(super) mod describe {
    use serde_json::json;

    use super::{VerificationReport, VerificationRequest, VerificationSuccess};
    use crate::{control::openapi::Operation, values::schema::set_alternatives};

    /// Describes that at most one count can be given.
    pub(super) fn alternatives(schema: &mut schemars::Schema) {
        const COUNTS: [&str; 4] = ["exactly", "at_least", "at_most", "never"];
        let others = |count| COUNTS.into_iter().filter(move |other| *other != count);
        let others = COUNTS.map(|count| others(count).collect::<Vec<_>>());
        let mut alternatives = vec![(&[][..], &COUNTS[..])];
        for (count, others) in COUNTS.chunks(1).zip(&others) {
            alternatives.push((count, others));
        }
        set_alternatives(schema, &alternatives);
    }

    pub(in crate::control) fn verify() -> Operation {
        Operation::new(
            "journal",
            "verifyRequests",
            "Verify the requests of a client",
        )
        .space()
        .json_body::<VerificationRequest>(&[
            (
                "a service was created once",
                json!({
                    "requests": { "method": "POST", "path": "externalservices", "status": 201 },
                    "exactly": 1,
                }),
            ),
            (
                "nothing was deleted",
                json!({ "requests": { "method": "DELETE" }, "never": true }),
            ),
        ])
        .json::<VerificationSuccess>(200, "The expectation is met.")
        .json::<VerificationReport>(409, "The expectation is not met, with the reason.")
        .error(503, "The server is shutting down and no longer waits.")
    }
}
