//! The forms in which findings show values and messages.

use crate::{
    appliance::drift::message_text::without_values,
    engine::shorten,
    journal::{MASK, holds_secret},
};

/// The side of a server that does not show a field or a header.
pub(super) const ABSENT: &str = "absent";

/// Texts without secrets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown<'c> {
    /// Texts that never appear: the secrets that requests contain.
    pub(super) secrets: &'c [String],
}

impl Shown<'_> {
    /// Returns a value in quotes.
    pub(super) fn value(self, value: &str) -> String {
        let shown = self.without_secrets(value);
        match holds_secret(&shown) {
            true => MASK.to_owned(),
            false => format!("\"{}\"", shorten(&shown)),
        }
    }

    /// Returns a message. One that contains a secret has no values at all.
    pub(super) fn message(self, message: &str) -> String {
        let shown = self.without_secrets(message);
        match holds_secret(&shown) {
            true => without_values(&shown, &|_| false),
            false => shown,
        }
    }

    /// Returns a header in the form that is compared.
    pub(super) fn header(self, form: Option<String>) -> String {
        match form {
            None => ABSENT.to_owned(),
            Some(form) if form.is_empty() => "empty".to_owned(),
            Some(form) => self.without_secrets(&form),
        }
    }

    fn without_secrets(self, text: &str) -> String {
        let secrets = self.secrets.iter().filter(|secret| !secret.is_empty());
        secrets.fold(text.to_owned(), |text, secret| text.replace(secret, MASK))
    }
}

/// Returns a text with `//…` for the scheme and the host of each URL.
pub(super) fn without_hosts(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = (&rest[..at], &rest[at + 3..]);
        let scheme = ["https", "http"]
            .into_iter()
            .find(|known| before.ends_with(known));
        let Some(scheme) = scheme else {
            shown.push_str(&rest[..at + 3]);
            rest = after;
            continue;
        };
        shown.push_str(&before[..at - scheme.len()]);
        shown.push_str("//…");
        let ends = |c: char| c == '/' || c == '?' || c.is_whitespace() || "\"'<>)]".contains(c);
        rest = &after[after.find(ends).unwrap_or(after.len())..];
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_lose_their_hosts() {
        let text = "see http://a:1/x, ldap://b/ and \"https://c\" é://";
        assert_eq!(without_hosts(text), "see //…/x, ldap://b/ and \"//…\" é://");
    }

    #[test]
    fn secrets_are_hidden() {
        let secrets = ["hunter2".to_owned(), String::new()];
        let shown = Shown { secrets: &secrets };
        assert_eq!(shown.value("ahunter2b"), r#""a[redacted]b""#);
        assert_eq!(shown.value("https://me:pw@host/"), "[redacted]");
        assert_eq!(
            shown.message("Parameter = [Pin], Value = [1234] is too short"),
            "Parameter = […], Value = […] is too short"
        );
        assert_eq!(
            shown.message("User acme is unknown"),
            "User acme is unknown"
        );
    }
}
