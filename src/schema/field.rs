//! One element of a resource.

use super::{
    DefaultValue, Evidence, Release, Resource, Verb,
    rule::{Rule, Rules},
};

/// What a field's text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Any text, kept exactly as sent.
    Text,
    /// A whole number, 32 bits with a sign.
    Integer,
    /// `true` or `false`; `1` and `0` are read as these.
    Boolean,
    /// 32 hexadecimal digits in five groups.
    Guid,
    /// `2013-01-12 14:57:32.569`.
    DateTime,
    /// A path made from the record's own URI and this ending; never stored.
    Link(&'static str),
}

/// Which verbs take a field, and how it reads back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Only the server sets it; what a client sends is ignored.
    ReadOnly,
    /// A client gives it on create; later it is ignored.
    CreateOnly,
    /// A client gives it on create and changes it on update.
    ReadWrite,
    /// As `ReadWrite`, but it reads back empty.
    Secret,
}

impl Access {
    /// Whether a client may send the field with `verb`.
    pub(crate) fn takes(self, verb: Verb) -> bool {
        match self {
            Self::ReadOnly => false,
            Self::CreateOnly => verb == Verb::Create,
            Self::ReadWrite | Self::Secret => true,
        }
    }
}

/// One element of a resource: its name, kind, access and rules.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) access: Access,
    /// That the field is there at all. On a link, a condition says which records show it.
    pub(crate) evidence: Evidence,
    pub(crate) rules: Rules,
    /// At most so many characters.
    pub(crate) max_length: Option<(usize, Evidence)>,
    /// No two records hold the same value, without regard to case.
    pub(crate) unique: Option<Evidence>,
    /// The value is the ObjectId of a record of this resource, and goes with it when it is deleted.
    pub(crate) owner: Option<(&'static Resource, Evidence)>,
}

/// A field that holds any text.
pub(crate) const fn text(name: &'static str, evidence: Evidence) -> Field {
    Field::new(name, Kind::Text, evidence)
}

/// A field that holds a whole number.
pub(crate) const fn integer(name: &'static str, evidence: Evidence) -> Field {
    Field::new(name, Kind::Integer, evidence)
}

/// A field that holds `true` or `false`.
pub(crate) const fn boolean(name: &'static str, evidence: Evidence) -> Field {
    Field::new(name, Kind::Boolean, evidence)
}

/// A field that holds a GUID.
pub(crate) const fn guid(name: &'static str, evidence: Evidence) -> Field {
    Field::new(name, Kind::Guid, evidence)
}

/// A field that holds a date with its time.
pub(crate) const fn date_time(name: &'static str, evidence: Evidence) -> Field {
    Field::new(name, Kind::DateTime, evidence)
}

/// A read-only path: the record's own URI followed by `ending`.
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

    /// Only the server sets it.
    pub(crate) const fn read_only(self) -> Self {
        Self {
            access: Access::ReadOnly,
            ..self
        }
    }

    /// A client gives it on create and never changes it.
    pub(crate) const fn create_only(self) -> Self {
        Self {
            access: Access::CreateOnly,
            ..self
        }
    }

    /// It reads back empty, and an empty one on update keeps what is stored.
    pub(crate) const fn secret(self) -> Self {
        Self {
            access: Access::Secret,
            ..self
        }
    }

    /// A record must hold a value.
    pub(crate) const fn required(self, evidence: Evidence) -> Self {
        self.rule(Rule::Required, evidence)
    }

    /// The server fills in `value` on create.
    pub(crate) const fn default(self, value: &'static str, evidence: Evidence) -> Self {
        self.rule(Rule::Default(DefaultValue::Value(value)), evidence)
    }

    /// The server fills in the time of the create.
    pub(crate) const fn default_now(self, evidence: Evidence) -> Self {
        self.rule(Rule::Default(DefaultValue::Now), evidence)
    }

    /// Only `values` are taken.
    pub(crate) const fn choices(self, values: &'static [&'static str], evidence: Evidence) -> Self {
        self.rule(Rule::Choices(values), evidence)
    }

    /// At most `characters` characters.
    pub(crate) const fn max_length(self, characters: usize, evidence: Evidence) -> Self {
        Self {
            max_length: Some((characters, evidence)),
            ..self
        }
    }

    /// No two records hold the same value, without regard to case.
    pub(crate) const fn unique(self, evidence: Evidence) -> Self {
        Self {
            unique: Some(evidence),
            ..self
        }
    }

    /// The value names the record of `resource` that owns this one.
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

    /// Whether the field exists in `release`.
    pub(crate) fn is_in(&self, release: Release) -> bool {
        self.evidence.covers(release)
    }

    /// Whether the store keeps an index on it: what is unique, or names an owner.
    pub(crate) fn is_indexed(&self) -> bool {
        self.unique.is_some() || self.owner.is_some()
    }

    /// Every `required` rule.
    pub(crate) fn required_rules(&self) -> impl Iterator<Item = &Evidence> {
        self.rules
            .iter()
            .filter_map(|(rule, evidence)| matches!(rule, Rule::Required).then_some(evidence))
    }

    /// Every `default` rule with what it fills in.
    pub(crate) fn default_rules(&self) -> impl Iterator<Item = (DefaultValue, &Evidence)> {
        self.rules.iter().filter_map(|(rule, evidence)| match rule {
            Rule::Default(filling) => Some((*filling, evidence)),
            _ => None,
        })
    }

    /// Every `choices` rule with its values.
    pub(crate) fn choices_rules(
        &self,
    ) -> impl Iterator<Item = (&'static [&'static str], &Evidence)> {
        self.rules.iter().filter_map(|(rule, evidence)| match rule {
            Rule::Choices(values) => Some((*values, evidence)),
            _ => None,
        })
    }
}
