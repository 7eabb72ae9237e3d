//! What a control request says, and in our own words what is wrong with it.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, RawQuery},
    http::{StatusCode, request::Parts},
};
use jiff::Timestamp;
use serde_json::{Map, Value, error::Category};

use super::Refusal;
use crate::engine::{parse_time, shorten};

/// Whether what a request says can be taken, or why not.
pub(super) type Taken<T> = Result<T, Refusal>;

/// The parameters of a query string. Each is asked for by its name; what is left over at the end is refused.
#[derive(Debug)]
pub(super) struct Parameters {
    given: Vec<(String, String)>,
    known: Vec<&'static str>,
}

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let RawQuery(query) = RawQuery::from_request_parts(parts, state).await?;
        let given = form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes());
        Ok(Self {
            given: given.into_owned().collect(),
            known: Vec::new(),
        })
    }
}

impl Parameters {
    /// The value of a parameter, if it is given.
    pub(super) fn text(&mut self, name: &'static str) -> Taken<Option<String>> {
        self.known.push(name);
        let Some(place) = self.given.iter().position(|(given, _)| given == name) else {
            return Ok(None);
        };
        let (_, value) = self.given.remove(place);
        if self.given.iter().any(|(given, _)| given == name) {
            let error = format!("the parameter {name} is given twice, expected it once");
            return Err(Refusal::bad(error));
        }
        Ok(Some(value))
    }

    /// The same as what it stands for. `expected` says what that is.
    pub(super) fn read<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Taken<Option<T>> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        match read(&text) {
            Some(value) => Ok(Some(value)),
            None => Err(Refusal::bad(format!(
                "the parameter {name} is {:?}, expected {expected}",
                shorten(&text)
            ))),
        }
    }

    /// Whether a parameter is given with this value.
    pub(super) fn has(&self, name: &str, value: &str) -> bool {
        let given = |(given, found): &(String, String)| given == name && found == value;
        self.given.iter().any(given)
    }

    /// Refuses what nobody asked for.
    pub(super) fn finish(self) -> Taken<()> {
        let Some((name, _)) = self.given.first() else {
            return Ok(());
        };
        let error = format!(
            "found the parameter {:?}, expected {}",
            shorten(name),
            alternatives(&self.known, "no parameters")
        );
        Err(Refusal::bad(error))
    }
}

/// A JSON object. Each member is asked for by its name; what is left over at the end is refused.
#[derive(Debug)]
pub(super) struct Object {
    path: String,
    members: Map<String, Value>,
    known: Vec<&'static str>,
}

/// A value somewhere in a JSON document.
#[derive(Debug)]
pub(super) struct At {
    path: String,
    pub(super) value: Value,
}

impl Object {
    /// The object that a body holds.
    pub(super) fn read(body: &[u8]) -> Taken<Self> {
        /// How large a body of JSON may be.
        const LARGEST: usize = 1024 * 1024;
        if body.len() > LARGEST {
            let error = format!("the body is larger than {LARGEST} bytes");
            return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, error));
        }
        let value = serde_json::from_slice(body).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let found = match error.classify() {
                Category::Eof if body.is_empty() => "there is no body".to_owned(),
                Category::Eof => "the body ends before its object is closed".to_owned(),
                _ => format!("line {line}, column {column} of the body is not well-formed JSON"),
            };
            Refusal::bad(format!("{found}, expected a JSON object"))
        })?;
        let path = String::new();
        At { path, value }.object()
    }

    /// A member, if it is there and not null.
    pub(super) fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(At) -> Taken<T>,
    ) -> Taken<Option<T>> {
        self.known.push(name);
        match self.members.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                let path = self.path_of(name);
                read(At { path, value }).map(Some)
            }
        }
    }

    /// A member that must be there.
    pub(super) fn required<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(At) -> Taken<T>,
    ) -> Taken<T> {
        let found = self.optional(name, read)?;
        found.ok_or_else(|| Refusal::bad(format!("{} is missing", self.path_of(name))))
    }

    /// Every member that is left, whatever its name.
    pub(super) fn rest(self) -> impl Iterator<Item = (String, At)> {
        let path = self.path;
        self.members.into_iter().map(move |(name, value)| {
            let path = join(&path, &name);
            (name, At { path, value })
        })
    }

    /// Refuses what nobody asked for.
    pub(super) fn finish(self) -> Taken<()> {
        let Some(name) = self.members.keys().next() else {
            return Ok(());
        };
        let error = format!(
            "found {:?}, expected {}",
            shorten(&self.path_of(name)),
            alternatives(&self.known, "nothing there")
        );
        Err(Refusal::bad(error))
    }

    /// That the object as a whole is not what was `expected`.
    pub(super) fn refuse(&self, expected: &str) -> Refusal {
        let path = match self.path.as_str() {
            "" => "the body",
            path => path,
        };
        Refusal::bad(format!("{path}: expected {expected}"))
    }

    fn path_of(&self, name: &str) -> String {
        join(&self.path, name)
    }
}

impl At {
    pub(super) fn text(self) -> Taken<String> {
        match self.value {
            Value::String(text) => Ok(text),
            _ => Err(self.refuse("a text")),
        }
    }

    pub(super) fn boolean(self) -> Taken<bool> {
        self.value
            .as_bool()
            .ok_or_else(|| self.refuse("true or false"))
    }

    /// A whole number between `least` and `most`.
    pub(super) fn whole(self, least: u64, most: u64) -> Taken<u64> {
        let number = self.value.as_u64();
        number
            .or_else(|| self.value.as_f64().and_then(whole))
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| self.refuse(&format!("a whole number from {least} to {most}")))
    }

    /// A number between `least` and `most`.
    pub(super) fn number(self, least: f64, most: f64) -> Taken<f64> {
        let number = self.value.as_f64();
        number
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| self.refuse(&format!("a number from {least} to {most}")))
    }

    /// What a text stands for. `expected` says what that is.
    pub(super) fn parsed<T>(
        self,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Taken<T> {
        let parsed = self.value.as_str().and_then(parse);
        parsed.ok_or_else(|| self.refuse(expected))
    }

    pub(super) fn time(self) -> Taken<Timestamp> {
        self.parsed("a time such as 2026-01-31T12:00:00Z", |text| {
            parse_time(text).ok()
        })
    }

    pub(super) fn object(self) -> Taken<Object> {
        match self.value {
            Value::Object(members) => Ok(Object {
                path: self.path,
                members,
                known: Vec::new(),
            }),
            _ => Err(self.refuse("an object")),
        }
    }

    /// The values of a list.
    pub(super) fn list(self) -> Taken<impl Iterator<Item = Self>> {
        let Value::Array(values) = self.value else {
            return Err(self.refuse("a list"));
        };
        let path = self.path;
        Ok(values.into_iter().enumerate().map(move |(place, value)| {
            let path = format!("{path}[{place}]");
            Self { path, value }
        }))
    }

    /// That something else stands there than what was `expected`.
    pub(super) fn refuse(&self, expected: &str) -> Refusal {
        let path = match self.path.as_str() {
            "" => "the body",
            path => path,
        };
        let found = match &self.value {
            Value::Object(_) => "an object".to_owned(),
            Value::Array(_) => "a list".to_owned(),
            value => shorten(&value.to_string()).into_owned(),
        };
        Refusal::bad(format!("{} is {found}, expected {expected}", shorten(path)))
    }
}

/// The whole number that a client means which knows no others than floating point: `2.0` is 2.
fn whole(number: f64) -> Option<u64> {
    /// Above it, different numbers have the same floating point.
    const HIGHEST: f64 = 9_007_199_254_740_991.0;
    let is_whole = number.fract() == 0.0 && (0.0..=HIGHEST).contains(&number);
    is_whole.then_some(number as u64)
}

fn join(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    }
}

fn alternatives(known: &[&str], none: &str) -> String {
    match known {
        [] => none.to_owned(),
        known => known.join(", "),
    }
}

impl Refusal {
    /// What was sent cannot be taken.
    pub(super) fn bad(error: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error)
    }
}
