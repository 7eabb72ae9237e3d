//! The body of a list response, which is written chunk by chunk.

use std::{borrow::Cow, sync::OnceLock};

use bytes::Bytes;

use super::{
    Format, json,
    list_frame::ListFrame,
    query::Page,
    render::{render, rendered},
    xml,
};
use crate::store::Record;

/// The maximum size of a chunk, unless a single record is larger.
pub(crate) const CHUNK_SIZE: usize = 64 * 1024;

/// A document with a page of objects.
#[derive(Debug)]
pub(crate) enum ListDocument {
    Whole(Bytes),
    /// A document that is larger than one chunk.
    Chunks(ListChunks),
}

#[cfg(test)]
impl ListDocument {
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Whole(document) => document.into(),
            Self::Chunks(chunks) => chunks.collect::<Vec<_>>().concat(),
        }
    }
}

impl Format {
    /// Returns a document with a page of objects and the total. A small document with all objects is cached.
    pub(crate) fn list(self, page: &Page) -> ListDocument {
        let cached = page.rendered_list().map(|list| &list[self as usize]);
        if let Some(document) = cached.and_then(OnceLock::get) {
            return ListDocument::Whole(document.clone());
        }
        let document = self.chunks(page.clone()).into_body();
        if let (Some(cached), ListDocument::Whole(document)) = (cached, &document) {
            cached.get_or_init(|| document.clone());
        }
        document
    }

    /// Returns the same document in chunks.
    fn chunks(self, page: Page) -> ListChunks {
        let frame = match self {
            Self::Xml => xml::list(page.list_element(), page.total, page.len()),
            Self::Json if page.is_null() => json::null_list(),
            Self::Json => json::list(page.element(), page.total, page.len()),
        };
        ListChunks::new(self, frame, page)
    }

    /// Returns the text of one record in a list.
    fn row<'r>(self, page: &Page, record: &'r Record) -> Cow<'r, str> {
        let resource = page.resource();
        match page.fields() {
            None => Cow::Borrowed(rendered(resource, record, self)),
            Some(fields) => {
                let (fields, element) = (fields.iter().copied(), page.element());
                Cow::Owned(render(resource, element, fields, &record.values, self).into())
            }
        }
    }
}

/// An iterator over the chunks of a document with a page of objects. Only one chunk is in memory at a time.
#[derive(Debug)]
pub(crate) struct ListChunks {
    format: Format,
    frame: ListFrame,
    page: Page,
    /// The number of objects in the chunks so far.
    written: usize,
    /// The number of bytes still to come.
    remaining: usize,
}

impl ListChunks {
    fn new(format: Format, frame: ListFrame, page: Page) -> Self {
        let rows = page.from(0).map(|record| format.row(&page, record).len());
        let between = frame.between.len() * page.len().saturating_sub(1);
        let remaining = frame.start.len() + rows.sum::<usize>() + between + frame.end.len();
        Self {
            format,
            frame,
            page,
            written: 0,
            remaining,
        }
    }

    /// Returns the number of bytes still to come.
    pub(crate) fn remaining(&self) -> usize {
        self.remaining
    }

    /// Returns the document as a whole if it is one chunk.
    fn into_body(mut self) -> ListDocument {
        if self.remaining <= CHUNK_SIZE {
            ListDocument::Whole(self.next().unwrap_or_default())
        } else {
            ListDocument::Chunks(self)
        }
    }
}

impl Iterator for ListChunks {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        if self.remaining == 0 {
            return None;
        }
        let mut chunk = Vec::with_capacity(self.remaining.min(CHUNK_SIZE));
        if self.written == 0 {
            chunk.append(&mut self.frame.start);
        }
        for record in self.page.from(self.written) {
            let row = self.format.row(&self.page, record);
            let room = chunk.capacity() - chunk.len();
            if !chunk.is_empty() && room < self.frame.between.len() + row.len() {
                break;
            }
            if self.written > 0 {
                chunk.extend_from_slice(self.frame.between.as_bytes());
            }
            chunk.extend_from_slice(row.as_bytes());
            self.written += 1;
        }
        let room = chunk.capacity() - chunk.len();
        if self.written == self.page.len() && (chunk.is_empty() || room >= self.frame.end.len()) {
            chunk.append(&mut self.frame.end);
        }
        self.remaining -= chunk.len();
        Some(chunk.into())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        engine::{description::testing::catalogue, query::Query},
        schema::Release,
        store::{Record, Store, Values},
    };

    const LETTER: &str = r#"<resource path="letters" list="Letters" element="Letter">
        <evidence id="test" documented="test"/>
        <uri by="test"/>
        <object-id by="test"/>
        <text name="Text" by="test"/>
    </resource>"#;

    /// Returns a store with letters of these lengths.
    fn letters(lengths: &[usize]) -> Arc<Store> {
        let mut store = Store::new(catalogue(Release::V10_5, &[LETTER]));
        let letters = store.catalogue().resources()[0].id;
        for (number, length) in lengths.iter().enumerate() {
            let (id, text) = (number.to_string(), "x".repeat(*length));
            let letter = Record::new(Values::some(3, &[(1, &id), (2, &text)]));
            store.collection_mut(letters).insert(Arc::new(letter));
        }
        Arc::new(store)
    }

    fn list(format: Format, store: &Arc<Store>, parameters: &str) -> ListChunks {
        let resource = &store.catalogue().resources()[0];
        let query = Query::parse(resource, parameters).expect("a valid query");
        format.chunks(query.run(Arc::clone(store)))
    }

    #[test]
    fn pieces_make_up_the_document_wherever_they_are_cut() {
        for last in (CHUNK_SIZE - 400..CHUNK_SIZE)
            .step_by(7)
            .chain([0, 3 * CHUNK_SIZE])
        {
            let store = letters(&[10, CHUNK_SIZE - 300, 20, last, 30]);
            for (format, between) in [(Format::Xml, ""), (Format::Json, ",")] {
                let whole = list(format, &store, "");
                let announced = whole.remaining();
                let chunks: Vec<_> = whole.collect();
                assert!(chunks.len() > 1 && chunks.iter().all(|chunk| !chunk.is_empty()));
                let document = chunks.concat();
                assert_eq!(document.len(), announced);
                let resource = &store.catalogue().resources()[0];
                let page = Query::parse(resource, "")
                    .expect("no query")
                    .run(Arc::clone(&store));
                let rows = store.collection(resource.id).iter();
                let rows: Vec<_> = rows.map(|record| format.row(&page, record)).collect();
                let rows = rows.join(between).into_bytes();
                let start = document.windows(rows.len()).position(|found| found == rows);
                let start = start.expect("all rows in a row");
                let (start, end) = (&document[..start], &document[start + rows.len()..]);
                let frame = match format {
                    Format::Xml => (&xml_start(5)[..], "</Letters>"),
                    Format::Json => (r#"{"@total":"5","Letter":["#, "]}"),
                };
                assert_eq!((start, end), (frame.0.as_bytes(), frame.1.as_bytes()));
            }
        }
    }

    #[test]
    fn no_piece_is_larger_than_it_may_be_but_for_an_object_that_is() {
        let store = letters(&[1_000; 500]);
        let chunks: Vec<_> = list(Format::Xml, &store, "").collect();
        assert!(chunks.iter().all(|chunk| chunk.len() <= CHUNK_SIZE));
        assert!(chunks.len() < 12);
    }

    #[test]
    fn a_page_from_the_end_of_an_order_is_written_from_its_first_row() {
        let store = letters(&[1, 2, 3, 4]);
        let ids = |parameters: &str| {
            let document = list(Format::Json, &store, parameters)
                .collect::<Vec<_>>()
                .concat();
            let document: serde_json::Value = serde_json::from_slice(&document).expect("JSON");
            let rows = document["Letter"].as_array().expect("several").iter();
            rows.map(|row| row["ObjectId"].as_str().expect("a text").to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(ids("sort=(ObjectId%20desc)&rowsPerPage=3"), ["3", "2", "1"]);
        assert_eq!(
            ids("sort=(ObjectId%20asc)&rowsPerPage=2&pageNumber=2"),
            ["2", "3"]
        );
    }

    fn xml_start(total: usize) -> String {
        format!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Letters total="{total}">"#
        )
    }
}
