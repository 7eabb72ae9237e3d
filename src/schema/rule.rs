//! What a line of a table rests on, and the rules that a field may carry.

use super::{Provenance, Release};

/// What a line of a table rests on: how it is known, and when it holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Evidence {
    pub(crate) provenance: Provenance,
    /// Where it was read, in a few words.
    pub(crate) source: &'static str,
    pub(crate) condition: Condition,
    /// The first release in which it holds.
    pub(crate) since: Release,
    /// The last release in which it holds, if it has ended.
    pub(crate) until: Option<Release>,
}

/// What another field of the same record must hold.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Condition {
    Always,
    /// The field holds one of the values.
    When(&'static str, &'static [&'static str]),
    /// The field holds none of the values, or nothing.
    Unless(&'static str, &'static [&'static str]),
}

/// The vendor's guide says or shows it, at `source`.
pub(crate) const fn documented(source: &'static str) -> Evidence {
    Evidence::new(Provenance::Documented, source)
}

/// A client that works against real servers relies on it.
pub(crate) const fn client(source: &'static str) -> Evidence {
    Evidence::new(Provenance::Client, source)
}

/// Nobody says so; `source` gives the reasoning.
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

    /// Holds only while `field` holds one of `values`.
    pub(crate) const fn when(self, field: &'static str, values: &'static [&'static str]) -> Self {
        Self {
            condition: Condition::When(field, values),
            ..self
        }
    }

    /// Holds only while `field` holds none of `values`.
    pub(crate) const fn unless(self, field: &'static str, values: &'static [&'static str]) -> Self {
        Self {
            condition: Condition::Unless(field, values),
            ..self
        }
    }

    /// Holds from `release` on.
    pub(crate) const fn since(self, release: Release) -> Self {
        Self {
            since: release,
            ..self
        }
    }

    /// Holds up to and including `release`.
    pub(crate) const fn until(self, release: Release) -> Self {
        Self {
            until: Some(release),
            ..self
        }
    }

    /// Whether `release` lies in the range, whatever the condition says.
    pub(crate) fn covers(&self, release: Release) -> bool {
        self.since <= release && self.until.is_none_or(|until| release <= until)
    }
}

/// What the server fills in on create when a field is not sent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum DefaultValue {
    /// This value.
    Value(&'static str),
    /// The time of the create.
    Now,
}

/// One rule of a field. A field may carry several of each.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule {
    /// A record must hold a value.
    Required,
    /// The server fills it in on create.
    Default(DefaultValue),
    /// Only these values are taken, in the field's canonical spelling.
    Choices(&'static [&'static str]),
}

/// The most rules that one field carries.
const CAPACITY: usize = 8;

/// The rules of one field, each with its evidence: a list that a `const fn` can grow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    items: [Option<(Rule, Evidence)>; CAPACITY],
    len: usize,
}

impl Rules {
    pub(crate) const NONE: Self = Self {
        items: [None; CAPACITY],
        len: 0,
    };

    /// With one rule more. A table with too many does not compile.
    pub(crate) const fn with(mut self, rule: Rule, evidence: Evidence) -> Self {
        self.items[self.len] = Some((rule, evidence));
        self.len += 1;
        self
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &(Rule, Evidence)> {
        self.items.iter().flatten()
    }
}
