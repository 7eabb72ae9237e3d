//! Which requests are meant, as the control plane reads and writes it:
//! `{"method": "POST", "path": "externalservices", "query": {…}, "headers": {…}, "fields": {…}, "status": 201}`.
//!
//! Under `query`, `headers` and `fields` stands what the value of each name must be: a text (just this), `null` (not
//! there at all), `{"startswith": text}`, `{"contains": text}`, or a list of these (all of them).

use std::collections::BTreeMap;

use axum::http::Method;
use serde::{Serialize, Serializer};

use super::{
    Refusal,
    input::{At, Object, Taken},
};
use crate::journal::{RequestPattern, ValuePattern};

/// How long a path may be, in bytes, without the `/vmrest/` that it is written with.
const LONGEST_PATH: usize = 2_000;
/// How long any other text may be, in bytes.
const LONGEST_TEXT: usize = 64 * 1024;
/// How many values may be asked for in each part of a request.
const MOST_VALUES: usize = 100;

/// The requests that an object stands for.
pub(super) fn requests(at: At) -> Taken<RequestPattern> {
    let mut object = at.object()?;
    let requests = requests_in(&mut object)?;
    object.finish()?;
    Ok(requests)
}

/// The requests that some members of an object stand for.
pub(super) fn requests_in(object: &mut Object) -> Taken<RequestPattern> {
    let mut requests = RequestPattern {
        method: object.optional("method", method)?,
        ..RequestPattern::any()
    };
    if let Some(path) = object.optional("path", path)? {
        requests = requests.path(path);
    }
    requests.query = object.optional("query", values)?.unwrap_or_default();
    requests.headers = object.optional("headers", values)?.unwrap_or_default();
    requests.fields = object.optional("fields", values)?.unwrap_or_default();
    requests.status = object.optional("status", status)?;
    Ok(requests)
}

/// What is expected of a method.
pub(super) const METHOD: &str = "a method in upper case, such as POST";
/// What is expected of a path.
pub(super) const PATH: &str =
    "a path of 1 to 2000 bytes, such as externalservices/*, without a query string";

/// A method that requests can have.
pub(super) fn method_of(text: &str) -> Option<String> {
    let is_method = Method::from_bytes(text.as_bytes()).is_ok();
    let is_upper = !text.bytes().any(|byte| byte.is_ascii_lowercase());
    (is_method && is_upper).then(|| text.to_owned())
}

/// A path that requests can have, or a pattern of some.
pub(super) fn path_of(text: &str) -> Option<String> {
    let below = text.strip_prefix("/vmrest/").unwrap_or(text);
    let fits = !text.is_empty() && below.len() <= LONGEST_PATH;
    (fits && !text.contains(['?', '#'])).then(|| text.to_owned())
}

fn method(at: At) -> Taken<String> {
    at.parsed(METHOD, method_of)
}

fn path(at: At) -> Taken<String> {
    at.parsed(PATH, path_of)
}

fn status(at: At) -> Taken<u16> {
    let status = at.whole(100, 999)?;
    Ok(u16::try_from(status).unwrap_or_default())
}

/// What the value of each name must be.
fn values(at: At) -> Taken<Vec<(String, ValuePattern)>> {
    let too_many = at.refuse(&format!("at most {MOST_VALUES} values"));
    let mut read = Vec::new();
    for (name, at) in at.object()?.rest() {
        if at.value.is_array() {
            for at in at.list()? {
                read.push((name.clone(), value(at)?));
            }
        } else {
            read.push((name, value(at)?));
        }
        if read.len() > MOST_VALUES {
            return Err(too_many);
        }
    }
    Ok(read)
}

fn value(at: At) -> Taken<ValuePattern> {
    if at.value.is_null() {
        return Ok(ValuePattern::Absent);
    }
    if !at.value.is_object() {
        let expected = r#"a text, null, {"startswith": text} or {"contains": text}"#;
        let text = at.parsed(expected, |text| Some(text.to_owned()))?;
        return within_bounds(text).map(ValuePattern::Is);
    }
    let mut object = at.object()?;
    let start = object.optional("startswith", At::text)?;
    let part = object.optional("contains", At::text)?;
    let not_one = object.refuse("one of startswith and contains");
    object.finish()?;
    match (start, part) {
        (Some(start), None) => within_bounds(start).map(ValuePattern::StartsWith),
        (None, Some(part)) => within_bounds(part).map(ValuePattern::Contains),
        _ => Err(not_one),
    }
}

fn within_bounds(text: String) -> Taken<String> {
    if text.len() <= LONGEST_TEXT {
        return Ok(text);
    }
    let error = format!(
        "found a text of {} bytes, expected at most {LONGEST_TEXT}",
        text.len()
    );
    Err(Refusal::bad(error))
}

/// The same as it is read.
#[derive(Debug, Serialize)]
pub(super) struct Pattern<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Values::is_empty")]
    query: Values<'a>,
    #[serde(skip_serializing_if = "Values::is_empty")]
    headers: Values<'a>,
    #[serde(skip_serializing_if = "Values::is_empty")]
    fields: Values<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
}

impl<'a> From<&'a RequestPattern> for Pattern<'a> {
    fn from(requests: &'a RequestPattern) -> Self {
        Self {
            method: requests.method.as_deref(),
            path: requests.path.as_deref(),
            query: Values(&requests.query),
            headers: Values(&requests.headers),
            fields: Values(&requests.fields),
            status: requests.status,
        }
    }
}

#[derive(Debug)]
struct Values<'a>(&'a [(String, ValuePattern)]);

impl Values<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut by_name = BTreeMap::<_, Vec<_>>::new();
        for (name, value) in self.0 {
            by_name.entry(name).or_default().push(Written::from(value));
        }
        let by_name = by_name.into_iter().map(|(name, mut values)| {
            let value = match values.len() {
                1 => values.remove(0),
                _ => Written::All(values),
            };
            (name, value)
        });
        serializer.collect_map(by_name)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Written<'a> {
    StartsWith(&'a str),
    Contains(&'a str),
    #[serde(untagged)]
    Is(&'a str),
    #[serde(untagged)]
    Absent,
    #[serde(untagged)]
    All(Vec<Written<'a>>),
}

impl<'a> From<&'a ValuePattern> for Written<'a> {
    fn from(value: &'a ValuePattern) -> Self {
        match value {
            ValuePattern::Is(text) => Self::Is(text),
            ValuePattern::StartsWith(text) => Self::StartsWith(text),
            ValuePattern::Contains(text) => Self::Contains(text),
            ValuePattern::Absent => Self::Absent,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn read(json: &serde_json::Value) -> Taken<RequestPattern> {
        let mut object = Object::read(json.to_string().as_bytes())?;
        let requests = requests_in(&mut object)?;
        object.finish()?;
        Ok(requests)
    }

    #[test]
    fn what_is_written_reads_back() {
        let json = json!({
            "method": "POST",
            "path": "/vmrest/externalservices/*",
            "query": { "a": "1", "b": null },
            "headers": { "accept": { "startswith": "application/" } },
            "fields": { "DisplayName": [{ "contains": "x" }, { "contains": "y" }] },
            "status": 201,
        });
        let requests = read(&json).unwrap();
        let written = serde_json::to_value(Pattern::from(&requests)).unwrap();
        assert_eq!(written, json);
        assert_eq!(read(&json!({})).unwrap(), RequestPattern::any());
    }

    #[test]
    fn the_longest_path_reads_back_with_vmrest_before_it() {
        let longest = "x".repeat(LONGEST_PATH);
        let requests = read(&json!({ "path": longest })).unwrap();
        let written = serde_json::to_value(Pattern::from(&requests)).unwrap();
        assert_eq!(written, json!({ "path": format!("/vmrest/{longest}") }));
        assert_eq!(read(&written).unwrap(), requests);
        let longer = format!("/vmrest/{longest}x");
        assert!(read(&json!({ "path": longer })).is_err());
    }

    #[test]
    fn a_path_without_a_slash_is_one_below_vmrest() {
        let requests = read(&json!({ "path": "externalservices" })).unwrap();
        assert_eq!(
            requests,
            RequestPattern::any().path("/vmrest/externalservices")
        );
    }

    #[test]
    fn what_cannot_be_taken_is_refused_where_it_stands() {
        let refused = |json| read(&json).unwrap_err().error;
        for (json, error) in [
            (
                json!({ "method": "post" }),
                r#"method is "post", expected a method in upper case, such as POST"#,
            ),
            (
                json!({ "path": "a?b=c" }),
                r#"path is "a?b=c", expected a path of 1 to 2000 bytes, such as externalservices/*, without a query string"#,
            ),
            (
                json!({ "status": 99 }),
                "status is 99, expected a whole number from 100 to 999",
            ),
            (
                json!({ "query": { "a": 1 } }),
                r#"query.a is 1, expected a text, null, {"startswith": text} or {"contains": text}"#,
            ),
            (
                json!({ "headers": { "a": {} } }),
                "headers.a: expected one of startswith and contains",
            ),
            (
                json!({ "fields": ["a"] }),
                "fields is a list, expected an object",
            ),
            (
                json!({ "verb": "GET" }),
                r#"found "verb", expected method, path, query, headers, fields, status"#,
            ),
        ] {
            assert_eq!(refused(json), error);
        }
    }
}
