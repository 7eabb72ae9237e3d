//! The formats, of which nothing above the engine knows more than their names.

use std::{cell::Cell, sync::OnceLock};

use bytes::Bytes;

use super::{
    DecodeError, Element,
    charset::has_none_of,
    element::ValueSpan,
    json,
    list_body::{Document, List},
    query::Page,
    render::rendered,
    xml,
};
use crate::{
    schema::{Kind, Resource},
    store::{FORMATS, Record},
};

/// How much of what a document was written into is kept for the next one.
const LARGEST_DRAFT: usize = 64 * 1024;

thread_local! {
    /// What documents are written into before they are copied.
    static DRAFTS: Cell<[String; FORMATS]> = Cell::default();
}

/// How a document is written and read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Xml,
    Json,
}

impl Format {
    /// A document with one object, in each format, by the order of the formats.
    pub(super) fn render<V: AsRef<str>>(
        element: &str,
        elements: impl Iterator<Item = (&'static str, Kind, V)>,
    ) -> [Bytes; FORMATS] {
        let [xml, json] = DRAFTS.take();
        let (mut xml, mut json) = (
            xml::ObjectWriter::new(element, xml),
            json::ObjectWriter::new(json),
        );
        for (name, kind, value) in elements {
            let value = value.as_ref();
            let is_plain = kind != Kind::Text || is_plain(value);
            xml.element(name, value, is_plain);
            json.element(name, value, is_plain);
        }
        let mut drafts = [xml.finish(), json.finish()];
        // As large as they are, and not as the buffers that they were written into: they stay.
        let documents = [0, 1].map(|format| Bytes::copy_from_slice(drafts[format].as_bytes()));
        for draft in &mut drafts {
            draft.clear();
            draft.shrink_to(LARGEST_DRAFT);
        }
        DRAFTS.set(drafts);
        documents
    }

    /// A document with one object.
    pub(crate) fn object(self, record: &Record) -> Bytes {
        rendered(record)[self as usize].clone()
    }

    /// A document with a page of objects, and the total of what was found. A small one of all objects is kept.
    pub(crate) fn list(self, resource: &Resource, page: &Page) -> Document {
        let kept = page.whole().map(|whole| &whole[self as usize]);
        if let Some(document) = kept.and_then(OnceLock::get) {
            return Document::Whole(document.clone());
        }
        let document = self.pieces(resource, page.clone()).document();
        if let (Some(kept), Document::Whole(document)) = (kept, &document) {
            kept.get_or_init(|| document.clone());
        }
        document
    }

    /// The same, piece by piece.
    pub(super) fn pieces(self, resource: &Resource, page: Page) -> List {
        let frame = match self {
            Self::Xml => xml::list(resource.list_element, page.total, page.len()),
            Self::Json => json::list(resource.element, page.total, page.len()),
        };
        List::new(self, frame, page)
    }

    /// What stands for one object in a list.
    pub(super) fn row(self, record: &Record) -> &[u8] {
        let document = &rendered(record)[self as usize];
        match self {
            Self::Xml => &document[xml::DECLARATION.len()..],
            Self::Json => document,
        }
    }

    /// A document with one object that is in no store.
    pub(crate) fn document(self, element: &str, members: &[(&'static str, &str)]) -> Bytes {
        let texts = members
            .iter()
            .map(|(name, text)| (*name, Kind::Text, *text));
        let [xml, json] = Self::render(element, texts);
        match self {
            Self::Xml => xml,
            Self::Json => json,
        }
    }

    /// The document that answers a failure.
    pub(crate) fn error(self, code: &str, message: &str) -> Bytes {
        match self {
            Self::Xml => xml::error(code, message),
            Self::Json => json::error(code, message),
        }
        .into()
    }

    /// The members of the one object that `document` holds.
    pub(crate) fn read_object<'a>(
        self,
        document: &'a [u8],
        element: &str,
    ) -> Result<Vec<Element<'a>>, DecodeError> {
        match self {
            Self::Xml => xml::read_object(document, Some(element)),
            Self::Json => json::read_object(document, Some(element)),
        }
    }

    /// Reads the elements of the one object in `document`, whatever its root element, in the format that it looks like.
    pub(crate) fn read_any(document: &[u8]) -> Result<Vec<Element<'_>>, DecodeError> {
        match Self::guess(document) {
            Self::Xml => xml::read_object(document, None),
            Self::Json => json::read_object(document, None),
        }
    }

    /// Locates the values of the one object in `document`, like [`Format::read_any`].
    pub(crate) fn value_spans(self, document: &[u8]) -> Result<Vec<ValueSpan<'_>>, DecodeError> {
        match self {
            Self::Xml => xml::value_spans(document),
            Self::Json => json::value_spans(document),
        }
    }

    /// Returns the format that a document looks like.
    pub(crate) fn guess(document: &[u8]) -> Self {
        match document.trim_ascii_start().first() {
            Some(b'{') => Self::Json,
            _ => Self::Xml,
        }
    }
}

/// Checks that neither format escapes a character of the value.
fn is_plain(value: &str) -> bool {
    has_none_of(value, |byte| {
        (byte < b' ') | matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\\')
    })
}
