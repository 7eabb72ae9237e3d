//! Hides secrets from readers of the journal. In doubt, more is hidden.

mod body;
mod names;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub(super) use body::contains_secret;

use super::Entry;

/// The replacement for a secret.
pub(crate) const MASK: &str = "[redacted]";

/// The visibility of secrets to a reader of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secrets {
    Hidden,
    Shown,
}

/// True if a field, or a parameter of a query, with this name is a secret.
pub(crate) fn is_secret(name: &str) -> bool {
    names::is_secret(name)
}

/// True if the value of a header with this name contains secrets.
pub(crate) fn is_secret_header(name: &str) -> bool {
    const PARTS: [&str; 5] = ["authorization", "cookie", "token", "key", "secret"];
    let name = name.to_ascii_lowercase();
    let mut parts = name.split(['-', '_']);
    parts.any(|part| PARTS.contains(&part.trim_end_matches(char::is_numeric)))
        || names::is_secret(&name)
}

impl Secrets {
    pub(super) fn query(self, query: &str) -> Cow<'_, str> {
        match self {
            Self::Hidden => without_secrets(query),
            Self::Shown => Cow::Borrowed(query),
        }
    }

    /// Returns the value of the header `name`, which is in lower case.
    pub(super) fn header<'a>(self, name: &str, value: &'a [u8]) -> Cow<'a, str> {
        let value = String::from_utf8_lossy(value);
        if self == Self::Shown {
            return value;
        }
        match name {
            "authorization" | "proxy-authorization" => Cow::Owned(credentials(&value)),
            "cookie" => Cow::Owned(cookies(&value)),
            "set-cookie" => Cow::Owned(set_cookie(&value)),
            // The values are URLs, which may contain queries.
            "location" | "content-location" | "referer" => {
                Cow::Owned(without_secrets(&value).into_owned())
            }
            name if is_secret_header(name) => Cow::Borrowed(MASK),
            _ => value,
        }
    }

    pub(super) fn body(self, entry: &Entry) -> Cow<'_, [u8]> {
        match self {
            Self::Shown => Cow::Borrowed(entry.body()),
            Self::Hidden if is_compressed(entry) => Cow::Borrowed(MASK.as_bytes()),
            Self::Hidden => Cow::Owned(body::redacted(entry.body())),
        }
    }
}

/// Returns a query string, or a text that may contain one, up to the first name of a secret.
pub(crate) fn without_secrets(query: &str) -> Cow<'_, str> {
    match names::hidden_from_word(query) {
        Some(end) => Cow::Owned(format!("{}{MASK}", &query[..end])),
        None => Cow::Borrowed(query),
    }
}

/// True if the body of this request contains a secret.
pub(super) fn has_secrets(entry: &Entry) -> bool {
    *Secrets::Hidden.body(entry) != *entry.body()
}

/// True if the body is compressed, so that its secrets cannot be found.
fn is_compressed(entry: &Entry) -> bool {
    let mut headers = entry.headers();
    let is_coding = |value: &[u8]| !value.trim_ascii().eq_ignore_ascii_case(b"identity");
    !entry.body().is_empty()
        && headers.any(|(name, value)| name == "content-encoding" && is_coding(value))
}

/// Returns the scheme of credentials, if it is a known one, and the mask.
fn credentials(value: &str) -> String {
    const SCHEMES: [&str; 6] = ["basic", "bearer", "digest", "negotiate", "ntlm", "hawk"];
    let scheme = value.split_once(' ').map(|(scheme, _)| scheme);
    match scheme.filter(|scheme| SCHEMES.contains(&scheme.to_ascii_lowercase().as_str())) {
        Some(scheme) => format!("{scheme} {MASK}"),
        None => MASK.to_owned(),
    }
}

fn cookies(value: &str) -> String {
    let cookies: Vec<_> = value
        .split(';')
        .map(|cookie| masked_cookie(cookie.trim()))
        .collect();
    cookies.join("; ")
}

fn set_cookie(value: &str) -> String {
    const ATTRIBUTES: [&str; 7] = [
        "domain", "expires", "httponly", "max-age", "path", "samesite", "secure",
    ];
    let mut parts = value.split(';').map(str::trim);
    let mut shown = vec![masked_cookie(parts.next().unwrap_or_default())];
    shown.extend(parts.map(|part| {
        let name = part.split('=').next().unwrap_or_default();
        if ATTRIBUTES.contains(&name.trim().to_ascii_lowercase().as_str()) {
            part.to_owned()
        } else {
            MASK.to_owned()
        }
    }));
    shown.join("; ")
}

/// Returns a cookie without its value.
fn masked_cookie(cookie: &str) -> String {
    match cookie.split_once('=') {
        Some((name, _)) => format!("{name}={MASK}"),
        None => MASK.to_owned(),
    }
}
