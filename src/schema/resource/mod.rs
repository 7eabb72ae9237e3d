//! Resources: the kinds of CUPI objects.

use std::sync::OnceLock;

use super::{Evidence, Release};

mod field;
mod resolved;

pub(crate) use field::{Access, Field, Kind, boolean, date_time, guid, integer, link, text};
pub(crate) use resolved::{ResolvedField, ResolvedResource, ResolvedRule};

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

/// One kind of CUPI object.
#[derive(Debug)]
pub(crate) struct Resource {
    /// The collection's path below `/vmrest`.
    pub(crate) path: &'static str,
    /// The root element of a list.
    pub(crate) list_element: &'static str,
    /// The element of one object.
    pub(crate) element: &'static str,
    /// The fields, in the order of a response.
    pub(crate) fields: &'static [Field],
    /// The evidence for the responses to each verb, in the order of [`Verb::ALL`].
    verbs: [Option<Evidence>; Verb::ALL.len()],
    /// The resource resolved for each release, in the order of [`Release::ALL`].
    resolved: [OnceLock<ResolvedResource>; Release::ALL.len()],
}

/// The position of the ObjectId in every resource.
pub(crate) const OBJECT_ID: usize = 1;

impl Resource {
    pub(crate) const fn new(
        path: &'static str,
        list_element: &'static str,
        element: &'static str,
    ) -> Self {
        Self {
            path,
            list_element,
            element,
            fields: &[],
            verbs: [None; Verb::ALL.len()],
            resolved: [const { OnceLock::new() }; Release::ALL.len()],
        }
    }

    /// Sets the fields, in the order of a response.
    pub(crate) const fn fields(mut self, fields: &'static [Field]) -> Self {
        self.fields = fields;
        self
    }

    /// Adds a verb, with the evidence for its responses.
    pub(crate) const fn takes(mut self, verb: Verb, evidence: Evidence) -> Self {
        self.verbs[verb as usize] = Some(evidence);
        self
    }

    /// Returns the evidence for the responses to `verb`, if the resource supports it.
    pub(crate) fn verb(&self, verb: Verb) -> Option<&Evidence> {
        self.verbs[verb as usize].as_ref()
    }

    /// Returns the methods of the collection, or of an object.
    pub(crate) fn methods(&self, of_collection: bool) -> impl Iterator<Item = &'static str> {
        let verbs = Verb::ALL.into_iter().filter(move |verb| {
            verb.is_of_collection() == of_collection && self.verb(*verb).is_some()
        });
        verbs.map(Verb::method)
    }

    /// Returns the resource resolved for a release.
    pub(crate) fn for_release(&'static self, release: Release) -> &'static ResolvedResource {
        self.resolved[release as usize].get_or_init(|| ResolvedResource::new(self, release))
    }

    /// Returns the position of the field with this name.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// Returns the position of the field with this name, in any letter case, if `release` has it.
    pub(crate) fn column(&self, release: Release, name: &str) -> Option<usize> {
        self.fields
            .iter()
            .position(|field| field.is_in(release) && field.name.eq_ignore_ascii_case(name))
    }

    /// Returns the absolute path of an object.
    pub(crate) fn object_path(&self, id: &str) -> String {
        ["/vmrest/", self.path, "/", id].concat()
    }
}

/// Returns the first field of every resource: its own path.
pub(crate) const fn uri(evidence: Evidence) -> Field {
    link("URI", "", evidence)
}

/// Returns the second field of every resource: its id.
pub(crate) const fn object_id(evidence: Evidence) -> Field {
    guid("ObjectId", evidence)
        .read_only()
        .required(evidence)
        .unique(evidence)
}
