//! Who may use the control plane.

use std::{fmt, net::IpAddr};

use axum::http::{HeaderMap, HeaderValue, header};

use super::secret::is_same;

/// Who may use the control plane, but for what is open to all.
#[derive(Clone, Default)]
pub(crate) enum Access {
    /// Whoever reaches it, where only this machine can.
    #[default]
    Loopback,
    /// Whoever reaches it.
    Open,
    /// Whoever has the token.
    Token(String),
    /// Nobody: the server listens on this address, which others can reach.
    Closed(IpAddr),
}

/// Why somebody may not use it.
#[derive(Debug)]
pub(crate) enum Denied {
    /// Nobody may, for this reason.
    Closed(String),
    /// This was found in the place of the token.
    Token(&'static str),
}

impl Access {
    /// The same, for a server that listens on this address.
    pub(crate) fn listening_on(self, address: IpAddr) -> Self {
        match self {
            Self::Loopback if !address.to_canonical().is_loopback() => Self::Closed(address),
            access => access,
        }
    }

    /// Why nobody may use it, in a sentence, if that is so.
    pub(crate) fn closed(&self) -> Option<String> {
        let Self::Closed(address) = self else {
            return None;
        };
        Some(format!(
            "the control plane is closed, because the server listens on {address}, which is not \
             loopback: give it a token (--control-token), or open it to all (--control open)"
        ))
    }

    /// Whether a request with these headers is let in.
    pub(crate) fn check(&self, headers: &HeaderMap) -> Result<(), Denied> {
        if let Some(reason) = self.closed() {
            return Err(Denied::Closed(reason));
        }
        let Self::Token(token) = self else {
            return Ok(());
        };
        let given = headers.get(header::AUTHORIZATION).and_then(bearer);
        match given {
            Some(given) if is_same(given, token) => Ok(()),
            Some(_) => Err(Denied::Token("another token")),
            None => Err(Denied::Token("no token")),
        }
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Loopback => "Loopback",
            Self::Open => "Open",
            Self::Token(_) => "Token(…)",
            Self::Closed(_) => "Closed",
        })
    }
}

fn bearer(value: &HeaderValue) -> Option<&[u8]> {
    let (scheme, token) = value.as_bytes().split_at_checked("Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(token)
}
