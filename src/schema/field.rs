//! Fields: the elements of a resource.

use super::{Condition, DefaultValue, Evidence, ResourceId, Rule, Verb};

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
    /// Bytes, in base64.
    Binary,
    /// A path, made when the record is rendered. It is never stored.
    Link,
}

/// The source of a value that follows from other values.
#[derive(Clone, Debug)]
pub(crate) enum Computation {
    /// The record's own path, followed by this ending.
    OwnPath {
        ending: Box<str>,
        /// The position of a field: the record shows the path while that has a value.
        with: Option<usize>,
    },
    /// A list whose query ends with the record's key. This is the part before the key.
    Query(Box<str>),
    /// The path of the record that a field refers to, while the field has a value.
    PathThrough {
        /// The position of the field that refers to the record.
        through: usize,
        /// The absolute path of the record's collection, with a slash.
        collection: Box<str>,
        ending: Box<str>,
    },
    /// The value of a field of the record that another field refers to. It is stored, and follows that record.
    Derived {
        /// The position of the field that refers to the record.
        through: usize,
        /// The position of the field of that record.
        field: usize,
    },
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
    /// Like `ReadWrite`, but no response shows the field.
    WriteOnly,
    /// Like `ReadOnly`, but no response shows the field.
    Internal,
}

impl Access {
    /// True if a client may set the field with `verb`.
    pub(crate) fn takes(self, verb: Verb) -> bool {
        match self {
            Self::ReadOnly | Self::Internal => false,
            Self::CreateOnly => verb == Verb::Create,
            Self::ReadWrite | Self::Secret | Self::WriteOnly => true,
        }
    }

    /// True if the value is a secret.
    pub(crate) fn is_hidden(self) -> bool {
        matches!(self, Self::Secret | Self::WriteOnly)
    }

    /// True if a response shows the value.
    pub(crate) fn is_shown(self) -> bool {
        !self.is_hidden() && self != Self::Internal
    }

    /// True if only the server sets the field.
    pub(crate) fn is_read_only(self) -> bool {
        matches!(self, Self::ReadOnly | Self::Internal)
    }
}

/// The identity of a field in its catalogue: its resource, and its position there.
pub(crate) type FieldId = (ResourceId, usize);

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
    pub(crate) shown: Option<Box<Condition<usize>>>,
    pub(crate) required: Box<[Rule]>,
    /// The defaults, of which the first that applies is used.
    pub(crate) defaults: Box<[(DefaultValue<FieldId>, Rule)]>,
    /// The only values that are accepted, in their canonical form.
    pub(crate) choices: Box<[(Choices, Rule)]>,
    /// The maximum number of characters.
    pub(crate) max_length: Option<(usize, Evidence)>,
    /// The evidence for the rule that the value is an extension that a caller can dial.
    pub(crate) extension: Option<Evidence>,
    pub(crate) range: Option<Box<NumberRange>>,
    /// The rule that no two records have the same value, without regard to case.
    pub(crate) unique: Option<Unique>,
    pub(crate) reference: Option<Box<Reference>>,
    /// The positions of the fields that a value in this one clears.
    pub(crate) clears: Box<[(usize, Evidence)]>,
    /// True if an empty element removes the value.
    pub(crate) is_clearable: bool,
    /// The source of the value, if it follows from other values.
    pub(crate) computation: Option<Box<Computation>>,
    /// True if the store has an index on the field.
    pub(crate) is_indexed: bool,
    /// True if a value can conflict with other records: if it is unique, a reference, or a part of the record's identity.
    pub(crate) can_conflict: bool,
}

/// The accepted numbers of a field.
#[derive(Clone, Debug)]
pub(crate) struct NumberRange {
    pub(crate) min: i32,
    pub(crate) max: i32,
    pub(crate) evidence: Evidence,
}

/// The rule that no two records have the same value in a field, without regard to case.
#[derive(Clone, Debug)]
pub(crate) struct Unique {
    /// The position of another field: only records with the same value in it must differ.
    pub(crate) within: Option<usize>,
    pub(crate) evidence: Evidence,
}

/// A reference: the value of the field is that of a field of another record.
#[derive(Clone, Debug)]
pub(crate) struct Reference {
    pub(crate) resource: ResourceId,
    /// The position of the field of the other record.
    pub(crate) field: usize,
    pub(crate) on_delete: OnDelete,
    /// The message of the response if the other record cannot be deleted, unless it is the usual one.
    pub(crate) message: Option<Box<str>>,
    pub(crate) evidence: Evidence,
}

/// The effect of deleting the record that a reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnDelete {
    /// The record cannot be deleted.
    Refuse,
    /// The records that refer to it are deleted with it.
    Cascade,
    /// The records that refer to it lose their value.
    Clear,
}

impl Field {
    pub(crate) fn is_link(&self) -> bool {
        self.kind == Kind::Link
    }

    /// True if the value is that of another record's field.
    pub(crate) fn is_derived(&self) -> bool {
        matches!(
            self.computation.as_deref(),
            Some(Computation::Derived { .. })
        )
    }

    /// True if a value, or the lack of one, can break a rule of the field.
    pub(crate) fn has_rules(&self) -> bool {
        !self.required.is_empty()
            || !self.choices.is_empty()
            || self.max_length.is_some()
            || self.extension.is_some()
            || self.range.is_some()
            || !self.clears.is_empty()
    }
}
