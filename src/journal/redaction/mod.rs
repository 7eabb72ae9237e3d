//! Hides secrets from readers of the journal and of the log. In doubt, more is hidden.

mod body;
mod headers;
mod names;
#[cfg(test)]
mod tests;
mod text;
mod url;

use std::borrow::Cow;

pub(crate) use names::{MASK, add_secrets, is_secret};
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
    /// The character encoding of a body whose secrets are hidden, whatever its headers name.
    pub(super) const CHARSET: &str = "utf-8";

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
            _ => Cow::Owned(body::redacted(body, entry.charset().as_deref())),
        }
    }

    /// Returns the kept part of the body of a response, which had this length.
    pub(super) fn response_body(self, kept: &[u8], length: usize) -> Cow<'_, [u8]> {
        match str::from_utf8(kept) {
            _ if self == Self::Shown => Cow::Borrowed(kept),
            _ if kept.len() < length => {
                Cow::Owned(body::hidden("the journal keeps only its beginning", length))
            }
            // The path of a new object.
            Ok(path) if path.starts_with('/') => Cow::Owned(self.path(path).into_owned().into()),
            _ => Cow::Owned(body::redacted(kept, None)),
        }
    }

    /// Returns the body of a rejection, which contains a message. `is_message_shown` is false if the message may quote a
    /// secret.
    pub(super) fn rejection_body(self, kept: &[u8], is_message_shown: bool) -> Cow<'_, [u8]> {
        if self == Self::Shown || is_message_shown {
            return Cow::Borrowed(kept);
        }
        Cow::Owned(body::hidden("it quotes the request", kept.len()))
    }
}

/// True if the body is compressed, so that its secrets cannot be found.
fn is_compressed(entry: &Entry) -> bool {
    let mut headers = entry.headers();
    let is_coding = |value: &[u8]| !value.trim_ascii().eq_ignore_ascii_case(b"identity");
    headers.any(|(name, value)| name == "content-encoding" && is_coding(value))
}
