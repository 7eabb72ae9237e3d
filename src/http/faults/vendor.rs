//! The vendor's own failures, as faults request them.

use axum::http::StatusCode;

use crate::{
    faults::Effect,
    http::{
        rejection::{Rejection, RejectionKind},
        response::{HTML, Outcome, Payload, error_page},
    },
    schema::Provenance,
};

/// A page that a proxy or another application of the appliance shows in place of a response.
const LOGIN_PAGE: &str = "<html><head><title>Cisco Unity Connection</title></head><body>\
    <form method=\"post\" action=\"j_security_check\">\
    <input type=\"text\" name=\"j_username\"/><input type=\"password\" name=\"j_password\"/>\
    <input type=\"submit\" value=\"Sign in\"/></form></body></html>";

/// Returns the outcome of a request with this effect, if it is one of the vendor's failures.
pub(super) fn outcome(effect: &Effect) -> Option<Outcome> {
    let outcome = match effect {
        Effect::Busy | Effect::Throttle { .. } => rejected(
            RejectionKind::Unavailable,
            Provenance::Documented,
            "The server is busy: too many requests are in flight",
        ),
        Effect::LockedOut => rejected(
            RejectionKind::Unauthorized,
            Provenance::Inferred,
            "The account is locked out after too many failed attempts to sign in.",
        ),
        Effect::ReadOnly => rejected(
            RejectionKind::Forbidden,
            Provenance::Documented,
            "The server takes no changes: its data are read-only",
        ),
        Effect::TomcatError => page(
            StatusCode::INTERNAL_SERVER_ERROR,
            Provenance::Client,
            error_page(
                StatusCode::INTERNAL_SERVER_ERROR,
                "Internal Server Error",
                "The server encountered an internal error that prevented it from fulfilling this request.",
            ),
        ),
        Effect::LoginPage => page(StatusCode::OK, Provenance::Inferred, LOGIN_PAGE.to_owned()),
        _ => return None,
    };
    Some(outcome)
}

fn rejected(kind: RejectionKind, provenance: Provenance, message: &str) -> Outcome {
    Rejection::new(kind, provenance, message).into()
}

fn page(status: StatusCode, provenance: Provenance, page: String) -> Outcome {
    let payload = Payload::Raw {
        status,
        content_type: HTML,
        body: page.into(),
    };
    Outcome::success(provenance, payload)
}
