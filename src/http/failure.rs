//! What the vendor's own failures look like, when a fault asks for them.

use axum::http::StatusCode;

use super::{Answer, Reply, envelope::page};
use crate::{
    engine::{Error, Refusal},
    faults::{Failure, HTML},
    schema::Provenance,
};

/// A page such as a proxy or another application of the appliance shows in the place of an answer.
const LOGIN_PAGE: &str = "<html><head><title>Cisco Unity Connection</title></head><body>\
    <form method=\"post\" action=\"j_security_check\">\
    <input type=\"text\" name=\"j_username\"/><input type=\"password\" name=\"j_password\"/>\
    <input type=\"submit\" value=\"Sign in\"/></form></body></html>";

/// What a request that met this failure is answered with.
pub(super) fn reply(failure: Failure) -> Reply {
    match failure {
        Failure::Busy => refused(
            Refusal::Unavailable,
            Provenance::Documented,
            "The server is busy: too many requests are in flight",
        ),
        Failure::LockedOut => refused(
            Refusal::Unauthorized,
            Provenance::Inferred,
            "The account is locked out after too many failed attempts to sign in.",
        ),
        Failure::ReadOnly => refused(
            Refusal::Forbidden,
            Provenance::Documented,
            "The server takes no changes: its data are read-only",
        ),
        Failure::Tomcat => shown(
            StatusCode::INTERNAL_SERVER_ERROR,
            Provenance::Client,
            page(
                StatusCode::INTERNAL_SERVER_ERROR,
                "Internal Server Error",
                "The server encountered an internal error that prevented it from fulfilling this request.",
            ),
        ),
        Failure::LoginPage => shown(StatusCode::OK, Provenance::Inferred, LOGIN_PAGE.to_owned()),
    }
}

fn refused(refusal: Refusal, provenance: Provenance, message: &str) -> Reply {
    let message = message.to_owned();
    Reply::from(Error {
        refusal,
        message,
        provenance,
    })
}

fn shown(status: StatusCode, provenance: Provenance, page: String) -> Reply {
    let answer = Answer::Other(status, HTML, page.into());
    Reply::new(provenance, Ok(answer))
}
