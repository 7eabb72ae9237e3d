//! Writing JSON: compact, every value a string, `@total` first.

use serde::{Serialize, Serializer};

use crate::engine::list::Frame;

/// One object, without a name around it.
pub(crate) fn object<V: Serialize>(members: impl Iterator<Item = (&'static str, V)>) -> Vec<u8> {
    let mut document = Vec::with_capacity(2048);
    serde_json::Serializer::new(&mut document)
        .collect_map(members)
        .expect("memory takes what is written to it");
    document
}

/// What stands around the objects of a page, with the `total` of what was found. A single object is not
/// in an array.
pub(crate) fn list(element: &str, total: usize, rows: usize) -> Frame {
    let (name, end) = match rows {
        0 => (String::new(), "}"),
        1 => (format!(r#","{element}":"#), "}"),
        _ => (format!(r#","{element}":["#), "]}"),
    };
    Frame {
        start: format!(r#"{{"@total":"{total}"{name}"#).into_bytes(),
        between: ",",
        end: end.as_bytes().to_vec(),
    }
}

/// The document that answers a failure.
pub(crate) fn error(code: &str, message: &str) -> Vec<u8> {
    #[derive(Serialize)]
    struct Envelope<'e> {
        errors: Errors<'e>,
    }
    #[derive(Serialize)]
    struct Errors<'e> {
        code: &'e str,
        message: &'e str,
    }
    let errors = Errors { code, message };
    serde_json::to_vec(&Envelope { errors }).expect("texts are JSON")
}
