//! Outcomes that a fault puts in place of the handler's.

use axum::http::StatusCode;
use bytes::Bytes;

use super::vendor;
use crate::{
    faults::{CustomResponse, Effect, Injection},
    http::response::{Outcome, Payload, TEXT},
    schema::Provenance,
};

/// The outcome that a fault puts in place of the handler's, if any.
#[derive(Default)]
pub(in crate::http) struct Replacement {
    /// Its outcome if the fault prevents the call of the handler.
    pub(in crate::http) before: Option<Outcome>,
    /// Its outcome if the fault applies after the handler.
    pub(in crate::http) after: Option<Outcome>,
}

/// Returns the replacement for the outcome of a request.
pub(in crate::http) fn replacement(injection: &Injection, is_api: bool) -> Replacement {
    let mut replacement = Replacement::default();
    let hit = injection.hit.as_ref();
    if let Some((_, fault)) = hit
        && let Some(effect) = fault
            .effect
            .as_ref()
            .filter(|effect| effect.replaces_response())
    {
        let outcome = outcome(effect, is_api);
        if fault.handled {
            replacement.after = Some(outcome);
        } else {
            replacement.before = Some(outcome);
        }
    }
    replacement
}

fn outcome(effect: &Effect, is_api: bool) -> Outcome {
    match effect {
        Effect::Answer(response) => custom(response, is_api),
        // Effects other than the vendor's failures send nothing.
        effect => vendor::outcome(effect)
            .unwrap_or_else(|| Outcome::outside_api(raw(StatusCode::OK, Bytes::new()))),
    }
}

/// Returns the outcome of the user's own response. [`super::apply`] sets its headers.
fn custom(response: &CustomResponse, is_api: bool) -> Outcome {
    let response = response
        .response()
        .expect("checked when the fault was created");
    let payload = raw(response.status(), response.into_body());
    if is_api {
        Outcome::success(Provenance::Inferred, payload)
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
