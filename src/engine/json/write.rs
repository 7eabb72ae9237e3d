//! Writing JSON: compact, every value a string, `@total` first.

use serde::Serialize;

use crate::engine::{charset::has_none_of, list_body::Frame};

/// One object, without a name around it, to which its members are added.
pub(crate) struct Object(String);

impl Object {
    /// Writes into `document`, which is empty.
    pub(crate) fn new(mut document: String) -> Self {
        document.push('{');
        Self(document)
    }

    pub(crate) fn member(&mut self, name: &str, value: &str) {
        let Self(document) = self;
        let start = if document.len() > 1 { ",\"" } else { "\"" };
        document.reserve(name.len() + value.len() + 6);
        if has_none_of(value, |byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
            for piece in [start, name, "\":\"", value, "\""] {
                document.push_str(piece);
            }
        } else {
            let escaped = serde_json::to_string(value).expect("texts are JSON");
            for piece in [start, name, "\":", &escaped] {
                document.push_str(piece);
            }
        }
    }

    pub(crate) fn end(self) -> String {
        let Self(mut document) = self;
        document.push('}');
        document
    }
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
