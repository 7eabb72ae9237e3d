//! Fields: the elements of a resource.

use super::Resource;
use crate::schema::{
    DefaultValue, Evidence, Release, Verb,
    rule::{Rule, Rules},
};

/// The kind of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A text, stored exactly as sent.
    Text,
    /// A signed whole number of 32 bits.
    Integer,
    /// `true` or `false`, in any letter case; `1` and `0` are accepted for them.
    Boolean,
    /// A GUID: 32 hexadecimal digits in five groups.
    Guid,
    /// A time such as `2013-01-12 14:57:32.569`.
    DateTime,
    /// The record's own URI followed by this ending. It is never stored.
    Link(&'static str),
}

/// The access of clients to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Only the server sets the field; a value from a client is ignored.
    ReadOnly,
    /// A client may set the field on create; later values are ignored.
    CreateOnly,
    /// A client may set the field on create and on update.
    ReadWrite,
    /// Like `ReadWrite`, but the field reads back empty.
    Secret,
}

impl Access {
    /// True if a client may set the field with `verb`.
    pub(crate) fn takes(self, verb: Verb) -> bool {
        match self {
            Self::ReadOnly => false,
            Self::CreateOnly => verb == Verb::Create,
            Self::ReadWrite | Self::Secret => true,
        }
    }
}

/// A field: its name, kind, access and rules.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) access: Access,
    /// The evidence for the field itself. On a link, the condition selects the records that show it.
    pub(crate) evidence: Evidence,
    pub(crate) rules: Rules,
    /// The maximum number of characters.
    pub(crate) max_length: Option<(usize, Evidence)>,
    /// Evidence that no two records have the same value, without regard to case.
    pub(crate) unique: Option<Evidence>,
    /// The resource of the owner. The value is the owner's ObjectId; the record is deleted with its owner.
    pub(crate) owner: Option<(&'static Resource, Evidence)>,
}

/// Returns a field for any text.
pub(crate) const fn text(name: &'static str, evidence: Evidence) -> Field {
    Field::new(name, Kind::Text, evidence)
}

/// Returns a field for a whole number.
pub(crate) const fn integer(name: &'static str, evidence: Evidence) -> Field {
    Field::new(name, Kind::Integer, evidence)
}

/// Returns a field for `true` or `false`.
pub(crate) const fn boolean(name: &'static str, evidence: Evidence) -> Field {
    Field::new(name, Kind::Boolean, evidence)
}

/// Returns a field for a GUID.
pub(crate) const fn guid(name: &'static str, evidence: Evidence) -> Field {
    Field::new(name, Kind::Guid, evidence)
}

/// Returns a field for a date and time.
pub(crate) const fn date_time(name: &'static str, evidence: Evidence) -> Field {
    Field::new(name, Kind::DateTime, evidence)
}

/// Returns a read-only field with a path: the record's own URI followed by `ending`.
pub(crate) const fn link(name: &'static str, ending: &'static str, evidence: Evidence) -> Field {
    Field::new(name, Kind::Link(ending), evidence).read_only()
}

impl Field {
    const fn new(name: &'static str, kind: Kind, evidence: Evidence) -> Self {
        Self {
            name,
            kind,
            access: Access::ReadWrite,
            evidence,
            rules: Rules::NONE,
            max_length: None,
            unique: None,
            owner: None,
        }
    }

    /// Makes the field read-only for clients.
    pub(crate) const fn read_only(self) -> Self {
        Self {
            access: Access::ReadOnly,
            ..self
        }
    }

    /// Lets a client set the field on create only.
    pub(crate) const fn create_only(self) -> Self {
        Self {
            access: Access::CreateOnly,
            ..self
        }
    }

    /// Makes the field read back empty. An empty value on update keeps the stored one.
    pub(crate) const fn secret(self) -> Self {
        Self {
            access: Access::Secret,
            ..self
        }
    }

    /// Requires a value.
    pub(crate) const fn required(self, evidence: Evidence) -> Self {
        self.rule(Rule::Required, evidence)
    }

    /// Adds a default that the server fills in on create.
    pub(crate) const fn default(self, value: &'static str, evidence: Evidence) -> Self {
        self.rule(Rule::Default(DefaultValue::Value(value)), evidence)
    }

    /// Adds the time of the create as the default.
    pub(crate) const fn default_now(self, evidence: Evidence) -> Self {
        self.rule(Rule::Default(DefaultValue::Now), evidence)
    }

    /// Restricts the field to these values.
    pub(crate) const fn choices(self, values: &'static [&'static str], evidence: Evidence) -> Self {
        self.rule(Rule::Choices(values), evidence)
    }

    /// Limits the number of characters.
    pub(crate) const fn max_length(self, characters: usize, evidence: Evidence) -> Self {
        Self {
            max_length: Some((characters, evidence)),
            ..self
        }
    }

    /// Forbids two records with the same value, without regard to case.
    pub(crate) const fn unique(self, evidence: Evidence) -> Self {
        Self {
            unique: Some(evidence),
            ..self
        }
    }

    /// Makes the record of `resource` with the value as its ObjectId the owner of the record.
    pub(crate) const fn owned_by(self, resource: &'static Resource, evidence: Evidence) -> Self {
        Self {
            owner: Some((resource, evidence)),
            ..self
        }
    }

    const fn rule(self, rule: Rule, evidence: Evidence) -> Self {
        Self {
            rules: self.rules.with(rule, evidence),
            ..self
        }
    }

    /// True if `release` has the field.
    pub(crate) fn is_in(&self, release: Release) -> bool {
        self.evidence.covers(release)
    }

    /// True if the store has an index on the field: if it is unique or names an owner.
    pub(crate) fn is_indexed(&self) -> bool {
        self.unique.is_some() || self.owner.is_some()
    }

    /// Returns the evidence of all `required` rules.
    pub(crate) fn required_rules(&self) -> impl Iterator<Item = &Evidence> {
        self.rules
            .iter()
            .filter_map(|(rule, evidence)| matches!(rule, Rule::Required).then_some(evidence))
    }

    /// Returns all `default` rules.
    pub(crate) fn default_rules(&self) -> impl Iterator<Item = (DefaultValue, &Evidence)> {
        self.rules.iter().filter_map(|(rule, evidence)| match rule {
            Rule::Default(value) => Some((*value, evidence)),
            _ => None,
        })
    }

    /// Returns all `choices` rules.
    pub(crate) fn choices_rules(
        &self,
    ) -> impl Iterator<Item = (&'static [&'static str], &Evidence)> {
        self.rules.iter().filter_map(|(rule, evidence)| match rule {
            Rule::Choices(values) => Some((*values, evidence)),
            _ => None,
        })
    }
}
