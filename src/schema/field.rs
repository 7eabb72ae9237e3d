//! Fields: the elements of a resource.

use super::{Condition, DefaultValue, Evidence, ResourceId, Rule, Verb};

/// The kind of a field's value.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    Link(Box<str>),
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
    /// Like `ReadWrite`, but the field reads back empty. An empty value on update keeps the stored one.
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

/// The accepted values of a field.
pub(crate) type Choices = Box<[Box<str>]>;

/// A field of one release: its name, kind, access and rules.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: Box<str>,
    pub(crate) kind: Kind,
    pub(crate) access: Access,
    /// The evidence for the field itself.
    pub(crate) evidence: Evidence,
    /// On a link, the condition for the records that show it.
    pub(crate) shown: Option<Condition<usize>>,
    pub(crate) required: Box<[Rule]>,
    /// The defaults, of which the first that applies is used.
    pub(crate) defaults: Box<[(DefaultValue, Rule)]>,
    /// The only values that are accepted, in their canonical form.
    pub(crate) choices: Box<[(Choices, Rule)]>,
    /// The maximum number of characters.
    pub(crate) max_length: Option<(usize, Evidence)>,
    /// Evidence that no two records have the same value, without regard to case.
    pub(crate) unique: Option<Evidence>,
    /// The resource of the owner. The value is the owner's ObjectId; the record is deleted with its owner.
    pub(crate) owner: Option<(ResourceId, Evidence)>,
}

impl Field {
    /// True if the store has an index on the field: if it is unique or names an owner.
    pub(crate) fn is_indexed(&self) -> bool {
        self.unique.is_some() || self.owner.is_some()
    }

    pub(crate) fn is_link(&self) -> bool {
        matches!(self.kind, Kind::Link(_))
    }

    /// True if a value, or the lack of one, can break a rule of the field.
    pub(crate) fn has_rules(&self) -> bool {
        !self.required.is_empty() || !self.choices.is_empty() || self.max_length.is_some()
    }
}
