//! Verbs: the operations on resources.

/// An operation on a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    List,
    Read,
    Create,
    Update,
    Delete,
}

impl Verb {
    /// All verbs, in the order of the guide's pages.
    pub(crate) const ALL: [Self; 5] = [
        Self::List,
        Self::Read,
        Self::Create,
        Self::Update,
        Self::Delete,
    ];

    /// Returns the name, in lower case.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Read => "read",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    /// Returns the HTTP method.
    pub(crate) const fn method(self) -> &'static str {
        match self {
            Self::List | Self::Read => "GET",
            Self::Create => "POST",
            Self::Update => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// True for an operation on the collection, false for one on an object.
    pub(crate) const fn is_of_collection(self) -> bool {
        matches!(self, Self::List | Self::Create)
    }
}
