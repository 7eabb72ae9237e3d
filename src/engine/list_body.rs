//! A page of objects as a document, which is written piece by piece.

use bytes::Bytes;

use super::{Format, query::Page};

/// How large a piece of a document grows before it is handed out, in bytes.
const PIECE: usize = 64 * 1024;

/// What stands around the objects of a list.
#[derive(Debug)]
pub(super) struct ListFrame {
    pub(super) start: Vec<u8>,
    pub(super) between: &'static str,
    pub(super) end: Vec<u8>,
}

/// A document with a page of objects.
#[derive(Debug)]
pub(crate) enum Document {
    Whole(Bytes),
    /// It is large.
    Pieces(List),
}

#[cfg(test)]
impl Document {
    /// All of it.
    pub(crate) fn gathered(self) -> Vec<u8> {
        match self {
            Self::Whole(document) => document.into(),
            Self::Pieces(pieces) => pieces.collect::<Vec<_>>().concat(),
        }
    }
}

/// A document with a page of objects: an iterator over its pieces, of which no more than one is in memory.
#[derive(Debug)]
pub(crate) struct List {
    format: Format,
    frame: ListFrame,
    page: Page,
    /// How many objects have been written.
    written: usize,
    /// How many bytes have not been.
    left: usize,
}

impl List {
    pub(super) fn new(format: Format, frame: ListFrame, page: Page) -> Self {
        let rows = page.from(0).map(|record| format.row(record).len());
        let between = frame.between.len() * page.len().saturating_sub(1);
        let left = frame.start.len() + rows.sum::<usize>() + between + frame.end.len();
        Self {
            format,
            frame,
            page,
            written: 0,
            left,
        }
    }

    /// How many bytes of it are still to come.
    pub(crate) fn left(&self) -> usize {
        self.left
    }

    /// The document, as a whole if that is one piece.
    pub(super) fn document(mut self) -> Document {
        match self.left {
            ..=PIECE => Document::Whole(self.next().unwrap_or_default()),
            _ => Document::Pieces(self),
        }
    }
}

impl Iterator for List {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        if self.left == 0 {
            return None;
        }
        let mut piece = Vec::with_capacity(self.left.min(PIECE));
        if self.written == 0 {
            piece.append(&mut self.frame.start);
        }
        for record in self.page.from(self.written) {
            let row = self.format.row(record);
            let room = piece.capacity() - piece.len();
            if !piece.is_empty() && room < self.frame.between.len() + row.len() {
                break;
            }
            if self.written > 0 {
                piece.extend_from_slice(self.frame.between.as_bytes());
            }
            piece.extend_from_slice(row);
            self.written += 1;
        }
        let room = piece.capacity() - piece.len();
        if self.written == self.page.len() && (piece.is_empty() || room >= self.frame.end.len()) {
            piece.append(&mut self.frame.end);
        }
        self.left -= piece.len();
        Some(piece.into())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        engine::query::Query,
        schema::{OBJECT_ID, Release, Resource, documented, object_id, text, uri},
        store::{Record, Store, Values},
    };

    static LETTER: Resource = Resource::new("letters", "Letters", "Letter").fields(&[
        uri(documented("test")),
        object_id(documented("test")),
        text("Text", documented("test")),
    ]);

    /// Letters of these lengths.
    fn letters(lengths: &[usize]) -> Arc<Store> {
        let mut store = Store::new(&[&LETTER]);
        for (number, length) in lengths.iter().enumerate() {
            let (id, text) = (number.to_string(), "x".repeat(*length));
            let values = Values::some(LETTER.fields.len(), &[(OBJECT_ID, &id), (2, &text)]);
            let letter = Record::new(LETTER.edition(Release::V10_5), values);
            store.collection_mut(&LETTER).insert(Arc::new(letter));
        }
        Arc::new(store)
    }

    fn list(format: Format, store: &Arc<Store>, parameters: &str) -> List {
        let query = Query::parse(&LETTER, Release::V10_5, parameters).expect("a sound query");
        format.pieces(&LETTER, query.answer(Arc::clone(store)))
    }

    #[test]
    fn pieces_make_up_the_document_wherever_they_are_cut() {
        for last in (PIECE - 400..PIECE).step_by(7).chain([0, 3 * PIECE]) {
            let store = letters(&[10, PIECE - 300, 20, last, 30]);
            for (format, between) in [(Format::Xml, ""), (Format::Json, ",")] {
                let whole = list(format, &store, "");
                let announced = whole.left();
                let pieces: Vec<_> = whole.collect();
                assert!(pieces.len() > 1 && pieces.iter().all(|piece| !piece.is_empty()));
                let document = pieces.concat();
                assert_eq!(document.len(), announced);
                let rows = store.collection(&LETTER).iter();
                let rows: Vec<_> = rows.map(|record| format.row(record)).collect();
                let rows = rows.join(between.as_bytes());
                let start = document.windows(rows.len()).position(|found| found == rows);
                let start = start.expect("all rows, one behind another");
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
        let pieces: Vec<_> = list(Format::Xml, &store, "").collect();
        assert!(pieces.iter().all(|piece| piece.len() <= PIECE));
        assert!(pieces.len() < 12);
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
