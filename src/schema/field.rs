//! One element of a resource.

use super::{
    Basis, Filling, Release, Resource, Verb,
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
    pub(crate) basis: Basis,
    pub(crate) rules: Rules,
    /// At most so many characters.
    pub(crate) max_length: Option<(usize, Basis)>,
    /// No two records hold the same value, without regard to case.
    pub(crate) unique: Option<Basis>,
    /// The value is the ObjectId of a record of this resource, and goes with it when it is deleted.
    pub(crate) owner: Option<(&'static Resource, Basis)>,
}

/// A field that holds any text.
pub(crate) const fn text(name: &'static str, basis: Basis) -> Field {
    Field::new(name, Kind::Text, basis)
}

/// A field that holds a whole number.
pub(crate) const fn integer(name: &'static str, basis: Basis) -> Field {
    Field::new(name, Kind::Integer, basis)
}

/// A field that holds `true` or `false`.
pub(crate) const fn boolean(name: &'static str, basis: Basis) -> Field {
    Field::new(name, Kind::Boolean, basis)
}

/// A field that holds a GUID.
pub(crate) const fn guid(name: &'static str, basis: Basis) -> Field {
    Field::new(name, Kind::Guid, basis)
}

/// A field that holds a date with its time.
pub(crate) const fn date_time(name: &'static str, basis: Basis) -> Field {
    Field::new(name, Kind::DateTime, basis)
}

/// A read-only path: the record's own URI followed by `ending`.
pub(crate) const fn link(name: &'static str, ending: &'static str, basis: Basis) -> Field {
    Field::new(name, Kind::Link(ending), basis).read_only()
}

impl Field {
    const fn new(name: &'static str, kind: Kind, basis: Basis) -> Self {
        Self {
            name,
            kind,
            access: Access::ReadWrite,
            basis,
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
    pub(crate) const fn required(self, basis: Basis) -> Self {
        self.rule(Rule::Required, basis)
    }

    /// The server fills in `value` on create.
    pub(crate) const fn default(self, value: &'static str, basis: Basis) -> Self {
        self.rule(Rule::Default(Filling::Value(value)), basis)
    }

    /// The server fills in the time of the create.
    pub(crate) const fn default_now(self, basis: Basis) -> Self {
        self.rule(Rule::Default(Filling::Now), basis)
    }

    /// Only `values` are taken.
    pub(crate) const fn choices(self, values: &'static [&'static str], basis: Basis) -> Self {
        self.rule(Rule::Choices(values), basis)
    }

    /// At most `characters` characters.
    pub(crate) const fn max_length(self, characters: usize, basis: Basis) -> Self {
        Self {
            max_length: Some((characters, basis)),
            ..self
        }
    }

    /// No two records hold the same value, without regard to case.
    pub(crate) const fn unique(self, basis: Basis) -> Self {
        Self {
            unique: Some(basis),
            ..self
        }
    }

    /// The value names the record of `resource` that owns this one.
    pub(crate) const fn owned_by(self, resource: &'static Resource, basis: Basis) -> Self {
        Self {
            owner: Some((resource, basis)),
            ..self
        }
    }

    const fn rule(self, rule: Rule, basis: Basis) -> Self {
        Self {
            rules: self.rules.with(rule, basis),
            ..self
        }
    }

    /// Whether the field exists in `release`.
    pub(crate) fn is_in(&self, release: Release) -> bool {
        self.basis.covers(release)
    }

    /// Whether the store keeps an index on it: what is unique, or names an owner.
    pub(crate) fn is_indexed(&self) -> bool {
        self.unique.is_some() || self.owner.is_some()
    }

    /// Every `required` rule.
    pub(crate) fn required_rules(&self) -> impl Iterator<Item = &Basis> {
        self.rules
            .iter()
            .filter_map(|(rule, basis)| matches!(rule, Rule::Required).then_some(basis))
    }

    /// Every `default` rule with what it fills in.
    pub(crate) fn default_rules(&self) -> impl Iterator<Item = (Filling, &Basis)> {
        self.rules.iter().filter_map(|(rule, basis)| match rule {
            Rule::Default(filling) => Some((*filling, basis)),
            _ => None,
        })
    }

    /// Every `choices` rule with its values.
    pub(crate) fn choices_rules(&self) -> impl Iterator<Item = (&'static [&'static str], &Basis)> {
        self.rules.iter().filter_map(|(rule, basis)| match rule {
            Rule::Choices(values) => Some((*values, basis)),
            _ => None,
        })
    }
}
