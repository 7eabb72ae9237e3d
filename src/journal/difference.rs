//! Differences between a request and a pattern.

use std::fmt;

use serde::Serialize;

use super::{
    Entry,
    body_elements::body_elements,
    redaction::{MASK, Secrets, holds_secret, is_secret, path_without_secrets},
};
use crate::engine::DocumentText;

/// The number of characters of a value that are shown.
const MAX_SHOWN_CHARS: usize = 200;

/// One part of a request that a pattern does not accept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) part: Part,
    /// The value in the request; `None` if it has none.
    pub(super) found: Option<String>,
    pub(super) expected: String,
}

/// A part of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Method,
    Path,
    Query(String),
    Header(String),
    Field(String),
    /// The body as a whole, if it could not be decoded.
    Body,
    Status,
    Provenance,
    /// A closure.
    Predicate,
}

/// A difference as it is shown to users: without secrets, shortened, and with a hint at its cause.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Difference"))]
pub(super) struct DifferenceView {
    /// The part of the request.
    #[cfg_attr(
        test,
        schemars(extend("enum" = ["method", "path", "query", "header", "field", "body", "status", "provenance", "predicate"]))
    )]
    part: &'static str,
    /// The name of the parameter, header or field.
    name: Option<String>,
    /// The value; `null` if there is none.
    found: Option<String>,
    /// A description of the accepted values.
    expected: String,
    /// A possible cause.
    hint: Option<String>,
}

impl Difference {
    pub(super) fn new(part: Part, found: &str, expected: &str) -> Self {
        Self {
            part,
            found: Some(found.to_owned()),
            expected: expected.to_owned(),
        }
    }

    /// True if the part of `entry` is a secret.
    fn is_secret(&self, entry: &Entry) -> bool {
        match &self.part {
            Part::Query(name) | Part::Header(name) => is_secret(name),
            Part::Field(name) => is_secret(name) || self.is_hidden_in_body(name, entry),
            _ => false,
        }
    }

    /// True if the journal does not show the value, for example because an element around it is a secret.
    fn is_hidden_in_body(&self, name: &str, entry: &Entry) -> bool {
        let body = Secrets::Hidden.body(entry);
        let text = DocumentText::new(&body, Some(Secrets::CHARSET));
        let elements = body_elements(&text).unwrap_or_default();
        let mut shown = elements.iter().filter(|element| element.name == name);
        self.found.as_deref().is_some_and(|found| {
            !shown.any(|element| element.value.as_deref().unwrap_or("elements") == found)
        })
    }

    /// Returns a value of this part without its secrets, shortened.
    fn shown(&self, text: &str) -> String {
        match &self.part {
            Part::Path => shortened(&path_without_secrets(text)),
            Part::Query(_) | Part::Header(_) | Part::Field(_) if holds_secret(text) => {
                MASK.to_owned()
            }
            _ => shortened(text),
        }
    }

    /// Returns a possible cause of the difference.
    fn hint(&self, entry: &Entry) -> Option<String> {
        let Some(value) = &self.found else {
            return self.hint_at_missing(entry);
        };
        let found = match self.part {
            Part::Query(_) | Part::Header(_) | Part::Field(_) => format!("{value:?}"),
            _ => value.clone(),
        };
        let expected = self.expected.as_str();
        if found.to_lowercase() == expected.to_lowercase() {
            return Some("it differs only in case".to_owned());
        }
        if without_blanks(&found) == without_blanks(expected) {
            return Some("it differs only in blanks".to_owned());
        }
        if self.part == Part::Path && found.strip_prefix("/vmrest") == Some(expected) {
            return Some("a path that begins with a slash is taken from the root".to_owned());
        }
        None
    }

    /// Returns a possible cause of a missing value.
    fn hint_at_missing(&self, entry: &Entry) -> Option<String> {
        let similar = match &self.part {
            Part::Status | Part::Provenance => {
                return Some("there is no response yet, or none was sent".to_owned());
            }
            Part::Field(name) => {
                let elements = body_elements(&entry.body_text()).ok()?;
                let mut names = elements
                    .into_iter()
                    .map(|element| element.name.into_owned());
                names.find(|found| found.to_lowercase() == name.to_lowercase())?
            }
            Part::Query(name) => {
                let parameters = form_urlencoded::parse(entry.query()?.as_bytes());
                let mut names = parameters.map(|(name, _)| name.into_owned());
                names.find(|found| found.to_lowercase() == name.to_lowercase())?
            }
            _ => return None,
        };
        Some(format!("there is {similar:?}: names differ by case"))
    }
}

impl DifferenceView {
    pub(super) fn new(difference: Difference, entry: &Entry) -> Self {
        let is_secret = difference.is_secret(entry);
        let shown = |value: &str| match is_secret {
            true => MASK.to_owned(),
            false => difference.shown(value),
        };
        let found = difference.found.as_deref().map(shown);
        let expected = shown(&difference.expected);
        let is_hidden = found.as_deref() == Some(MASK) || expected == MASK;
        let hint = difference.hint(entry).filter(|_| !is_hidden);
        let (part, name) = match difference.part {
            Part::Method => ("method", None),
            Part::Path => ("path", None),
            Part::Status => ("status", None),
            Part::Provenance => ("provenance", None),
            Part::Body => ("body", None),
            Part::Predicate => ("predicate", None),
            Part::Query(name) => ("query", Some(name)),
            Part::Header(name) => ("header", Some(name)),
            Part::Field(name) => ("field", Some(name)),
        };
        Self {
            part,
            name,
            found,
            expected,
            hint,
        }
    }
}

impl fmt::Display for DifferenceView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.part)?;
        if let Some(name) = &self.name {
            write!(f, " {name}")?;
        }
        match &self.found {
            Some(found) if found == MASK => f.write_str(": it differs, and is not shown")?,
            Some(found) if self.name.is_some() => {
                write!(f, ": found {found:?}, expected {}", self.expected)?;
            }
            Some(found) => write!(f, ": found {found}, expected {}", self.expected)?,
            None => write!(f, ": found nothing, expected {}", self.expected)?,
        }
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
