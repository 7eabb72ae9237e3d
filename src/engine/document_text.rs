//! The text of a document in any character encoding.

use std::borrow::Cow;

use quick_xml::events::{BytesDecl, BytesStart};

use super::{DecodeError, Position, charset::shorten, encoding::Encoding};

/// A document in UTF-8.
#[derive(Debug)]
pub(crate) struct DocumentText<'d> {
    /// Borrowed if the bytes of the document are UTF-8, which has not been checked. After an error, correct up to its place.
    document: Cow<'d, [u8]>,
    error: Option<DecodeError>,
}

impl<'d> DocumentText<'d> {
    /// Decodes a document. The `charset` of its `Content-Type` takes precedence over its byte order mark, and the mark over
    /// its XML declaration. Without any of them, the document is UTF-8.
    pub(crate) fn new(document: &'d [u8], charset: Option<&str>) -> Self {
        Self::within(usize::MAX, document, charset)
    }

    /// Does the same with a document whose text may have up to `max` bytes: it can be three times as long as the document.
    pub(crate) fn within(max: usize, document: &'d [u8], charset: Option<&str>) -> Self {
        let (document, error) = match encoding(document, charset) {
            Ok(encoding) => encoding.decode(document, max),
            Err(error) => (Cow::Borrowed(document), Some(error)),
        };
        Self { document, error }
    }

    /// Returns the document in UTF-8. Bytes that are invalid in UTF-8 are no error yet.
    pub(crate) fn utf_8(&self) -> Result<&Cow<'d, [u8]>, DecodeError> {
        match &self.error {
            None => Ok(&self.document),
            Some(error) => Err(error.clone()),
        }
    }

    /// Returns the document in UTF-8, unless it is borrowed.
    pub(crate) fn into_owned(self) -> Option<Vec<u8>> {
        match self.document {
            Cow::Borrowed(_) => None,
            Cow::Owned(document) => Some(document),
        }
    }

    /// Locates a byte of the text, such as that of an error.
    pub(crate) fn position(&self, at: usize) -> Position {
        Position::of(&self.document, at)
    }
}

/// Returns the encoding of a document.
fn encoding(document: &[u8], charset: Option<&str>) -> Result<Encoding, DecodeError> {
    if let Some(label) = charset {
        return Encoding::named(label).ok_or_else(|| unknown_encoding("Content-Type", label));
    }
    if let Some(encoding) = Encoding::of_byte_order_mark(document) {
        return Ok(encoding);
    }
    match declared_encoding(document) {
        None => Ok(Encoding::Utf8),
        Some(label) => {
            let unknown = || unknown_encoding("the XML declaration", &label);
            Encoding::named(&label).ok_or_else(unknown)
        }
    }
}

#[cold]
fn unknown_encoding(place: &str, label: &str) -> DecodeError {
    const EXPECTED: &str = "expected one such as UTF-8, UTF-16, ISO-8859-1 or windows-1252";
    let label = shorten(label);
    DecodeError::new(
        0,
        format!("{place} names an unknown character encoding, {EXPECTED}"),
    )
    .quoting(format!(
        "{place} names the unknown character encoding {label:?}, {EXPECTED}"
    ))
}

/// Returns the encoding in the XML declaration of a document. A declaration that is malformed is left to the reader.
fn declared_encoding(document: &[u8]) -> Option<String> {
    let declaration = declaration(document)?;
    let content = declaration.strip_prefix("<?")?;
    let name = content.strip_prefix("xml")?;
    if !name.starts_with([' ', '\t', '\r', '\n']) {
        return None;
    }
    let declaration = BytesDecl::from_start(BytesStart::from_content(content, "xml".len()));
    let label = declaration.encoding()?.ok()?;
    Some(label.into_owned())
}

/// Returns the XML declaration of a document up to its end, `?>`. One in UTF-16 is read too: without its zero bytes.
fn declaration(document: &[u8]) -> Option<Cow<'_, str>> {
    let is_utf_16 = document.starts_with(b"<\0?") || document.starts_with(b"\0<\0?");
    if !is_utf_16 && !document.starts_with(b"<?xml") {
        return None;
    }
    let end: &[u8] = if is_utf_16 { b"?\0>" } else { b"?>" };
    let length = document.windows(end.len()).position(|found| found == end)?;
    let declaration = &document[..length];
    if is_utf_16 {
        let bytes = declaration.iter().filter(|byte| **byte != 0);
        return Some(Cow::Owned(bytes.map(|byte| char::from(*byte)).collect()));
    }
    str::from_utf8(declaration).ok().map(Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::RandomStream;

    const LABELS: [&str; 12] = [
        "ascii",
        "latin1",
        "windows-1252",
        "windows-1255",
        "iso-8859-7",
        "utf-16",
        "utf-16be",
        "utf-16le",
        "gb18030",
        "shift_jis",
        "iso-2022-jp",
        "big5",
    ];
    /// Pieces of documents, many of which are invalid in an encoding.
    const PIECES: [&[u8]; 16] = [
        b"<a>",
        b"<\0a\0>\0",
        b"\0<\0a\0>",
        b"\n",
        b"\n\0",
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"\xd8\0",
        b"\0\xdc",
        b"\x80",
        b"\x81\x30\x81\x30",
        b"\x1b$B\x24\x22\x1b(B",
        b"\xa4",
        b"\xe9",
        b"\x0e",
    ];

    #[test]
    fn any_document_is_decoded_or_rejected_as_by_the_encoding_standard() {
        let stream = RandomStream::new(1, "test", "documents");
        let (mut decoded, mut rejected) = (0, 0);
        for ordinal in 0..50_000 {
            let drawn = stream.draw(ordinal);
            let label = LABELS[usize::from(drawn[0]) % LABELS.len()];
            let pieces = drawn[2..][..usize::from(drawn[1]) % 9].iter();
            let pieces = pieces.map(|piece| PIECES[usize::from(*piece) % PIECES.len()]);
            let document = pieces.collect::<Vec<_>>().concat();
            let text = DocumentText::new(&document, Some(label));
            let Ok(found) = text.utf_8() else {
                rejected += 1;
                let error = text.utf_8().expect_err("it was rejected");
                assert!(text.position(error.at).line <= document.len() + 1);
                continue;
            };
            decoded += 1;
            let found = str::from_utf8(found).expect("UTF-8");
            if !matches!(label, "ascii" | "latin1" | "utf-16") {
                let encoding = encoding_rs::Encoding::for_label(label.as_bytes());
                let encoding = encoding.expect("it is known");
                let (expected, had_errors) = encoding.decode_with_bom_removal(&document);
                assert_eq!(
                    (found, had_errors),
                    (&*expected, false),
                    "{label}: {document:?}"
                );
            }
            let bounded = DocumentText::within(found.len(), &document, Some(label));
            assert_eq!(bounded.utf_8().expect("it fits")[..], *found.as_bytes());
            if found.len() > document.len() {
                let bounded = DocumentText::within(found.len() - 1, &document, Some(label));
                assert!(bounded.utf_8().is_err(), "{label}: {document:?}");
            }
        }
        assert!(decoded > 5_000 && rejected > 5_000, "{decoded}, {rejected}");
    }

    #[test]
    fn every_character_is_the_same_in_utf_16() {
        let text: String = ('\0'..=char::MAX).filter(|c| *c != '\u{feff}').collect();
        let text = format!("\u{feff}<{text}");
        for to_bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            let document: Vec<u8> = text.encode_utf16().flat_map(to_bytes).collect();
            let decoded = DocumentText::new(&document, None);
            let decoded = decoded.utf_8().expect("it is UTF-16");
            assert!(decoded[..] == text.as_bytes()[3..]);
        }
    }

    #[test]
    fn a_document_in_utf_8_is_not_copied() {
        for (document, charset) in [
            ("<a>é</a>", None),
            ("<a>é</a>", Some("UTF8")),
            ("\u{feff}<a>é</a>", None),
            ("<?xml version='1.0' encoding='utf-8'?><a>é</a>", None),
            ("<?xml version='1.0' encoding='us-ascii'?><a>e</a>", None),
            ("<a>e</a>", Some("windows-1252")),
        ] {
            let text = DocumentText::new(document.as_bytes(), charset);
            assert!(matches!(text.utf_8(), Ok(Cow::Borrowed(_))), "{document}");
        }
    }

    #[test]
    fn only_a_declaration_at_the_beginning_names_the_encoding() {
        let label = |document: &str| declared_encoding(document.as_bytes());
        let named = |label: &str| Some(label.to_owned());
        assert_eq!(label("<?xml version='1.0' encoding='a'?>"), named("a"));
        assert_eq!(label("<?xml\tencoding = \"b\"\n?><a/>"), named("b"));
        for document in [
            "",
            "<?xml",
            "<?xml?>",
            "<?xml version='1.0'?><a encoding='c'/>",
            "<?xml version='1.0' encoding='c'",
            "<?xml-stylesheet encoding='c'?>",
            "<?XML encoding='c'?>",
            " <?xml encoding='c'?>",
            "<?xml version='1.0' encoding=c?>",
            "<a>?></a>",
        ] {
            assert_eq!(label(document), None, "{document}");
        }
    }
}
