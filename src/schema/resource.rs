//! One kind of CUPI object.

use std::sync::OnceLock;

use super::{Evidence, Field, Release, ResolvedResource, guid, link};

/// What a client may ask of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    List,
    Read,
    Create,
    Update,
    Delete,
}

impl Verb {
    /// Every verb, in the order of the guide's pages.
    pub(crate) const ALL: [Self; 5] = [
        Self::List,
        Self::Read,
        Self::Create,
        Self::Update,
        Self::Delete,
    ];

    /// What it is called, in lower case.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Read => "read",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    /// The method that asks for it.
    pub(crate) const fn method(self) -> &'static str {
        match self {
            Self::List | Self::Read => "GET",
            Self::Create => "POST",
            Self::Update => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Whether it is asked of the collection, and not of one object.
    pub(crate) const fn is_of_collection(self) -> bool {
        matches!(self, Self::List | Self::Create)
    }
}

/// One kind of CUPI object, described once.
#[derive(Debug)]
pub(crate) struct Resource {
    /// The collection's path below `/vmrest`.
    pub(crate) path: &'static str,
    /// The root element of a list.
    pub(crate) list_element: &'static str,
    /// The element of one object.
    pub(crate) element: &'static str,
    /// In the order in which they are answered.
    pub(crate) fields: &'static [Field],
    /// How the answers of each verb are known, by the order of [`Verb::ALL`].
    verbs: [Option<Evidence>; Verb::ALL.len()],
    /// The resource as each release has it, by the order of [`Release::ALL`].
    editions: [OnceLock<ResolvedResource>; Release::ALL.len()],
}

/// Where the ObjectId field stands in every resource.
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
            editions: [const { OnceLock::new() }; Release::ALL.len()],
        }
    }

    /// The fields, in the order in which they are answered.
    pub(crate) const fn fields(mut self, fields: &'static [Field]) -> Self {
        self.fields = fields;
        self
    }

    /// The resource takes `verb`, and this is how its answers are known.
    pub(crate) const fn takes(mut self, verb: Verb, evidence: Evidence) -> Self {
        self.verbs[verb as usize] = Some(evidence);
        self
    }

    /// How the answers of `verb` are known, if the resource takes it.
    pub(crate) fn verb(&self, verb: Verb) -> Option<&Evidence> {
        self.verbs[verb as usize].as_ref()
    }

    /// The methods that the collection takes, or one object.
    pub(crate) fn methods(&self, of_collection: bool) -> impl Iterator<Item = &'static str> {
        let verbs = Verb::ALL.into_iter().filter(move |verb| {
            verb.is_of_collection() == of_collection && self.verb(*verb).is_some()
        });
        verbs.map(Verb::method)
    }

    /// The resource as `release` has it.
    pub(crate) fn edition(&'static self, release: Release) -> &'static ResolvedResource {
        self.editions[release as usize].get_or_init(|| ResolvedResource::new(self, release))
    }

    /// Where the field of this name stands in a record.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// Where the field that `release` has under this name, in any case, stands in a record.
    pub(crate) fn column(&self, release: Release, name: &str) -> Option<usize> {
        self.fields
            .iter()
            .position(|field| field.is_in(release) && field.name.eq_ignore_ascii_case(name))
    }

    /// The path of one object, from the root.
    pub(crate) fn object_path(&self, id: &str) -> String {
        ["/vmrest/", self.path, "/", id].concat()
    }
}

/// The first field of every resource: its own path.
pub(crate) const fn uri(evidence: Evidence) -> Field {
    link("URI", "", evidence)
}

/// The second field of every resource: its id.
pub(crate) const fn object_id(evidence: Evidence) -> Field {
    guid("ObjectId", evidence)
        .read_only()
        .required(evidence)
        .unique(evidence)
}
