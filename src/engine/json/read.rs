//! Reading JSON: the bare object, or the object under its own name.

use std::borrow::Cow;

use serde_json::{Map, Value, error::Category};

use crate::engine::{
    member::{Flaw, Member},
    text::{decode, is_carried, not_carried, shorten},
};

/// The members of the one object that `document` holds, bare or as the one value of `element`.
pub(crate) fn object<'a>(document: &'a [u8], element: &str) -> Result<Vec<Member<'a>>, Flaw> {
    let (text, skipped) = decode(document)?;
    let value = serde_json::from_str(text).map_err(|error| flaw(text, skipped, &error))?;
    let Value::Object(mut object) = value else {
        return Err(Flaw::new(skipped, "the body is no object, expected { … }"));
    };
    if let Some(wrapped) = wrapped(&mut object, element) {
        object = wrapped;
    }
    object
        .into_iter()
        .filter_map(|(name, value)| member(skipped, name, value).transpose())
        .collect()
}

/// What stands under the object's own name, if there is nothing else.
fn wrapped(object: &mut Map<String, Value>, element: &str) -> Option<Map<String, Value>> {
    if object.len() != 1 {
        return None;
    }
    match object.remove(element) {
        Some(Value::Object(inner)) => Some(inner),
        Some(other) => {
            object.insert(element.to_owned(), other);
            None
        }
        None => None,
    }
}

/// A member; `null` is none.
fn member(at: usize, name: String, value: Value) -> Result<Option<Member<'static>>, Flaw> {
    let text = match value {
        Value::Null => return Ok(None),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text),
        Value::Array(_) | Value::Object(_) => None,
    };
    if let Some(found) = text
        .iter()
        .flat_map(|text| text.chars())
        .find(|c| !is_carried(*c))
    {
        let message = format!("in {}: {}", shorten(&name), not_carried(found));
        return Err(Flaw::new(at, message));
    }
    Ok(Some(Member {
        name: Cow::Owned(name),
        value: text.map(Cow::Owned),
        at,
    }))
}

/// Puts what the parser refused into our own words.
fn flaw(text: &str, skipped: usize, error: &serde_json::Error) -> Flaw {
    let message = match error.classify() {
        Category::Eof => "the document ends before its object is closed",
        Category::Syntax | Category::Data | Category::Io => "this is not well-formed JSON",
    };
    let lines = text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1));
    let at = lines.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
    Flaw::new(at + skipped, message)
}
