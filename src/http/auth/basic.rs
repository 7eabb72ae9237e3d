//! HTTP Basic authentication.

use std::{fmt, mem, str::FromStr, sync::Arc, time::Instant};

use axum::http::{HeaderMap, header};
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use subtle::{Choice, ConstantTimeEq};
use uuid::Uuid;

use super::Sessions;
use crate::{http::rejection::Rejection, store::Store};

/// The encoding of credentials. Clients may omit the padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The maximum length of a user name that is kept whole, in bytes.
const MAX_NAME_BYTES: usize = 256;

/// The credentials that a client of the API needs.
#[derive(Clone, Debug, Default)]
pub(crate) enum Authentication {
    /// Any user name with any password.
    #[default]
    AnyUser,
    /// The credentials of one of these users.
    Users(Vec<Credentials>),
    /// The credentials of one of these users, or of one in the store of the space.
    Store(Vec<Credentials>, SignIn),
    /// None.
    Disabled,
}

/// Finds out whether a user of a store can sign in with a name and a password.
pub(crate) type SignIn = fn(&Store, name: &str, password: &str) -> bool;

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

    /// Parses `NAME:PASSWORD`. The name may not be empty.
    fn parse(mut text: String) -> Option<Self> {
        let colon = text.find(':').filter(|&colon| colon > 0)?;
        let password = text.split_off(colon + 1);
        text.pop();
        Some(Self::new(text, password))
    }
}

/// Compares both name and password in any case. The time depends only on their lengths.
impl ConstantTimeEq for Credentials {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.name.as_bytes().ct_eq(other.name.as_bytes())
            & self.password.as_bytes().ct_eq(other.password.as_bytes())
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
        Self::parse(text.to_owned()).ok_or("expected NAME:PASSWORD")
    }
}

impl Authentication {
    /// Adds a user that can sign in.
    pub(crate) fn add(&mut self, user: Credentials) {
        match self {
            Self::Users(users) | Self::Store(users, _) => users.push(user),
            Self::AnyUser | Self::Disabled => *self = Self::Users(vec![user]),
        }
    }

    /// Lets the users of the store sign in, too.
    pub(crate) fn add_store(&mut self, can_sign_in: SignIn) {
        let users = match mem::take(self) {
            Self::Users(users) | Self::Store(users, _) => users,
            Self::AnyUser | Self::Disabled => Vec::new(),
        };
        *self = Self::Store(users, can_sign_in);
    }

    /// Returns the name of the user, from the credentials of the request, or else from its session. Without
    /// authentication, a request without credentials has the empty name. A session keeps the name, so a long one is
    /// shortened. `store_of` returns the store of the space in which a user works.
    pub(in crate::http) fn user(
        &self,
        headers: &HeaderMap,
        sessions: &Sessions,
        store_of: impl Fn(&str) -> Arc<Store>,
    ) -> Result<String, Rejection> {
        let user = if headers.contains_key(header::AUTHORIZATION) {
            let credentials = basic_credentials(headers);
            credentials
                .filter(|credentials| self.accepts(credentials, store_of))
                .map(|credentials| shorten_name(credentials.name))
        } else {
            sessions.user(headers, Instant::now())
        };
        match self {
            Self::Disabled => Ok(user.unwrap_or_default()),
            Self::AnyUser | Self::Users(_) | Self::Store(..) => {
                user.ok_or_else(Rejection::unauthorized)
            }
        }
    }

    /// Compares with all users, so that the time does not depend on the one that matches.
    fn accepts(&self, credentials: &Credentials, store_of: impl Fn(&str) -> Arc<Store>) -> bool {
        let (users, can_sign_in) = match self {
            Self::AnyUser | Self::Disabled => return true,
            Self::Users(users) => (users, None),
            Self::Store(users, can_sign_in) => (users, Some(can_sign_in)),
        };
        let is_known: bool = users
            .iter()
            .map(|user| user.ct_eq(credentials))
            .fold(Choice::from(0), |found, is_equal| found | is_equal)
            .into();
        is_known
            || can_sign_in.is_some_and(|can_sign_in| {
                let Credentials { name, password } = credentials;
                can_sign_in(&store_of(name), name, password)
            })
    }
}

/// Returns the credentials of a request, if they are well-formed.
fn basic_credentials(headers: &HeaderMap) -> Option<Credentials> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = BASE64.decode(encoded.trim()).ok()?;
    // Many clients send ISO-8859-1 instead of UTF-8.
    let text = String::from_utf8(decoded)
        .unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect());
    Credentials::parse(text)
}

/// Shortens a long name to its beginning and a digest, so that it still differs from all others. It stays longer than the
/// names that are kept whole.
fn shorten_name(name: String) -> String {
    if name.len() <= MAX_NAME_BYTES {
        return name;
    }
    let digest = Uuid::new_v5(&Uuid::nil(), name.as_bytes());
    let mut ends = (0..=MAX_NAME_BYTES).rev();
    let beginning = ends.find_map(|end| name.get(..end));
    format!("{}…{digest}", beginning.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_shortened_and_stay_different() {
        let name = |length| "é".repeat(length / 2);
        assert_eq!(shorten_name(name(MAX_NAME_BYTES)), name(MAX_NAME_BYTES));
        let long = name(40_000);
        let [one, other] = ["1", "2"].map(|end| shorten_name(format!("x{long}{end}")));
        assert_ne!(one, other);
        assert!((MAX_NAME_BYTES + 1..300).contains(&one.len()), "{one}");
        assert_ne!(shorten_name(one.clone()), one);
    }
}
