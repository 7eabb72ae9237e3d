//! Character encoding: checks the text of documents and values, whatever their format.

use std::borrow::Cow;

use super::{DecodeError, encoding::invalid_bytes};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Returns the text of a document, and the length of the byte order mark before it.
pub(super) fn decode(document: &[u8]) -> Result<(&str, usize), DecodeError> {
    if document.starts_with(&[0xfe, 0xff]) || document.starts_with(&[0xff, 0xfe]) {
        return Err(DecodeError::new(
            0,
            "the document is UTF-16, expected UTF-8",
        ));
    }
    let text = std::str::from_utf8(document).map_err(|error| {
        let at = error.valid_up_to();
        invalid_bytes(at, &document[at..=at], "UTF-8")
    })?;
    if !is_plain(document)
        && let Some((at, found)) = text.char_indices().find(|(_, c)| !is_carried(*c))
    {
        return Err(not_carried(at, found));
    }
    let Some(rest) = text.strip_prefix(BYTE_ORDER_MARK) else {
        return Ok((text, 0));
    };
    let skipped = document.len() - rest.len();
    if rest.starts_with(BYTE_ORDER_MARK) {
        return Err(DecodeError::new(skipped, "found a second byte order mark"));
    }
    Ok((rest, skipped))
}

/// Returns a document in UTF-8 without the byte order mark that some editors and shells put before it.
pub(crate) fn without_byte_order_mark(document: &[u8]) -> &[u8] {
    document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document)
}

/// True if no byte of a document can begin a character that XML does not allow: a control character, or one of the last
/// 4,096 that take three bytes. Checks many bytes at a time.
fn is_plain(document: &[u8]) -> bool {
    const LAST_OF_THREE: u8 = 0xef;
    let is_plain = |byte: u8| {
        let is_space = (byte == b'\t') | (byte == b'\n') | (byte == b'\r');
        ((byte >= b' ') | is_space) & (byte != LAST_OF_THREE)
    };
    all(document, is_plain)
}

/// True if no byte of a text matches.
pub(super) fn has_none_of(text: &str, is_one: impl Fn(u8) -> bool) -> bool {
    all(text.as_bytes(), |byte| !is_one(byte))
}

/// Checks all bytes. Without an early return, the compiler can vectorize the loop.
fn all(bytes: &[u8], is: impl Fn(u8) -> bool) -> bool {
    bytes.iter().fold(true, |all, byte| all & is(*byte))
}

/// True if XML 1.0 allows the character.
pub(super) fn is_carried(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// The error for a character that XML does not allow.
pub(super) fn not_carried(at: usize, found: char) -> DecodeError {
    let message = format!(
        "found the character U+{:04X}, which XML cannot carry",
        u32::from(found)
    );
    DecodeError::new(at, "found a character that XML cannot carry").quoting(message)
}

/// Shortens a client's text for a message.
pub(crate) fn shorten(text: &str) -> Cow<'_, str> {
    const MAX_LENGTH: usize = 100;
    shorten_to(text, MAX_LENGTH)
}

/// Shortens a text to this number of characters. An ellipsis marks the place.
pub(crate) fn shorten_to(text: &str, max_length: usize) -> Cow<'_, str> {
    match text.char_indices().nth(max_length) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_characters_that_xml_does_not_allow_are_rejected() {
        for c in ('\0'..=char::MAX).filter(|c| *c != BYTE_ORDER_MARK) {
            let document = format!("<a>{c}</a>");
            let is_accepted = decode(document.as_bytes()).is_ok();
            assert_eq!(is_accepted, is_carried(c), "U+{:04X}", u32::from(c));
        }
    }
}
