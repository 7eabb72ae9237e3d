//! Responses that a fault defines.

use std::{fmt, str};

use axum::http::Response;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, MapAccess, Visitor, value::MapAccessDeserializer},
};

use crate::{
    engine::{MAX_HEADERS, check_limits, parse_header},
    values::{integer, null_as_default, parsed, read_named, write_named},
};

/// A response that a fault defines. A response with the status 204 or 304 has no body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(extend("anyOf" = [
    { "properties": { "status": { "not": { "enum": [204, 304] } } } },
    { "properties": { "body": { "enum": ["", null] } } },
])))]
pub(crate) struct CustomResponse {
    #[serde(deserialize_with = "integer::<200, 999, _, _>")]
    #[cfg_attr(test, schemars(with = "crate::values::Integer<200, 999>"))]
    pub(crate) status: u16,
    /// The value of each header, or a list of its values: at most 100 values, each with its name at most 8192 bytes.
    /// The server sets `Connection`, `Content-Length`, `Keep-Alive`, `Proxy-Connection`, `TE`, `Trailer`,
    /// `Transfer-Encoding` and `Upgrade` itself; they are rejected.
    #[serde(
        default,
        deserialize_with = "read_named::<MAX_HEADERS, _, _>",
        serialize_with = "write_named",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[cfg_attr(test, schemars(schema_with = "schema::headers"))]
    pub(crate) headers: Vec<(String, String)>,
    /// A text, or bytes in base64; at most 1 MiB.
    #[serde(default, deserialize_with = "null_as_default")]
    #[cfg_attr(test, schemars(with = "Option<ResponseBody>"))]
    pub(crate) body: ResponseBody,
}

/// The body of a custom response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ResponseBody(pub(crate) Bytes);

impl CustomResponse {
    /// Converts to an HTTP response, or returns the reason why that is impossible.
    pub(crate) fn response(&self) -> Result<Response<Bytes>, String> {
        let ResponseBody(body) = &self.body;
        let status = check_limits(self.status, self.headers.len(), body.len())?;
        let mut response = Response::new(body.clone());
        *response.status_mut() = status;
        for (name, value) in &self.headers {
            let (name, value) = parse_header(name, value)?;
            response.headers_mut().append(name, value);
        }
        Ok(response)
    }
}

/// Bytes in base64.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Encoded {
    #[serde(deserialize_with = "read_base64", serialize_with = "write_base64")]
    base64: Bytes,
}

fn read_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
    parsed(deserializer, "bytes in base64", |text| {
        STANDARD.decode(text).ok().map(Bytes::from)
    })
}

fn write_base64<S: Serializer>(bytes: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&STANDARD.encode(bytes))
}

impl Serialize for ResponseBody {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match str::from_utf8(&self.0) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => {
                let base64 = self.0.clone();
                Encoded { base64 }.serialize(serializer)
            }
        }
    }
}

impl<'de> Deserialize<'de> for ResponseBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BodyVisitor)
    }
}

struct BodyVisitor;

impl<'de> Visitor<'de> for BodyVisitor {
    type Value = ResponseBody;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#"a text or {"base64": text}"#)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<ResponseBody, E> {
        Ok(ResponseBody(text.to_owned().into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ResponseBody, A::Error> {
        let encoded = Encoded::deserialize(MapAccessDeserializer::new(map))?;
        Ok(ResponseBody(encoded.base64))
    }
}

#[cfg(test)]
pub(super) use schema::header_value as header_value_schema;

#[cfg(test)]
mod schema {
    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    use super::ResponseBody;
    use crate::engine::{MAX_HEADER_BYTES, MAX_HEADERS};

    const HEADER_VALUE: &str = "^[^\\u0000-\\u0008\\u000a-\\u001f\\u007f]*$";

    pub(in crate::faults) fn header_value(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "maxLength": MAX_HEADER_BYTES, "pattern": HEADER_VALUE })
    }

    pub(super) fn headers(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["object", "null"],
            "maxProperties": MAX_HEADERS,
            "propertyNames": { "pattern": "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" },
            "additionalProperties": {
                "anyOf": [
                    { "type": "string", "pattern": HEADER_VALUE },
                    { "type": "array", "items": { "type": "string", "pattern": HEADER_VALUE } },
                ],
            },
        })
    }

    impl JsonSchema for ResponseBody {
        fn inline_schema() -> bool {
            true
        }

        fn schema_name() -> std::borrow::Cow<'static, str> {
            "ResponseBody".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            let base64 =
                "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$";
            json_schema!({
                "anyOf": [
                    { "type": "string" },
                    {
                        "type": "object",
                        "additionalProperties": false,
                        "required": ["base64"],
                        "properties": {
                            "base64": { "type": "string", "contentEncoding": "base64", "pattern": base64 },
                        },
                    },
                ],
            })
        }
    }
}
