//! Writing JSON: compact, every value a string, `@total` first.

use serde::{Serialize, Serializer};

/// One object, without a name around it.
pub(crate) fn record<V: Serialize>(members: impl Iterator<Item = (&'static str, V)>) -> Vec<u8> {
    let mut document = Vec::with_capacity(1024);
    serde_json::Serializer::new(&mut document)
        .collect_map(members)
        .expect("memory takes what is written to it");
    document
}

/// The `total` of what was found, and those of the objects that are on this page. A single one is
/// not in an array.
pub(crate) fn list<'r>(
    element: &str,
    total: usize,
    mut records: impl ExactSizeIterator<Item = &'r [u8]>,
) -> Vec<u8> {
    let mut document = format!(r#"{{"@total":"{total}""#).into_bytes();
    let is_array = records.len() > 1;
    if let Some(first) = records.next() {
        document.extend_from_slice(format!(r#","{element}":"#).as_bytes());
        document.extend_from_slice(if is_array { b"[" } else { b"" });
        document.extend_from_slice(first);
        for record in records {
            document.push(b',');
            document.extend_from_slice(record);
        }
        document.extend_from_slice(if is_array { b"]" } else { b"" });
    }
    document.push(b'}');
    document
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
