//! The vendor's own failures, as faults request them.

use axum::http::StatusCode;

use crate::{
    http::{
        rejection::{Rejection, RejectionKind},
        response::{BY_FAULT, HTML, Outcome, Payload, error_page},
    },
    schema::Provenance,
};

/// A page that a proxy or another application of the appliance shows in place of a response.
const LOGIN_PAGE: &str = "<html><head><title>Cisco Unity Connection</title></head><body>\
    <form method=\"post\" action=\"j_security_check\">\
    <input type=\"text\" name=\"j_username\"/><input type=\"password\" name=\"j_password\"/>\
    <input type=\"submit\" value=\"Sign in\"/></form></body></html>";

/// Returns the outcome of a request to an overloaded server.
pub(super) fn busy() -> Outcome {
    rejected(
        RejectionKind::Unavailable,
        Provenance::Documented,
        "The server is busy: too many requests are in flight",
    )
}

pub(super) fn locked_out() -> Outcome {
    rejected(
        RejectionKind::Unauthorized,
        Provenance::Inferred,
        "The account is locked out after too many failed attempts to sign in.",
    )
}

pub(super) fn read_only() -> Outcome {
    rejected(
        RejectionKind::Forbidden,
        Provenance::Documented,
        "The server takes no changes: its data are read-only",
    )
}

/// Returns the error page of the servlet container.
pub(super) fn tomcat_error() -> Outcome {
    let page = page(
        StatusCode::INTERNAL_SERVER_ERROR,
        error_page(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Internal Server Error",
            "The server encountered an internal error that prevented it from fulfilling this request.",
        ),
    );
    Outcome::success(Provenance::Client, page)
}

pub(super) fn login_page() -> Outcome {
    Outcome::inferred(BY_FAULT, page(StatusCode::OK, LOGIN_PAGE.to_owned()))
}

fn rejected(kind: RejectionKind, provenance: Provenance, message: &'static str) -> Outcome {
    Rejection::new(kind, provenance, message).into()
}

fn page(status: StatusCode, page: String) -> Payload {
    Payload::Raw {
        status,
        content_type: HTML,
        body: page.into(),
    }
}
