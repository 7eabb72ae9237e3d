//! Which requests are meant.

use std::fmt;

use super::{
    Entry,
    redaction::{MASK, has_secrets, is_secret, is_secret_header, without_secrets},
};
use crate::engine::{Element, Format, Position};

/// Which requests are meant: those with this method, this path, and so on. Nothing said, all of them.
///
/// ```
/// use cuc_mock::RequestPattern;
///
/// let creates = RequestPattern::post("externalservices").field("DisplayName", "UMS_API");
/// let one_of_them = RequestPattern::get("externalservices/*").status(404);
/// assert_eq!(
///     one_of_them.to_string(),
///     "GET /vmrest/externalservices/* answered with 404"
/// );
/// # drop(creates);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestPattern {
    pub(crate) method: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) query: Vec<(String, ValuePattern)>,
    pub(crate) headers: Vec<(String, ValuePattern)>,
    pub(crate) fields: Vec<(String, ValuePattern)>,
    pub(crate) status: Option<u16>,
}

/// What a value must be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValuePattern {
    /// Just this.
    Is(String),
    /// This, and whatever follows.
    StartsWith(String),
    /// This, somewhere in it.
    Contains(String),
    /// Not there at all.
    Absent,
}

/// In what a request differs from those that are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) part: Part,
    /// What the request has there; `None` when it has nothing.
    pub(crate) found: Option<String>,
    pub(crate) expected: String,
}

/// A part of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Method,
    Path,
    Query(String),
    Header(String),
    Field(String),
    /// The body as a whole, which could not be decoded.
    Body,
    Status,
}

impl RequestPattern {
    /// All requests.
    pub fn any() -> Self {
        Self::default()
    }

    /// Those with this method, on this path.
    ///
    /// A path without a slash at its beginning is one below `/vmrest`. In it `*` stands for what has no
    /// slash in it, and `**` for anything.
    pub fn new(method: impl Into<String>, path: impl AsRef<str>) -> Self {
        Self::any().method(method).path(path)
    }

    /// Those that get from this path, as [`RequestPattern::new`] takes it.
    pub fn get(path: impl AsRef<str>) -> Self {
        Self::new("GET", path)
    }

    /// Those that post to this path, as [`RequestPattern::new`] takes it.
    pub fn post(path: impl AsRef<str>) -> Self {
        Self::new("POST", path)
    }

    /// Those that put to this path, as [`RequestPattern::new`] takes it.
    pub fn put(path: impl AsRef<str>) -> Self {
        Self::new("PUT", path)
    }

    /// Those that delete this path, as [`RequestPattern::new`] takes it.
    pub fn delete(path: impl AsRef<str>) -> Self {
        Self::new("DELETE", path)
    }

    /// Those with this method.
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Those on this path, as [`RequestPattern::new`] takes it.
    pub fn path(mut self, path: impl AsRef<str>) -> Self {
        let path = path.as_ref();
        let path = match path.starts_with(['/', '*']) {
            true => path.to_owned(),
            false => format!("/vmrest/{path}"),
        };
        self.path = Some(without_slash(&path).to_owned());
        self
    }

    /// Those whose query string has a parameter of this name, with this value once it is decoded.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<ValuePattern>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Those that have a header of this name, in any case, with this value.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<ValuePattern>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Those whose body, XML or JSON, holds a field of this name with this value once it is decoded.
    pub fn field(mut self, name: impl Into<String>, value: impl Into<ValuePattern>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    /// Those that were answered with this status.
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Whether this request is one of them.
    pub(crate) fn include(&self, entry: &Entry) -> bool {
        self.differences(entry).next().is_none()
    }

    /// In what this request differs from them; nothing when it is one of them.
    pub(crate) fn differences(&self, entry: &Entry) -> impl Iterator<Item = Difference> {
        let head = self.method_differs(entry).into_iter();
        let head = head.chain(self.path_differs(entry));
        let head = head.chain(self.status_differs(entry));
        let query = self.query.iter().filter_map(|(name, expected)| {
            let decoded = form_urlencoded::parse(entry.query().unwrap_or_default().as_bytes());
            let values = decoded.filter(|(found, _)| found == name);
            expected.differs(values.map(|(_, value)| value.into_owned()), || {
                Part::Query(name.clone())
            })
        });
        let headers = self.headers.iter().filter_map(|(name, expected)| {
            let headers = entry.headers();
            let values = headers.filter(|(found, _)| found.eq_ignore_ascii_case(name));
            let values = values.map(|(_, value)| String::from_utf8_lossy(value).into_owned());
            expected.differs(values, || Part::Header(name.clone()))
        });
        let differences = head.chain(query).chain(headers);
        differences.chain(self.fields_differ(entry))
    }

    fn method_differs(&self, entry: &Entry) -> Option<Difference> {
        let expected = self.method.as_ref()?;
        let found = entry.method.as_str();
        (found != expected).then(|| Difference::new(Part::Method, found, expected))
    }

    fn path_differs(&self, entry: &Entry) -> Option<Difference> {
        let expected = self.path.as_ref()?;
        let found = entry.path();
        (!covers(expected, without_slash(found)))
            .then(|| Difference::new(Part::Path, found, expected))
    }

    fn status_differs(&self, entry: &Entry) -> Option<Difference> {
        let expected = self.status?;
        let found = entry.status().map(|status| status.as_u16());
        (found != Some(expected)).then(|| Difference {
            part: Part::Status,
            found: found.map(|status| status.to_string()),
            expected: expected.to_string(),
        })
    }

    fn fields_differ(&self, entry: &Entry) -> Vec<Difference> {
        if self.fields.is_empty() {
            return Vec::new();
        }
        let members = match Format::read_any(entry.body()) {
            Ok(members) => members,
            Err(flaw) => {
                let found = match entry.body_bytes {
                    None => "a body that was not read".to_owned(),
                    Some(0) => "no body".to_owned(),
                    Some(_) if entry.is_body_cut() => "a body that is not kept whole".to_owned(),
                    // The flaw may quote what it is about.
                    Some(_) if has_secrets(entry) => {
                        let Position { line, column } = Position::of(entry.body(), flaw.at);
                        format!("a body that cannot be read from line {line}, column {column} on")
                    }
                    Some(_) => format!("a body that cannot be read: {}", flaw.message),
                };
                let names: Vec<_> = self.fields.iter().map(|(name, _)| name.as_str()).collect();
                let expected = format!("fields: {}", names.join(", "));
                return vec![Difference::new(Part::Body, &found, &expected)];
            }
        };
        let fields = self.fields.iter();
        let differences = fields.filter_map(|(name, expected)| {
            let values = members.iter().filter(|member| member.name == *name);
            expected.differs(values.map(value), || Part::Field(name.clone()))
        });
        differences.collect()
    }
}

fn value(member: &Element<'_>) -> String {
    member.value.as_deref().unwrap_or("elements").to_owned()
}

impl ValuePattern {
    /// What is different when `values` are what a request has.
    fn differs(
        &self,
        values: impl Iterator<Item = String>,
        part: impl FnOnce() -> Part,
    ) -> Option<Difference> {
        let mut found = None;
        for value in values {
            if self.takes(&value) {
                return None;
            }
            found.get_or_insert(value);
        }
        let is_absent = found.is_none() && matches!(self, Self::Absent);
        (!is_absent).then(|| Difference {
            part: part(),
            found,
            expected: self.to_string(),
        })
    }

    fn takes(&self, value: &str) -> bool {
        match self {
            Self::Is(expected) => value == expected,
            Self::StartsWith(start) => value.starts_with(start.as_str()),
            Self::Contains(part) => value.contains(part.as_str()),
            Self::Absent => false,
        }
    }
}

impl<T: Into<String>> From<T> for ValuePattern {
    fn from(text: T) -> Self {
        Self::Is(text.into())
    }
}

impl fmt::Display for ValuePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(text) => write!(f, "{text:?}"),
            Self::StartsWith(text) => write!(f, "something that starts with {text:?}"),
            Self::Contains(text) => write!(f, "something that contains {text:?}"),
            Self::Absent => f.write_str("nothing"),
        }
    }
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

impl Difference {
    fn new(part: Part, found: &str, expected: &str) -> Self {
        Self {
            part,
            found: Some(found.to_owned()),
            expected: expected.to_owned(),
        }
    }
}

/// A path means the same with a slash at its end and without.
fn without_slash(path: &str) -> &str {
    match path.trim_end_matches('/') {
        "" => "/",
        path => path,
    }
}

/// Whether `pattern` covers the whole of `path`: `*` stands for what has no slash in it, `**` for anything.
fn covers(pattern: &str, path: &str) -> bool {
    let path = path.as_bytes();
    // Which beginnings of the path the pattern covers, as far as it was read, by their lengths.
    let mut covered = vec![false; path.len() + 1];
    covered[0] = true;
    let mut pattern = pattern.as_bytes();
    while let Some((&byte, rest)) = pattern.split_first() {
        pattern = rest;
        if byte != b'*' {
            for end in (0..path.len()).rev() {
                covered[end + 1] = covered[end] && path[end] == byte;
            }
            covered[0] = false;
            continue;
        }
        let anything = pattern.first() == Some(&b'*');
        if anything {
            pattern = &pattern[1..];
        }
        for end in 0..path.len() {
            covered[end + 1] |= covered[end] && (anything || path[end] != b'/');
        }
    }
    covered[path.len()]
}
