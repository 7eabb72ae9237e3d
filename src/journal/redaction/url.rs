//! Redacts paths, query strings and forms.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::{
    names::{MASK, is_secret},
    text::{decoded, has_user_information, holds_secret},
};

/// Returns a path without its secrets: the parts between slashes and semicolons that contain one.
pub(crate) fn path_without_secrets(path: &str) -> Cow<'_, str> {
    if !path.contains([';', '=', ':', '@', '%']) {
        return Cow::Borrowed(path);
    }
    if has_user_information(&decoded(path)) {
        return Cow::Borrowed(MASK);
    }
    let parts = path.split_inclusive(['/', ';']).map(|part| {
        let name = part.trim_end_matches(['/', ';']);
        if holds_secret(name) {
            part.replacen(name, MASK, 1)
        } else {
            part.to_owned()
        }
    });
    Cow::Owned(parts.collect())
}

/// Returns an encoded query string, or a form, without the values of its secrets.
pub(super) fn query_without_secrets(query: &str) -> String {
    let parameters = query.split('&').map(|parameter| {
        let (name, value) = match parameter.split_once('=') {
            Some((name, value)) => (name, value),
            None => ("", parameter),
        };
        let is_hidden =
            is_secret(&decoded(name)) || holds_secret(name) || holds_secret(&text(value));
        match is_hidden && !value.is_empty() {
            true if name.is_empty() || holds_secret(name) => MASK.to_owned(),
            true => format!("{name}={MASK}"),
            false => parameter.to_owned(),
        }
    });
    parameters.collect::<Vec<_>>().join("&")
}

/// Returns the text of an encoded value.
fn text(value: &str) -> String {
    let value = value.replace('+', " ");
    percent_decode_str(&value).decode_utf8_lossy().into_owned()
}

/// True if a text is a form: pairs of names and values, without characters that a form encodes.
pub(super) fn is_form(text: &str) -> bool {
    let is_pair = |pair: &str| {
        let pair = pair.split_once('=');
        pair.is_some_and(|(name, value)| !name.is_empty() && !value.trim_matches('=').is_empty())
    };
    let is_encoded =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~*+%&=[]!$'(),;:@/?".contains(&byte);
    text.bytes().all(is_encoded) && text.split('&').all(is_pair)
}
