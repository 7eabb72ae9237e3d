//! Patterns for requests.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    DecodedRequest, Entry, JournalEntry, ValuePattern,
    difference::{Difference, Part},
    path_pattern::PathPattern,
    pattern_json::{read_method, read_path, read_status, read_values},
    predicate::Predicate,
    redaction::{MASK, holds_secret, is_secret, path_without_secrets},
};
use crate::{engine::Position, schema::Provenance, values::write_named};

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
        description = "Selects requests. All given conditions apply; an empty pattern selects every request.",
        transform = super::pattern_json::schema::add_matching
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
    pub(crate) path: Option<PathPattern>,
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
    /// The provenance of the response, or of the rule that rejected the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) provenance: Option<Provenance>,
    /// The descriptions of conditions in the code of a Rust test.
    #[serde(skip_deserializing, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, schemars(skip))]
    pub(super) matching: Vec<Predicate>,
}

impl RequestPattern {
    /// Matches every request.
    pub fn any() -> Self {
        Self::default()
    }

    /// Matches requests with this method and path.
    ///
    /// A path without a leading slash is relative to `/vmrest/`. In a path, `*` matches any characters but a slash,
    /// and `**` any characters at all. It is compared with the path as it was sent, and without doubled slashes and path
    /// parameters such as `;jsessionid=A`.
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
        self.path = Some(PathPattern::new(path.as_ref()));
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

    /// Matches only requests whose response relies on a fact of this provenance: the response has this mark, or the rule
    /// that rejected the request does. A failed verification shows the inferred facts.
    ///
    /// ```
    /// use cuc_mock::{CucMock, Provenance, RequestPattern};
    ///
    /// let mock = CucMock::start_blocking();
    /// # ureq::get(format!("http://admin:secret@{}/vmrest/tenants", mock.address())).call().unwrap();
    /// // … what the test does …
    /// mock.verify_blocking(RequestPattern::any().provenance(Provenance::Inferred).never());
    /// ```
    pub fn provenance(mut self, provenance: Provenance) -> Self {
        self.provenance = Some(provenance);
        self
    }

    /// Matches only requests for which the closure returns true. A failed verification shows the description.
    ///
    /// The closure is called only for requests that match all other conditions. Its request contains the secrets. It has
    /// no response in a fault, and while it is in progress; the closure is called again when there is one.
    ///
    /// ```
    /// use cuc_mock::RequestPattern;
    ///
    /// let creates = RequestPattern::post("externalservices")
    ///     .matching("a short name", |request| request.field("DisplayName").is_some_and(|name| name.len() < 20));
    /// assert_eq!(creates.to_string(), r#"POST /vmrest/externalservices matching "a short name""#);
    /// ```
    pub fn matching(
        mut self,
        description: impl Into<String>,
        closure: impl Fn(&JournalEntry) -> bool + Send + Sync + 'static,
    ) -> Self {
        let predicate = Predicate::new(description.into(), closure);
        self.matching.push(predicate);
        self
    }

    pub(crate) fn matches(&self, entry: &Entry) -> bool {
        self.has_expected_response(entry) && self.matches_request(entry) && self.holds_for(entry)
    }

    /// Returns whether the pattern has a condition on the response, other than a closure.
    pub(crate) fn selects_responses(&self) -> bool {
        self.status.is_some() || self.provenance.is_some()
    }

    /// Returns whether a response can make a request match that does not match yet.
    pub(super) fn depends_on_response(&self) -> bool {
        self.selects_responses() || !self.matching.is_empty()
    }

    /// Returns whether the response to a request matches. Everything else matches already.
    pub(super) fn matches_response(&self, entry: &Entry) -> bool {
        self.has_expected_response(entry) && self.holds_for(entry)
    }

    /// Returns whether all closures return true.
    fn holds_for(&self, entry: &Entry) -> bool {
        let mut predicates = self.matching.iter();
        predicates.all(|predicate| predicate.holds_for(entry))
    }

    /// Returns whether the response to a request has the expected status, if one is expected.
    fn matches_status(&self, entry: &Entry) -> bool {
        let status = || entry.status().map(|status| status.as_u16());
        self.status.is_none() || self.status == status()
    }

    /// Returns whether the response relies on a fact of the expected provenance, if one is expected.
    fn matches_provenance(&self, entry: &Entry) -> bool {
        self.provenance.is_none_or(|expected| {
            let response = entry.response();
            response.is_some_and(|response| response.relies_on(expected))
        })
    }

    /// Returns whether the response has the expected status and provenance.
    fn has_expected_response(&self, entry: &Entry) -> bool {
        self.matches_status(entry) && self.matches_provenance(entry)
    }

    /// Returns whether everything matches that does not depend on the response.
    pub(super) fn matches_request(&self, entry: &Entry) -> bool {
        self.matches_head(entry)
            && (self.has_no_values() || self.matches_values(&DecodedRequest::new(entry)))
    }

    /// Returns whether everything but the status and the provenance matches a request that is compared with several patterns.
    pub(crate) fn matches_decoded(&self, request: &DecodedRequest<'_>) -> bool {
        self.matches_head(request.entry)
            && self.matches_values(request)
            && self.holds_for(request.entry)
    }

    /// Returns whether the method and the path match.
    pub(crate) fn matches_head(&self, entry: &Entry) -> bool {
        self.matches_method(entry) && self.matches_path(entry)
    }

    fn has_no_values(&self) -> bool {
        self.query.is_empty() && self.headers.is_empty() && self.fields.is_empty()
    }

    fn matches_values(&self, request: &DecodedRequest<'_>) -> bool {
        all_accept(&self.query, |name| request.parameters(name))
            && all_accept(&self.headers, |name| request.headers(name))
            && self.matches_fields(request)
    }

    fn matches_method(&self, entry: &Entry) -> bool {
        let method = self.method.as_deref();
        method.is_none_or(|expected| entry.method.as_str() == expected)
    }

    fn matches_path(&self, entry: &Entry) -> bool {
        let path = self.path.as_ref();
        path.is_none_or(|expected| expected.matches(entry.path_bytes()))
    }

    fn matches_fields(&self, request: &DecodedRequest<'_>) -> bool {
        self.fields.is_empty()
            || request
                .fields()
                .is_ok_and(|fields| all_accept(&self.fields, |name| fields.values(name)))
    }

    /// Counts the differences, without describing them. A body that cannot be decoded counts more than one in which every
    /// field differs.
    pub(super) fn difference_weight(&self, request: &DecodedRequest<'_>) -> usize {
        let entry = request.entry;
        let matches = [
            self.matches_method(entry),
            self.matches_path(entry),
            self.matches_status(entry),
            self.matches_provenance(entry),
        ];
        let fields = if self.fields.is_empty() {
            0
        } else {
            let fields = request.fields();
            fields.map_or(self.fields.len() + 1, |fields| {
                mismatches(&self.fields, |name| fields.values(name)).count()
            })
        };
        let weight = matches.iter().filter(|matches| !**matches).count()
            + mismatches(&self.query, |name| request.parameters(name)).count()
            + mismatches(&self.headers, |name| request.headers(name)).count()
            + fields;
        match weight {
            0 => self.predicate_differences(entry).count(),
            weight => weight,
        }
    }

    fn predicate_differences(&self, entry: &Entry) -> impl Iterator<Item = Difference> {
        let predicates = self.matching.iter();
        predicates
            .filter(|predicate| !predicate.holds_for(entry))
            .map(|predicate| Difference::new(Part::Predicate, "false", predicate.description()))
    }

    /// Returns every difference between the pattern and a request; none if the request matches.
    pub(super) fn differences(&self, request: &DecodedRequest<'_>) -> Vec<Difference> {
        let entry = request.entry;
        let mut differences = Vec::new();
        differences.extend(self.method_difference(entry));
        differences.extend(self.path_difference(entry));
        differences.extend(self.status_difference(entry));
        differences.extend(self.provenance_difference(entry));
        differences.extend(value_differences(
            &self.query,
            |name| request.parameters(name),
            Part::Query,
        ));
        differences.extend(value_differences(
            &self.headers,
            |name| request.headers(name),
            Part::Header,
        ));
        self.add_field_differences(request, &mut differences);
        if differences.is_empty() {
            differences.extend(self.predicate_differences(entry));
        }
        differences
    }

    fn method_difference(&self, entry: &Entry) -> Option<Difference> {
        let expected = self.method.as_ref()?;
        let found = entry.method.as_str();
        (!self.matches_method(entry)).then(|| Difference::new(Part::Method, found, expected))
    }

    fn path_difference(&self, entry: &Entry) -> Option<Difference> {
        let expected = self.path.as_ref()?;
        (!self.matches_path(entry))
            .then(|| Difference::new(Part::Path, entry.path(), expected.as_str()))
    }

    fn status_difference(&self, entry: &Entry) -> Option<Difference> {
        let expected = self.status?;
        let found = entry.status().map(|status| status.as_u16());
        (!self.matches_status(entry)).then(|| Difference {
            part: Part::Status,
            found: found.map(|status| status.to_string()),
            expected: expected.to_string(),
        })
    }

    fn provenance_difference(&self, entry: &Entry) -> Option<Difference> {
        let expected = self.provenance?;
        let found = entry.response().and_then(|response| response.provenance);
        (!self.matches_provenance(entry)).then(|| Difference {
            part: Part::Provenance,
            found: found.map(|provenance| provenance.to_string()),
            expected: expected.to_string(),
        })
    }

    fn add_field_differences(
        &self,
        request: &DecodedRequest<'_>,
        differences: &mut Vec<Difference>,
    ) {
        if self.fields.is_empty() {
            return;
        }
        let entry = request.entry;
        let error = match request.fields() {
            Ok(fields) => {
                let values = |name| fields.values(name);
                return differences.extend(value_differences(&self.fields, values, Part::Field));
            }
            Err(error) => error,
        };
        let found = match entry.body_bytes {
            None => "a body that was not read".to_owned(),
            Some(0) => "no body".to_owned(),
            Some(_) if entry.is_body_cut() => "a body that is not kept whole".to_owned(),
            Some(_) => {
                let Position { line, column } = entry.body_text().position(error.at);
                let place = format!("line {line}, column {column}");
                format!("a body that cannot be read: {place}: {}", error.reason)
            }
        };
        let names: Vec<_> = self.fields.iter().map(|(name, _)| name.as_str()).collect();
        let expected = format!("fields: {}", names.join(", "));
        differences.push(Difference::new(Part::Body, &found, &expected));
    }
}

/// Returns whether each pattern accepts the values of its name.
fn all_accept<'a, V: Iterator<Item = &'a str>>(
    patterns: &'a [(String, ValuePattern)],
    values: impl Fn(&'a str) -> V,
) -> bool {
    mismatches(patterns, values).next().is_none()
}

/// Returns the patterns that do not accept the values of their name, with the name.
fn mismatches<'a, V: Iterator<Item = &'a str>>(
    patterns: &'a [(String, ValuePattern)],
    values: impl Fn(&'a str) -> V,
) -> impl Iterator<Item = &'a (String, ValuePattern)> {
    let patterns = patterns.iter();
    patterns.filter(move |(name, expected)| !expected.accepts(values(name)))
}

/// Returns the differences between patterns and the values of their names.
fn value_differences<'a, V: Iterator<Item = &'a str>>(
    patterns: &'a [(String, ValuePattern)],
    values: impl Fn(&'a str) -> V + Copy,
    part: fn(String) -> Part,
) -> impl Iterator<Item = Difference> {
    mismatches(patterns, values).map(move |(name, expected)| Difference {
        part: part(name.clone()),
        found: values(name).next().map(str::to_owned),
        expected: expected.to_string(),
    })
}

impl fmt::Display for RequestPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.method.as_deref().unwrap_or("any request"))?;
        if let Some(path) = &self.path {
            let on = if self.method.is_some() { "" } else { "on " };
            write!(f, " {on}{}", path_without_secrets(path.as_str()))?;
        }
        let parts = [
            ("field", &self.fields),
            ("query parameter", &self.query),
            ("header", &self.headers),
        ];
        let mut word = "with";
        for (kind, values) in parts {
            for (name, value) in values {
                write!(f, " {word} the {kind} {name} being ")?;
                match value {
                    ValuePattern::Absent => value.fmt(f)?,
                    _ if is_secret(name) || holds_secret(&value.to_string()) => {
                        f.write_str(MASK)?;
                    }
                    _ => value.fmt(f)?,
                }
                word = "and";
            }
        }
        if let Some(status) = self.status {
            write!(f, " answered with {status}")?;
        }
        if let Some(provenance) = self.provenance {
            write!(f, " relying on {provenance} facts")?;
        }
        let mut word = "matching";
        for predicate in &self.matching {
            write!(f, " {word} {:?}", predicate.description())?;
            word = "and";
        }
        Ok(())
    }
}
