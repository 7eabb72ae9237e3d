//! Writes JSON: compact, every value a string, `@total` first.

use serde::Serialize;

use crate::engine::list_frame::ListFrame;

/// Writes one object, without a name around it.
pub(crate) struct ObjectWriter(String);

impl ObjectWriter {
    /// Writes into `document`, which is empty.
    pub(crate) fn new(mut document: String) -> Self {
        document.push('{');
        Self(document)
    }

    /// Writes a member. `is_plain` if no format escapes a character of the value.
    pub(crate) fn element(&mut self, name: &str, value: &str, is_plain: bool) {
        let Self(document) = self;
        if document.len() > 1 {
            document.push(',');
        }
        document.push('"');
        document.push_str(name);
        document.push_str("\":");
        if is_plain {
            document.push('"');
            document.push_str(value);
            document.push('"');
        } else {
            document.push_str(&serde_json::to_string(value).expect("a text is valid JSON"));
        }
    }

    pub(crate) fn finish(self) -> String {
        let Self(mut document) = self;
        document.push('}');
        document
    }
}

/// Returns the text around the objects of a page, with the `total` of the query. A single object is not in an array.
pub(crate) fn list(element: &str, total: usize, rows: usize) -> ListFrame {
    let (name, end) = match rows {
        0 => (String::new(), "}"),
        1 => (format!(r#","{element}":"#), "}"),
        _ => (format!(r#","{element}":["#), "]}"),
    };
    ListFrame {
        start: format!(r#"{{"@total":"{total}"{name}"#).into_bytes(),
        between: ",",
        end: end.as_bytes().to_vec(),
    }
}

/// Returns a list without objects that is `null`.
pub(crate) fn null_list() -> ListFrame {
    ListFrame {
        start: b"null".to_vec(),
        between: "",
        end: Vec::new(),
    }
}

/// Returns the body of an error response.
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
    serde_json::to_vec(&Envelope { errors }).expect("a text is valid JSON")
}
