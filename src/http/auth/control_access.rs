//! Access to the control plane.

use std::{fmt, net::IpAddr};

use axum::http::{HeaderMap, HeaderValue, header, request::Parts};
use subtle::ConstantTimeEq;

use super::{ServerNames, web_page};
use crate::http::base_uri::BaseUri;

/// The requests that may use the protected part of the control plane. None of them may come from a page of another
/// origin.
#[derive(Clone, Default)]
pub(crate) enum ControlAccess {
    /// Requests to a name of the server, because only this machine can connect.
    #[default]
    Loopback,
    /// Requests to a name of the server, to an address, or to a container.
    Open,
    /// Requests with this token.
    Token(String),
    /// None, because the server listens on this address, which other machines can reach.
    Closed(IpAddr),
}

/// The reason for which a request may not use the control plane.
#[derive(Debug)]
pub(crate) enum AccessDenial {
    /// The request is forbidden, for this reason.
    Forbidden(String),
    /// The token is missing or wrong, as this text describes.
    Token(&'static str),
}

impl ControlAccess {
    /// Returns the access to a server that listens on this address.
    pub(crate) fn listening_on(self, address: IpAddr) -> Self {
        match self {
            Self::Loopback if !address.to_canonical().is_loopback() => Self::Closed(address),
            access => access,
        }
    }

    /// Returns the reason for which the control plane is closed, if it is.
    pub(crate) fn closed(&self) -> Option<String> {
        let Self::Closed(address) = self else {
            return None;
        };
        Some(format!(
            "the control plane is closed, because the server listens on {address}, which is not \
             loopback: give it a token (--control-token), or open it to all (--control open)"
        ))
    }

    /// Checks whether a request with this base may use the control plane of a server with these names.
    pub(in crate::http) fn check(
        &self,
        request: &Parts,
        base: &BaseUri<'_>,
        names: &ServerNames,
    ) -> Result<(), AccessDenial> {
        if let Some(reason) = self.closed() {
            return Err(AccessDenial::Forbidden(reason));
        }
        if let Self::Token(token) = self {
            check_token(token, &request.headers)?;
            return web_page::check_origin(request, base).map_err(AccessDenial::Forbidden);
        }
        web_page::check_host(request, names, matches!(self, Self::Open))
            .and_then(|()| web_page::check_origin(request, base))
            .and_then(|()| web_page::check_site(&request.headers))
            .map_err(AccessDenial::Forbidden)
    }
}

fn check_token(token: &str, headers: &HeaderMap) -> Result<(), AccessDenial> {
    let sent = headers.get(header::AUTHORIZATION).and_then(bearer_token);
    match sent {
        // The time depends only on the lengths.
        Some(sent) if sent.ct_eq(token.as_bytes()).into() => Ok(()),
        Some(_) => Err(AccessDenial::Token("another token")),
        None => Err(AccessDenial::Token("no token")),
    }
}

impl fmt::Debug for ControlAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Loopback => "Loopback",
            Self::Open => "Open",
            Self::Token(_) => "Token(…)",
            Self::Closed(_) => "Closed",
        })
    }
}

fn bearer_token(value: &HeaderValue) -> Option<&[u8]> {
    let (scheme, token) = value.as_bytes().split_at_checked("Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(token)
}
