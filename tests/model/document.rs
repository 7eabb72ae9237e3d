//! Reads the objects in responses.

use std::borrow::Cow;

use quick_xml::{Reader, events::Event};
use serde_json::Value;

use super::server::JSON;

/// The names and the values of the fields of an object.
type Object = Vec<(String, String)>;

/// Returns the object in a document.
pub(super) fn object(body: &str, media_type: &str) -> Result<Object, String> {
    if media_type == JSON {
        return members(&serde_json::from_str(body).map_err(|error| format!("{error}: {body}"))?);
    }
    let (_, mut objects) = read_xml(&format!("<list>{}</list>", without_declaration(body)))?;
    objects.pop().ok_or_else(|| format!("no object: {body}"))
}

/// Returns the total and the objects of a list.
pub(super) fn list(
    body: &str,
    media_type: &str,
    element: &str,
) -> Result<(usize, Vec<Object>), String> {
    if media_type != JSON {
        return read_xml(without_declaration(body));
    }
    let list: Value = serde_json::from_str(body).map_err(|error| format!("{error}: {body}"))?;
    let total = list["@total"]
        .as_str()
        .map_or(0, |total| total.parse().unwrap_or(usize::MAX));
    let objects = match &list[element] {
        Value::Array(objects) => objects.iter().map(members).collect(),
        Value::Null => Ok(Vec::new()),
        object => Ok(vec![members(object)?]),
    };
    Ok((total, objects?))
}

fn without_declaration(body: &str) -> &str {
    body.split_once("?>").map_or(body, |(_, rest)| rest)
}

fn members(object: &Value) -> Result<Object, String> {
    let members = object
        .as_object()
        .ok_or_else(|| format!("no object: {object}"))?;
    let members = members.iter().map(|(name, value)| {
        let value = value
            .as_str()
            .ok_or_else(|| format!("{name} is no text: {value}"))?;
        Ok((name.clone(), value.to_owned()))
    });
    members.collect()
}

/// Reads the total of a list, and its objects.
fn read_xml(text: &str) -> Result<(usize, Vec<Object>), String> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let (mut total, mut depth) = (0, 0);
    let mut objects: Vec<Object> = Vec::new();
    loop {
        match reader
            .read_event()
            .map_err(|error| format!("{error}: {text}"))?
        {
            Event::Start(tag) => {
                depth += 1;
                let name = tag.name().into_inner().to_owned();
                match depth {
                    1 => {
                        let attribute = tag
                            .attributes()
                            .flatten()
                            .find(|found| found.key.into_inner() == "total");
                        total =
                            attribute.map_or(0, |found| found.value.parse().unwrap_or(usize::MAX));
                    }
                    2 => objects.push(Vec::new()),
                    _ => objects
                        .last_mut()
                        .expect("an object")
                        .push((name, String::new())),
                }
            }
            Event::End(_) => depth -= 1,
            Event::Text(part) if depth == 3 => value(&mut objects).push_str(&part),
            Event::GeneralRef(entity) if depth == 3 => {
                let resolved =
                    quick_xml::escape::unescape(&format!("&{};", &*entity)).map(Cow::into_owned);
                value(&mut objects).push_str(&resolved.map_err(|error| error.to_string())?);
            }
            Event::Eof => return Ok((total, objects)),
            _ => {}
        }
    }
}

fn value(objects: &mut [Object]) -> &mut String {
    let fields = objects.last_mut().expect("an object");
    &mut fields.last_mut().expect("a field").1
}
