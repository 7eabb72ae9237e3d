//! The outcome of a request that meets a fault.

use axum::http::StatusCode;
use bytes::Bytes;

use super::vendor;
use crate::{
    faults::{CustomResponse, Effect, Injection},
    http::response::{BY_FAULT, Outcome, Payload, TEXT},
};

/// The outcome that a fault puts in place of the handler's, if any.
#[derive(Default)]
pub(in crate::http) struct FaultOutcome {
    /// The outcome if the handler is not called.
    pub(in crate::http) instead_of_handler: Option<Outcome>,
    /// The outcome if the handler is called first.
    pub(in crate::http) after_handler: Option<Outcome>,
}

/// Returns the outcome that a fault puts in place of the handler's.
pub(in crate::http) fn outcome(injection: &Injection, is_api: bool) -> FaultOutcome {
    let mut fault_outcome = FaultOutcome::default();
    let hit = injection.hit.as_ref();
    if let Some((_, fault)) = hit
        && let Some(effect) = &fault.effect
        && let Some(outcome) = effect_outcome(effect, is_api)
    {
        if fault.handled {
            fault_outcome.after_handler = Some(outcome);
        } else {
            fault_outcome.instead_of_handler = Some(outcome);
        }
    }
    fault_outcome
}

/// Returns the outcome that an effect puts in place of the handler's, if it replaces the response.
fn effect_outcome(effect: &Effect, is_api: bool) -> Option<Outcome> {
    match effect {
        // Nothing of this outcome is sent.
        Effect::NoAnswer | Effect::Reset | Effect::Close => {
            Some(Outcome::outside_api(raw(StatusCode::OK, Bytes::new())))
        }
        Effect::Busy | Effect::Throttle { .. } => Some(vendor::busy()),
        Effect::LockedOut => Some(vendor::locked_out()),
        Effect::ReadOnly => Some(vendor::read_only()),
        Effect::TomcatError => Some(vendor::tomcat_error()),
        Effect::LoginPage => Some(vendor::login_page()),
        Effect::Answer(response) => Some(custom(response, is_api)),
        Effect::Cut { .. } | Effect::Dribble { .. } | Effect::MalformedChunk => None,
        Effect::ContentType(_) | Effect::Truncate => None,
    }
}

/// Returns the outcome of the user's own response. `apply` sets its headers.
fn custom(response: &CustomResponse, is_api: bool) -> Outcome {
    let response = response
        .response()
        .expect("checked when the fault was created");
    let payload = raw(response.status(), response.into_body());
    if is_api {
        Outcome::inferred(BY_FAULT, payload)
    } else {
        Outcome::outside_api(payload)
    }
}

fn raw(status: StatusCode, body: Bytes) -> Payload {
    Payload::Raw {
        status,
        content_type: TEXT,
        body,
    }
}
