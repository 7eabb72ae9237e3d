//! The text of a document or a value, whatever its format.

use std::borrow::Cow;

use super::DecodeError;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The text of a document, and how many bytes stand before it.
pub(super) fn decode(document: &[u8]) -> Result<(&str, usize), DecodeError> {
    if document.starts_with(&[0xfe, 0xff]) || document.starts_with(&[0xff, 0xfe]) {
        return Err(DecodeError::new(0, only_utf8("UTF-16")));
    }
    let text = std::str::from_utf8(document).map_err(|error| {
        let at = error.valid_up_to();
        let byte = document[at];
        let message = format!("found the byte 0x{byte:02X}, which is not UTF-8 there");
        DecodeError::new(at, message)
    })?;
    if !is_plain(document)
        && let Some((at, found)) = text.char_indices().find(|(_, c)| !is_carried(*c))
    {
        return Err(DecodeError::new(at, not_carried(found)));
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

/// Whether nothing in a document can begin a character that XML cannot carry: no control character stands there, and
/// none of the last 4,096 of those that take three bytes. It is found out many bytes at a time.
fn is_plain(document: &[u8]) -> bool {
    const LAST_OF_THREE: u8 = 0xef;
    let is_plain = |byte: u8| {
        let is_space = (byte == b'\t') | (byte == b'\n') | (byte == b'\r');
        ((byte >= b' ') | is_space) & (byte != LAST_OF_THREE)
    };
    all(document, is_plain)
}

/// Whether none of the bytes of a text is one of those.
pub(super) fn has_none_of(text: &str, is_one: impl Fn(u8) -> bool) -> bool {
    all(text.as_bytes(), |byte| !is_one(byte))
}

/// Looks at all of them: whoever stops at the first looks at them one by one.
fn all(bytes: &[u8], is: impl Fn(u8) -> bool) -> bool {
    bytes.iter().fold(true, |all, byte| all & is(*byte))
}

/// Whether XML 1.0 can carry the character.
pub(super) fn is_carried(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

pub(super) fn only_utf8(found: &str) -> String {
    format!("the document is {}, expected UTF-8", shorten(found))
}

pub(super) fn not_carried(found: char) -> String {
    format!(
        "found the character U+{:04X}, which XML cannot carry",
        u32::from(found)
    )
}

/// As much of a client's text as a message can hold.
pub(crate) fn shorten(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 100;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_that_xml_cannot_carry_is_found_and_no_other() {
        for c in ('\0'..=char::MAX).filter(|c| *c != BYTE_ORDER_MARK) {
            let document = format!("<a>{c}</a>");
            let is_taken = decode(document.as_bytes()).is_ok();
            assert_eq!(is_taken, is_carried(c), "U+{:04X}", u32::from(c));
        }
    }
}
