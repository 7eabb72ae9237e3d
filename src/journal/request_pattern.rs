//! Patterns for requests.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    Entry, ValuePattern,
    difference::{Difference, Part},
    path_pattern::{absolute, matches, without_trailing_slash},
    pattern_json::{read_method, read_path, read_status, read_values},
    redaction::{MASK, contains_secret, has_secrets, is_secret, is_secret_header, without_secrets},
};
use crate::{
    engine::{Element, Format, Position},
    values::write_named,
};

/// Selects requests by method, path and other parts. An empty pattern selects every request.
///
/// ```
/// use cuc_mock::RequestPattern;
///
/// let creates = RequestPattern::post("externalservices").field("DisplayName", "UMS_API");
/// let failed_reads = RequestPattern::get("externalservices/*").status(404);
/// assert_eq!(
///     failed_reads.to_string(),
///     "GET /vmrest/externalservices/* answered with 404"
/// );
/// # drop(creates);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(
        description = "Selects requests. All given conditions apply; an empty pattern selects every request."
    )
)]
pub struct RequestPattern {
    /// The method, in upper case.
    #[serde(
        deserialize_with = "read_method",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(test, schemars(with = "Option<super::pattern_json::MethodName>"))]
    pub(crate) method: Option<String>,
    /// The path: one below `/vmrest` such as `externalservices/*`, or an absolute one. `*` matches any characters but a
    /// slash, `**` any characters at all. At most 2000 bytes, not counting a leading `/vmrest/`.
    #[serde(
        deserialize_with = "read_path",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(test, schemars(with = "Option<super::pattern_json::PathText>"))]
    pub(crate) path: Option<String>,
    /// The decoded values of parameters of the query string, by name; at most 100 values, including those in lists.
    #[serde(
        deserialize_with = "read_values",
        serialize_with = "write_named",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[cfg_attr(test, schemars(schema_with = "super::pattern_json::schema::values"))]
    pub(crate) query: Vec<(String, ValuePattern)>,
    /// The values of request headers, by name; at most 100 values, including those in lists.
    #[serde(
        deserialize_with = "read_values",
        serialize_with = "write_named",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[cfg_attr(test, schemars(schema_with = "super::pattern_json::schema::values"))]
    pub(crate) headers: Vec<(String, ValuePattern)>,
    /// The decoded values of fields of the request body, by name; at most 100 values, including those in lists.
    #[serde(
        deserialize_with = "read_values",
        serialize_with = "write_named",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[cfg_attr(test, schemars(schema_with = "super::pattern_json::schema::values"))]
    pub(crate) fields: Vec<(String, ValuePattern)>,
    /// The status of the response.
    #[serde(
        deserialize_with = "read_status",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(test, schemars(with = "Option<super::pattern_json::Status>"))]
    pub(crate) status: Option<u16>,
}

impl RequestPattern {
    /// Matches every request.
    pub fn any() -> Self {
        Self::default()
    }

    /// Matches requests with this method and path.
    ///
    /// A path without a leading slash is relative to `/vmrest/`. In a path, `*` matches any characters but a slash,
    /// and `**` any characters at all.
    pub fn new(method: impl Into<String>, path: impl AsRef<str>) -> Self {
        Self::any().method(method).path(path)
    }

    /// Matches `GET` requests to `path` (see [`RequestPattern::new`] for the syntax).
    pub fn get(path: impl AsRef<str>) -> Self {
        Self::new("GET", path)
    }

    /// Matches `POST` requests to `path` (see [`RequestPattern::new`] for the syntax).
    pub fn post(path: impl AsRef<str>) -> Self {
        Self::new("POST", path)
    }

    /// Matches `PUT` requests to `path` (see [`RequestPattern::new`] for the syntax).
    pub fn put(path: impl AsRef<str>) -> Self {
        Self::new("PUT", path)
    }

    /// Matches `DELETE` requests to `path` (see [`RequestPattern::new`] for the syntax).
    pub fn delete(path: impl AsRef<str>) -> Self {
        Self::new("DELETE", path)
    }

    /// Matches only requests with this method.
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Matches only requests to this path (see [`RequestPattern::new`] for the syntax).
    pub fn path(mut self, path: impl AsRef<str>) -> Self {
        self.path = Some(absolute(path.as_ref()));
        self
    }

    /// Matches only requests that have a query parameter with this name and decoded value.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<ValuePattern>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Matches only requests that have a header with this name, in any case, and this value.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<ValuePattern>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Matches only requests with an XML or JSON body that has a field with this name and decoded value.
    pub fn field(mut self, name: impl Into<String>, value: impl Into<ValuePattern>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    /// Matches only requests that were answered with this status.
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    pub(crate) fn matches(&self, entry: &Entry) -> bool {
        self.differences(entry).next().is_none()
    }

    /// Returns every difference between the pattern and a request; none if the request matches.
    pub(super) fn differences(&self, entry: &Entry) -> impl Iterator<Item = Difference> {
        let method = self.method_difference(entry).into_iter();
        method
            .chain(self.path_difference(entry))
            .chain(self.status_difference(entry))
            .chain(self.query_differences(entry))
            .chain(self.header_differences(entry))
            .chain(self.field_differences(entry))
    }

    fn method_difference(&self, entry: &Entry) -> Option<Difference> {
        let expected = self.method.as_ref()?;
        let found = entry.method.as_str();
        (found != expected).then(|| Difference::new(Part::Method, found, expected))
    }

    fn path_difference(&self, entry: &Entry) -> Option<Difference> {
        let expected = self.path.as_ref()?;
        let found = entry.path();
        (!matches(expected, without_trailing_slash(found)))
            .then(|| Difference::new(Part::Path, found, expected))
    }

    fn status_difference(&self, entry: &Entry) -> Option<Difference> {
        let expected = self.status?;
        let found = entry.status().map(|status| status.as_u16());
        (found != Some(expected)).then(|| Difference {
            part: Part::Status,
            found: found.map(|status| status.to_string()),
            expected: expected.to_string(),
        })
    }

    fn query_differences(&self, entry: &Entry) -> impl Iterator<Item = Difference> {
        self.query.iter().filter_map(|(name, expected)| {
            let parameters = form_urlencoded::parse(entry.query().unwrap_or_default().as_bytes());
            let values = parameters.filter(|(found, _)| found == name);
            expected.difference(values.map(|(_, value)| value.into_owned()), || {
                Part::Query(name.clone())
            })
        })
    }

    fn header_differences(&self, entry: &Entry) -> impl Iterator<Item = Difference> {
        self.headers.iter().filter_map(|(name, expected)| {
            let headers = entry.headers();
            let values = headers
                .filter(|(found, _)| found.eq_ignore_ascii_case(name))
                .map(|(_, value)| String::from_utf8_lossy(value).into_owned());
            expected.difference(values, || Part::Header(name.clone()))
        })
    }

    fn field_differences(&self, entry: &Entry) -> Vec<Difference> {
        if self.fields.is_empty() {
            return Vec::new();
        }
        let elements = match Format::read_any(entry.body()) {
            Ok(elements) => elements,
            Err(error) => {
                let found = match entry.body_bytes {
                    None => "a body that was not read".to_owned(),
                    Some(0) => "no body".to_owned(),
                    Some(_) if entry.is_body_cut() => "a body that is not kept whole".to_owned(),
                    // The error may quote a secret.
                    Some(_) if has_secrets(entry) => {
                        let Position { line, column } = Position::of(entry.body(), error.at);
                        format!("a body that cannot be read from line {line}, column {column} on")
                    }
                    Some(_) => format!("a body that cannot be read: {}", error.message),
                };
                let names: Vec<_> = self.fields.iter().map(|(name, _)| name.as_str()).collect();
                let expected = format!("fields: {}", names.join(", "));
                return vec![Difference::new(Part::Body, &found, &expected)];
            }
        };
        let fields = self.fields.iter();
        let differences = fields.filter_map(|(name, expected)| {
            let values = elements.iter().filter(|element| element.name == *name);
            expected.difference(values.map(value), || Part::Field(name.clone()))
        });
        differences.collect()
    }
}

fn value(element: &Element<'_>) -> String {
    element.value.as_deref().unwrap_or("elements").to_owned()
}

impl fmt::Display for RequestPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.method.as_deref().unwrap_or("any request"))?;
        if let Some(path) = &self.path {
            let on = if self.method.is_some() { "" } else { "on " };
            write!(f, " {on}{path}")?;
        }
        let parts = [
            ("field", &self.fields, is_secret as fn(&str) -> bool),
            ("query parameter", &self.query, is_secret),
            ("header", &self.headers, is_secret_header),
        ];
        let mut word = "with";
        for (kind, values, is_secret) in parts {
            for (name, value) in values {
                write!(f, " {word} the {kind} {name} being ")?;
                match value {
                    ValuePattern::Absent => value.fmt(f)?,
                    _ if is_secret(name) => f.write_str(MASK)?,
                    _ if kind == "field" && contains_secret(&value.to_string()) => {
                        f.write_str(MASK)?;
                    }
                    _ if kind == "query parameter" => {
                        f.write_str(&without_secrets(&value.to_string()))?;
                    }
                    _ => value.fmt(f)?,
                }
                word = "and";
            }
        }
        match self.status {
            Some(status) => write!(f, " answered with {status}"),
            None => Ok(()),
        }
    }
}
