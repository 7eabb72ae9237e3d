//! The JSON of request patterns, the same in requests and responses:
//! `{"method": "POST", "path": "externalservices", "query": {…}, "headers": {…}, "fields": {…}, "status": 201, "provenance": "client"}`.

use std::fmt;

use axum::http::Method;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, MapAccess, Visitor, value::MapAccessDeserializer},
};

use super::{ValuePattern, path_pattern::PathPattern};
use crate::values::{Integer, parsed, read_named};

/// The longest path in bytes, without the `/vmrest/` that it is written with.
const MAX_PATH_BYTES: usize = 2_000;
/// The longest other text in bytes.
const MAX_TEXT_BYTES: usize = 64 * 1024;
/// The maximum number of values in a pattern for each part of a request.
const MAX_VALUES: usize = 100;

const METHOD: &str = "a method in upper case, such as POST";
const PATH: &str = "a path of 1 to 2000 bytes, such as externalservices/*, without a query string";

/// A method in upper case.
#[derive(Debug)]
pub(crate) struct MethodName(pub(crate) String);

impl<'de> Deserialize<'de> for MethodName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, METHOD, |text| {
            let is_upper = !text.bytes().any(|byte| byte.is_ascii_lowercase());
            Self::parse_ignoring_case(text).filter(|_| is_upper)
        })
    }
}

impl MethodName {
    /// Parses a method and converts it to upper case.
    pub(crate) fn parse_ignoring_case(text: &str) -> Option<Self> {
        let method = text.to_ascii_uppercase();
        Method::from_bytes(method.as_bytes())
            .is_ok()
            .then_some(Self(method))
    }
}

/// A path, or a pattern of paths.
#[derive(Debug)]
pub(crate) struct PathText(pub(crate) String);

impl<'de> Deserialize<'de> for PathText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer, PATH, |text| {
            let relative = text.strip_prefix("/vmrest/").unwrap_or(text);
            let has_length = !text.is_empty() && relative.len() <= MAX_PATH_BYTES;
            (has_length && !text.contains(['?', '#'])).then(|| Self(text.to_owned()))
        })
    }
}

/// The status of a response.
pub(crate) type Status = Integer<100, 999>;

pub(super) fn read_method<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let method = Option::<MethodName>::deserialize(deserializer)?;
    Ok(method.map(|MethodName(method)| method))
}

/// Reads a path and completes a relative one.
pub(super) fn read_path<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<PathPattern>, D::Error> {
    let path = Option::<PathText>::deserialize(deserializer)?;
    Ok(path.map(|PathText(path)| PathPattern::new(&path)))
}

pub(super) fn read_status<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<u16>, D::Error> {
    let status = Option::<Status>::deserialize(deserializer)?;
    Ok(status.and_then(|status| u16::try_from(status.get()).ok()))
}

pub(super) fn read_values<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<(String, ValuePattern)>, D::Error> {
    read_named::<MAX_VALUES, _, _>(deserializer)
}

impl Serialize for ValuePattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Is(text) => serializer.serialize_str(text),
            Self::StartsWith(start) => serializer.collect_map([("startswith", start)]),
            Self::Contains(part) => serializer.collect_map([("contains", part)]),
            Self::Absent => serializer.serialize_unit(),
        }
    }
}

impl<'de> Deserialize<'de> for ValuePattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValuePatternVisitor)
    }
}

struct ValuePatternVisitor;

impl<'de> Visitor<'de> for ValuePatternVisitor {
    type Value = ValuePattern;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#"a text, null, {"startswith": text}, {"contains": text}, or a list of these"#)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<ValuePattern, E> {
        limited(text.to_owned()).map(ValuePattern::Is)
    }

    fn visit_unit<E: Error>(self) -> Result<ValuePattern, E> {
        Ok(ValuePattern::Absent)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ValuePattern, A::Error> {
        let part = TextPart::deserialize(MapAccessDeserializer::new(map))?;
        match (part.startswith, part.contains) {
            (Some(start), None) => limited(start).map(ValuePattern::StartsWith),
            (None, Some(part)) => limited(part).map(ValuePattern::Contains),
            _ => Err(A::Error::custom("expected one of startswith and contains")),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextPart {
    startswith: Option<String>,
    contains: Option<String>,
}

fn limited<E: Error>(text: String) -> Result<String, E> {
    if text.len() <= MAX_TEXT_BYTES {
        return Ok(text);
    }
    Err(E::custom(format!(
        "found a text of {} bytes, expected at most {MAX_TEXT_BYTES}",
        text.len()
    )))
}

#[cfg(test)]
pub(super) mod schema {
    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
    use serde_json::Value;

    use std::collections::BTreeMap;

    use super::{MAX_TEXT_BYTES, MAX_VALUES, MethodName, PathText, ValuePattern};
    use crate::values::OneOrMany;

    /// Adds the descriptions of closures, which only responses contain.
    pub(in crate::journal) fn add_matching(schema: &mut Schema) {
        let matching = json_schema!({
            "type": "array",
            "items": { "type": "string" },
            "description": "The descriptions of conditions in the code of a Rust test.",
            "readOnly": true,
        });
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            properties.insert("matching".to_owned(), matching.into());
        }
    }

    impl JsonSchema for MethodName {
        fn inline_schema() -> bool {
            true
        }

        fn schema_name() -> std::borrow::Cow<'static, str> {
            "MethodName".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({ "type": "string", "pattern": "^[!#$%&'*+.^_`|~0-9A-Z-]+$" })
        }
    }

    impl JsonSchema for PathText {
        fn inline_schema() -> bool {
            true
        }

        fn schema_name() -> std::borrow::Cow<'static, str> {
            "PathText".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({
                "type": "string",
                "pattern": "^(/vmrest/[^?#]{0,2000}|[^?#]{1,2000})$",
            })
        }
    }

    impl JsonSchema for ValuePattern {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "ValuePattern".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            let text = json_schema!({ "type": "string", "maxLength": MAX_TEXT_BYTES });
            json_schema!({
                "description": "The accepted values: this text, a text that starts with or contains this one, or \
                    `null` if the name must not occur.",
                "anyOf": [
                    text,
                    { "type": "null" },
                    {
                        "type": "object",
                        "additionalProperties": false,
                        "required": ["startswith"],
                        "properties": { "startswith": text },
                    },
                    {
                        "type": "object",
                        "additionalProperties": false,
                        "required": ["contains"],
                        "properties": { "contains": text },
                    },
                ],
            })
        }
    }

    /// Describes an object of value patterns.
    pub(in crate::journal) fn values(generator: &mut SchemaGenerator) -> Schema {
        let mut schema =
            Option::<BTreeMap<String, OneOrMany<ValuePattern>>>::json_schema(generator);
        schema.insert("maxProperties".to_owned(), MAX_VALUES.into());
        schema
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::journal::RequestPattern;

    #[track_caller]
    fn read(json: Value) -> Result<RequestPattern, String> {
        serde_path_to_error::deserialize(json)
            .map_err(|error| format!("{}: {}", error.path(), error.inner()))
    }

    #[test]
    fn a_written_pattern_reads_back() {
        let json = json!({
            "method": "POST",
            "path": "/vmrest/externalservices/*",
            "query": { "a": "1", "b": null },
            "headers": { "accept": { "startswith": "application/" } },
            "fields": { "DisplayName": [{ "contains": "x" }, { "contains": "y" }] },
            "status": 201,
            "provenance": "inferred",
        });
        let pattern = read(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(&pattern).unwrap(), json);
        assert_eq!(read(json!({})).unwrap(), RequestPattern::any());
        assert_eq!(
            serde_json::to_value(RequestPattern::any()).unwrap(),
            json!({})
        );
    }

    #[test]
    fn the_longest_path_reads_back_with_vmrest_before_it() {
        let longest = "x".repeat(MAX_PATH_BYTES);
        let pattern = read(json!({ "path": longest })).unwrap();
        let written = serde_json::to_value(&pattern).unwrap();
        assert_eq!(written, json!({ "path": format!("/vmrest/{longest}") }));
        assert_eq!(read(written).unwrap(), pattern);
        assert!(read(json!({ "path": format!("/vmrest/{longest}x") })).is_err());
    }

    #[test]
    fn a_path_without_a_slash_is_relative_to_vmrest() {
        let pattern = read(json!({ "path": "externalservices" })).unwrap();
        let expected = RequestPattern::any().path("/vmrest/externalservices");
        assert_eq!(pattern, expected);
    }

    #[test]
    fn an_invalid_pattern_is_rejected_with_the_place_and_the_reason() {
        for (json, error) in [
            (
                json!({ "method": "post" }),
                r#"method: invalid value: string "post", expected a method in upper case, such as POST"#,
            ),
            (
                json!({ "path": "a?b=c" }),
                r#"path: invalid value: string "a?b=c", expected a path of 1 to 2000 bytes, such as externalservices/*, without a query string"#,
            ),
            (
                json!({ "status": 99 }),
                "status: invalid value: integer `99`, expected a whole number from 100 to 999",
            ),
            (
                json!({ "provenance": "guessed" }),
                "provenance: unknown variant `guessed`, expected one of `documented`, `captured`, `client`, `inferred`",
            ),
            (
                json!({ "query": { "a": 1 } }),
                r#"query.a: invalid type: integer `1`, expected a text, null, {"startswith": text}, {"contains": text}, or a list of these"#,
            ),
            (
                json!({ "headers": { "a": {} } }),
                "headers.a: expected one of startswith and contains",
            ),
            (
                json!({ "fields": { "a": vec!["x"; MAX_VALUES + 1] } }),
                "fields: found 101 values, expected at most 100",
            ),
            (
                json!({ "fields": (0..=MAX_VALUES).map(|n| (n.to_string(), json!([]))).collect::<Value>() }),
                "fields: found 101 values, expected at most 100",
            ),
            (
                json!({ "fields": { "a": "x".repeat(MAX_TEXT_BYTES + 1) } }),
                "fields.a: found a text of 65537 bytes, expected at most 65536",
            ),
            (
                json!({ "fields": ["a"] }),
                "fields: invalid type: sequence, expected a map",
            ),
            (
                json!({ "verb": "GET" }),
                "verb: unknown field `verb`, expected one of `method`, `path`, `query`, `headers`, `fields`, `status`, `provenance`",
            ),
        ] {
            assert_eq!(read(json).unwrap_err(), error);
        }
    }
}
