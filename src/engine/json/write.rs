//! Writes JSON: compact, every value a string, `@total` first.

use serde::Serialize;

use crate::{
    engine::{escaping::is_plain, list_frame::ListFrame},
    schema::Kind,
};

/// Writes an object, without a name around it, into `text`, which is empty, and returns it.
pub(crate) fn object<'e, V: AsRef<str>>(
    elements: impl Iterator<Item = (&'e str, &'e Kind, V)>,
    mut text: String,
) -> String {
    text.push('{');
    for (name, kind, value) in elements {
        let value = value.as_ref();
        if text.len() > 1 {
            text.push(',');
        }
        text.push('"');
        text.push_str(name);
        text.push_str("\":");
        if is_plain(kind, value) {
            text.push('"');
            text.push_str(value);
            text.push('"');
        } else {
            text.push_str(&serde_json::to_string(value).expect("a text is valid JSON"));
        }
    }
    text.push('}');
    text
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
