//! HTTP Basic authentication.

use std::{fmt, str::FromStr, time::Instant};

use axum::http::{HeaderMap, header};
use base64::{Engine, prelude::BASE64_STANDARD};

use super::{Sessions, secret::is_same};
use crate::engine::Error;

/// Who may sign in.
#[derive(Clone, Debug, Default)]
pub(crate) enum SignIn {
    /// Whoever gives a name and a password.
    #[default]
    Anybody,
    /// These, and nobody else.
    Only(Vec<Credentials>),
    /// No credentials are asked for.
    Open,
}

/// A user name with its password, written `NAME:PASSWORD`.
#[derive(Clone)]
pub(crate) struct Credentials {
    name: String,
    password: String,
}

impl Credentials {
    pub(crate) fn new(name: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            password: password.into(),
        }
    }

    /// Reads `NAME:PASSWORD`.
    fn read(mut text: String) -> Option<Self> {
        let colon = text.find(':').filter(|&colon| colon > 0)?;
        let password = text.split_off(colon + 1);
        text.pop();
        Some(Self::new(text, password))
    }

    fn are(&self, other: &Self) -> bool {
        self.name == other.name && is_same(&self.password, &other.password)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:…", self.name)
    }
}

impl FromStr for Credentials {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::read(text.to_owned()).ok_or("expected NAME:PASSWORD")
    }
}

impl SignIn {
    /// The name of the user whose request this is, by its credentials, or else by its session.
    /// Where nobody is asked, a request without credentials is nobody's.
    pub(super) fn user(&self, headers: &HeaderMap, sessions: &Sessions) -> Result<String, Error> {
        let user = if headers.contains_key(header::AUTHORIZATION) {
            let given = basic(headers).filter(|given| self.lets_in(given));
            given.map(|given| given.name)
        } else {
            sessions.user(headers, Instant::now())
        };
        match self {
            Self::Open => Ok(user.unwrap_or_default()),
            Self::Anybody | Self::Only(_) => user.ok_or_else(Error::unauthorized),
        }
    }

    fn lets_in(&self, given: &Credentials) -> bool {
        let Self::Only(users) = self else {
            return true;
        };
        // All are compared, so that the time does not tell which one it was.
        let right = users.iter().filter(|user| user.are(given));
        right.count() > 0
    }
}

/// The credentials that a request carries, if they are well formed.
fn basic(headers: &HeaderMap) -> Option<Credentials> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = BASE64_STANDARD.decode(encoded.trim()).ok()?;
    // What is not UTF-8 is ISO-8859-1, which many clients send.
    let text = String::from_utf8(decoded)
        .unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect());
    Credentials::read(text)
}
