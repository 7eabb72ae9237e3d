//! Character encodings of documents.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::DecodeError;

/// A character encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Ascii,
    /// ISO 8859-1: each byte is the character with its number. Browsers read windows-1252 instead, Java and Python do not.
    Latin1,
    /// UTF-16 in the byte order of the document.
    Utf16,
    Other(&'static encoding_rs::Encoding),
}

impl Encoding {
    /// Returns the encoding with this label.
    pub(super) fn named(label: &str) -> Option<Self> {
        let encoding = encoding_rs::Encoding::for_label_no_replacement(label.as_bytes())?;
        let label = label.to_ascii_lowercase();
        Some(if encoding == UTF_8 {
            Self::Utf8
        } else if encoding == UTF_16LE && !label.contains("16le") {
            Self::Utf16
        } else if encoding != WINDOWS_1252 || label.contains("1252") {
            Self::Other(encoding)
        } else if label.contains("ascii") || label.contains("ansi") {
            Self::Ascii
        } else {
            Self::Latin1
        })
    }

    /// Returns the encoding of a document that begins with a byte order mark.
    pub(super) fn of_byte_order_mark(document: &[u8]) -> Option<Self> {
        match document {
            [0xef, 0xbb, 0xbf, ..] => Some(Self::Utf8),
            [0xfe, 0xff, ..] | [0xff, 0xfe, ..] => Some(Self::Utf16),
            _ => None,
        }
    }

    /// Decodes a document to at most `max` bytes of UTF-8, which are borrowed if they are those of the document. After an
    /// error, they are only correct up to its place. UTF-8 itself is not checked.
    pub(super) fn decode(
        self,
        document: &[u8],
        max: usize,
    ) -> (Cow<'_, [u8]>, Option<DecodeError>) {
        match self {
            Self::Utf8 => (Cow::Borrowed(document), None),
            Self::Ascii => {
                let first = document.iter().position(|byte| !byte.is_ascii());
                let error = first.map(|at| invalid_bytes(at, &document[at..=at], "US-ASCII"));
                (Cow::Borrowed(document), error)
            }
            Self::Latin1 if document.is_ascii() => (Cow::Borrowed(document), None),
            Self::Latin1 => decode_latin_1(document, max),
            Self::Utf16 => match byte_order(document) {
                Some(encoding) => decode_other(encoding, document, max),
                None => {
                    let reason = "the document is declared to be UTF-16, \
                                  but has no byte order mark and no other sign of it";
                    (Cow::Borrowed(document), Some(DecodeError::new(0, reason)))
                }
            },
            Self::Other(encoding) if encoding.is_ascii_compatible() && document.is_ascii() => {
                (Cow::Borrowed(document), None)
            }
            Self::Other(encoding) => decode_other(encoding, document, max),
        }
    }
}

/// The error for bytes that mean nothing in an encoding, at the byte `at` of the decoded text.
pub(super) fn invalid_bytes(at: usize, found: &[u8], encoding: &str) -> DecodeError {
    let shown: Vec<_> = found.iter().map(|byte| format!("0x{byte:02X}")).collect();
    let shown = shown.join(" ");
    let (reason, message) = match found.len() {
        1 => (
            format!("found a byte that is not {encoding} there"),
            format!("found the byte {shown}, which is not {encoding} there"),
        ),
        _ => (
            format!("found bytes that are not {encoding} there"),
            format!("found the bytes {shown}, which are not {encoding} there"),
        ),
    };
    DecodeError::new(at, reason).quoting(message)
}

/// Returns the byte order of a document in UTF-16. The first character of XML and JSON is one of ASCII, so one of its two
/// bytes is 0.
fn byte_order(document: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    match document {
        [0xfe, 0xff, ..] | [0, 1..=0xff, ..] => Some(UTF_16BE),
        [0xff, 0xfe, ..] | [1..=0xff, 0, ..] => Some(UTF_16LE),
        _ => None,
    }
}

fn decode_latin_1(document: &[u8], max: usize) -> (Cow<'_, [u8]>, Option<DecodeError>) {
    // Each byte beyond ASCII becomes two.
    let beyond = document.iter().filter(|byte| !byte.is_ascii()).count();
    if document.len() + beyond > max {
        return (Cow::Borrowed(&[]), Some(too_long(0, max)));
    }
    let mut text = String::with_capacity(document.len() + beyond);
    text.extend(document.iter().map(|byte| char::from(*byte)));
    (Cow::Owned(text.into_bytes()), None)
}

fn decode_other<'d>(
    encoding: &'static encoding_rs::Encoding,
    document: &'d [u8],
    max: usize,
) -> (Cow<'d, [u8]>, Option<DecodeError>) {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let (mut text, mut read) = (String::new(), 0);
    let error = loop {
        // The decoder needs room for a few characters. Most texts have fewer bytes than the rest of the document.
        text.reserve_exact((document.len() - read).min(max - text.len()) + 16);
        let rest = &document[read..];
        let (result, consumed) =
            decoder.decode_to_string_without_replacement(rest, &mut text, true);
        read += consumed;
        match result {
            _ if text.len() > max => break Some(too_long(max, max)),
            DecoderResult::InputEmpty => break undefined_byte(encoding, &text),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, after) => {
                let end = read - usize::from(after);
                let found = &document[end - usize::from(length)..end];
                break Some(invalid_bytes(text.len(), found, encoding.name()));
            }
        }
    };
    (Cow::Owned(text.into_bytes()), error)
}

/// Finds a byte that a Windows code page does not define. Browsers read it as the control character with its number.
fn undefined_byte(encoding: &'static encoding_rs::Encoding, text: &str) -> Option<DecodeError> {
    if !encoding.name().starts_with("windows-") {
        return None;
    }
    let mut characters = text.char_indices();
    let (at, found) = characters.find(|(_, c)| matches!(c, '\u{80}'..='\u{9f}'))?;
    let byte = u8::try_from(found).ok()?;
    Some(invalid_bytes(at, &[byte], encoding.name()))
}

fn too_long(at: usize, max: usize) -> DecodeError {
    DecodeError::new(
        at,
        format!("found more than {max} bytes of text in UTF-8, the maximum"),
    )
}
