//! Hides secrets from readers of the journal and of the log. In doubt, more is hidden.

mod body;
mod headers;
mod names;
#[cfg(test)]
mod tests;
mod text;
mod url;

use std::borrow::Cow;

pub(crate) use names::{MASK, is_secret};
pub(crate) use text::holds_secret;
pub(crate) use url::path_without_secrets;

use super::Entry;

/// The visibility of secrets to a reader of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secrets {
    Hidden,
    Shown,
}

impl Secrets {
    pub(super) fn path(self, path: &str) -> Cow<'_, str> {
        match self {
            Self::Hidden => path_without_secrets(path),
            Self::Shown => Cow::Borrowed(path),
        }
    }

    pub(super) fn query(self, query: &str) -> Cow<'_, str> {
        match self {
            Self::Hidden => Cow::Owned(url::query_without_secrets(query)),
            Self::Shown => Cow::Borrowed(query),
        }
    }

    /// Returns the value of the header `name`, which is in lower case.
    pub(super) fn header<'a>(self, name: &str, value: &'a [u8]) -> Cow<'a, str> {
        let value = String::from_utf8_lossy(value);
        match self {
            Self::Hidden => headers::header_without_secrets(name, value),
            Self::Shown => value,
        }
    }

    pub(super) fn body(self, entry: &Entry) -> Cow<'_, [u8]> {
        let body = entry.body();
        match (self, entry.body_bytes) {
            (Self::Shown, _) | (_, None | Some(0)) => Cow::Borrowed(body),
            (_, Some(bytes)) if is_compressed(entry) => {
                Cow::Owned(body::hidden("it is compressed", bytes))
            }
            (_, Some(bytes)) if entry.is_body_cut() => {
                Cow::Owned(body::hidden("the journal keeps only its beginning", bytes))
            }
            _ => Cow::Owned(body::redacted(body)),
        }
    }
}

/// True if the body is compressed, so that its secrets cannot be found.
fn is_compressed(entry: &Entry) -> bool {
    let mut headers = entry.headers();
    let is_coding = |value: &[u8]| !value.trim_ascii().eq_ignore_ascii_case(b"identity");
    headers.any(|(name, value)| name == "content-encoding" && is_coding(value))
}
