//! The rows of a page: facts with their evidence.

use std::fmt::{self, Display, Write};

use crate::schema::{Evidence, Fact, FieldRule, Release, Verb};

/// A fact, described.
#[derive(Debug)]
pub(crate) struct Row<'d> {
    /// The name of the field that the fact is about; empty for the further ones of a field.
    pub(super) field: &'d str,
    pub(crate) subject: RowSubject,
    pub(crate) description: String,
    pub(crate) evidence: &'d Evidence,
}

/// The subject of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowSubject {
    Verb(Verb),
    Field,
    /// A rule of the field. The number counts those of the same kind.
    Rule(FieldRule, usize),
    Other,
}

impl<'d> Row<'d> {
    /// Describes a fact with its scope.
    pub(super) fn new(description: impl Display, fact: &'d Fact) -> Self {
        let description = format!("{description}{}", scope(fact));
        Self::without_scope(description, &fact.evidence)
    }

    /// Returns the row of a fact about all records in all releases.
    pub(super) fn without_scope(description: String, evidence: &'d Evidence) -> Self {
        Self {
            field: "",
            subject: RowSubject::Other,
            description,
            evidence,
        }
    }
}

/// Displayed as the last cells of a row in a table.
impl Display for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (provenance, source) = (self.evidence.provenance(), self.evidence.source());
        write!(f, "{} | {provenance} | {source} |", self.description)
    }
}

/// Describes the scope of a fact.
fn scope(fact: &Fact) -> String {
    let mut scope = String::new();
    if let Some(condition) = &fact.condition {
        let word = if condition.is_negated {
            "unless"
        } else {
            "when"
        };
        let (field, values) = (&condition.field, condition.values.join(" or "));
        let _ = write!(scope, " {word} {field} is {values}");
    }
    if let Some(releases) = releases(fact.since, fact.until) {
        let _ = write!(scope, ", {releases}");
    }
    scope
}

/// Describes the releases from `since` to `until`, unless they are all.
pub(super) fn releases(since: Release, until: Option<Release>) -> Option<String> {
    let since = (since > Release::ALL[0]).then(|| format!("since {since}"));
    let until = until.map(|until| format!("until {until}"));
    let parts: Vec<_> = since.into_iter().chain(until).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
