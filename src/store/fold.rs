//! The form in which values are compared.

use std::borrow::Cow;

use unicase::UniCase;

/// Returns the form in which values are compared: without regard to case and to surrounding white space.
///
/// Unicode's full case folding maps each letter on its own, so that the folded prefix of a text is a prefix of the folded text.
pub(crate) fn fold(value: &str) -> Cow<'_, str> {
    let value = value.trim();
    if !value.is_ascii() {
        Cow::Owned(UniCase::unicode(value).to_folded_case())
    } else if value.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(value.to_ascii_lowercase())
    } else {
        Cow::Borrowed(value)
    }
}

/// True if a value is equal to an empty one.
pub(crate) fn is_blank(value: &str) -> bool {
    value.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_folded_as_unicode_requires() {
        assert_eq!(fold(" STRASSE\n"), fold("straße"));
        assert_eq!(fold("ΟΔΟΣ"), fold("οδος"));
        assert_eq!(fold("οδοσ"), fold("οδος"));
        assert_ne!(fold("strase"), fold("straße"));
        assert!(fold("Straße").starts_with(&*fold("STRAS")));
    }
}
