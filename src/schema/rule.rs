//! The rules of fields, and their evidence.

use super::{Provenance, Release};

/// The evidence for a fact: its provenance, and the scope in which it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Evidence {
    pub(crate) provenance: Provenance,
    /// The source, in a few words.
    pub(crate) source: &'static str,
    pub(crate) condition: Condition,
    /// The first release in which it holds.
    pub(crate) since: Release,
    /// The last release in which it holds, if it has ended.
    pub(crate) until: Option<Release>,
}

/// A condition on another field of the same record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    Always,
    /// The field has one of the values.
    When(&'static str, &'static [&'static str]),
    /// The field has none of the values, or no value.
    Unless(&'static str, &'static [&'static str]),
}

/// Returns evidence from the vendor's guide, which states or shows the fact at `source`.
pub(crate) const fn documented(source: &'static str) -> Evidence {
    Evidence::new(Provenance::Documented, source)
}

/// Returns evidence from literal traffic of a real server, printed at `source`.
pub(crate) const fn captured(source: &'static str) -> Evidence {
    Evidence::new(Provenance::Captured, source)
}

/// Returns evidence from a client that works with real servers.
pub(crate) const fn client(source: &'static str) -> Evidence {
    Evidence::new(Provenance::Client, source)
}

/// Returns evidence for a fact without a source; `source` gives the reasoning.
pub(crate) const fn inferred(source: &'static str) -> Evidence {
    Evidence::new(Provenance::Inferred, source)
}

impl Evidence {
    const fn new(provenance: Provenance, source: &'static str) -> Self {
        Self {
            provenance,
            source,
            condition: Condition::Always,
            since: Release::V10_5,
            until: None,
        }
    }

    /// Limits the scope to records whose `field` has one of `values`.
    pub(crate) const fn when(self, field: &'static str, values: &'static [&'static str]) -> Self {
        Self {
            condition: Condition::When(field, values),
            ..self
        }
    }

    /// Limits the scope to records whose `field` has none of `values`.
    pub(crate) const fn unless(self, field: &'static str, values: &'static [&'static str]) -> Self {
        Self {
            condition: Condition::Unless(field, values),
            ..self
        }
    }

    /// Limits the scope to `release` and later ones.
    pub(crate) const fn since(self, release: Release) -> Self {
        Self {
            since: release,
            ..self
        }
    }

    /// Limits the scope to `release` and earlier ones.
    pub(crate) const fn until(self, release: Release) -> Self {
        Self {
            until: Some(release),
            ..self
        }
    }

    /// True if `release` is in scope, whatever the condition.
    pub(crate) fn covers(&self, release: Release) -> bool {
        self.since <= release && self.until.is_none_or(|until| release <= until)
    }
}

/// The value that the server fills in on create if a field is not sent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum DefaultValue {
    /// This value.
    Value(&'static str),
    /// The time of the create.
    Now,
}

/// One rule of a field. A field may have several rules of each kind.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule {
    /// A record must have a value.
    Required,
    /// The server fills in a value on create.
    Default(DefaultValue),
    /// Only these values are accepted, in their canonical form.
    Choices(&'static [&'static str]),
}

/// The maximum number of rules of one field.
const MAX_RULES: usize = 8;

/// The rules of one field, each with its evidence, in a list that a `const fn` can extend.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    items: [Option<(Rule, Evidence)>; MAX_RULES],
    len: usize,
}

impl Rules {
    pub(crate) const NONE: Self = Self {
        items: [None; MAX_RULES],
        len: 0,
    };

    /// Adds a rule. A table with too many rules does not compile.
    pub(crate) const fn with(mut self, rule: Rule, evidence: Evidence) -> Self {
        self.items[self.len] = Some((rule, evidence));
        self.len += 1;
        self
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &(Rule, Evidence)> {
        self.items.iter().flatten()
    }
}
