//! The catalogue: all resources of a server, and the responses of its user.

use std::{
    ops::Index,
    sync::{Arc, LazyLock, OnceLock},
};

use super::{
    Computation, Description, ErrorDescription, ErrorRule, Release, Resource, ResourceId,
    ResponseDescription, Source, Verb, compiler::Compiler,
};

/// All resources of a server, compiled for one release, and the responses of its user. Servers with the same resources share it.
#[derive(Debug)]
pub(crate) struct Catalogue {
    pub(crate) release: Release,
    /// In the order of their ids.
    resources: Box<[Resource]>,
    /// The resources with collections below a record, of each resource.
    children: Box<[Vec<ResourceId>]>,
    /// The dependents of each resource, found at their first use.
    dependents: Box<[OnceLock<Dependents>]>,
    /// The root elements of the lists that only other releases have.
    other_lists: Box<[Box<str>]>,
    /// The names of the secret fields in all releases: a client may send a field that its server does not have.
    secrets: Box<[Box<str>]>,
    /// The responses of the user, for requests that no resource serves.
    responses: Box<[ResponseDescription]>,
    /// The contents of error responses that the user describes.
    errors: Box<[ErrorDescription]>,
}

/// The fields whose values depend on the records of another resource.
#[derive(Debug, Default)]
pub(crate) struct Dependents {
    /// The fields that refer to a record: the resource and the position of each.
    pub(crate) references: Vec<(ResourceId, usize)>,
    /// The positions of the fields from which fields of other records are derived.
    pub(crate) sources: Vec<usize>,
}

impl Catalogue {
    /// Compiles descriptions that are free of errors.
    pub(crate) fn new(release: Release, descriptions: Vec<Description>) -> Self {
        let fields = descriptions.iter().flat_map(|other| &other.fields);
        let secrets = fields.filter(|field| field.access.is_hidden());
        let secrets = secrets.map(|field| field.name.clone()).collect();
        let sources = descriptions.into_iter().map(Box::new).map(Source::Complete);
        let catalogue = Self::deferred(release, sources.map(Arc::new));
        for resource in &catalogue.resources {
            // The last shape drops the descriptions.
            LazyLock::force(&resource.shape);
        }
        Self {
            secrets,
            ..catalogue
        }
    }

    /// Creates a catalogue that compiles each description at its first use. All of them are free of errors.
    pub(crate) fn deferred(release: Release, sources: impl Iterator<Item = Arc<Source>>) -> Self {
        let (sources, others): (Vec<_>, Vec<_>) =
            sources.partition(|source| source.outline().is_in(release));
        let resources = Compiler::new(release, sources).resources();
        Self {
            release,
            children: children(&resources),
            dependents: resources.iter().map(|_| OnceLock::new()).collect(),
            resources,
            other_lists: others
                .iter()
                .map(|other| other.outline().list_element.clone())
                .collect(),
            secrets: Box::default(),
            responses: Box::default(),
            errors: Box::default(),
        }
    }

    /// Adds those responses that the release has, which are free of errors.
    pub(crate) fn with_responses(mut self, responses: Vec<ResponseDescription>) -> Self {
        let responses = responses.into_iter();
        let covered = responses.filter(|response| response.fact.covers(self.release));
        self.responses = covered.collect();
        self
    }

    /// Adds those contents of error responses that the release has, which are free of mistakes.
    pub(crate) fn with_errors(mut self, errors: Vec<ErrorDescription>) -> Self {
        let errors = errors.into_iter();
        self.errors = errors
            .filter(|error| error.fact.covers(self.release))
            .collect();
        self
    }

    /// True if the user describes the contents of error responses.
    pub(crate) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Returns the content that the user describes for the response to a request that breaks a rule. Of several, it is
    /// that about the fewest requests.
    pub(crate) fn error(
        &self,
        rule: ErrorRule,
        verb: Option<Verb>,
        resource: Option<&Resource>,
    ) -> Option<&ErrorDescription> {
        let path = resource.map(|resource| resource.path.as_str());
        let of_rule = self.errors.iter().filter(|error| error.rule == rule);
        let matching = of_rule.filter(|error| error.includes(verb, path));
        matching.max_by_key(|error| error.precision())
    }

    /// Returns the responses of the user.
    pub(crate) fn responses(&self) -> &[ResponseDescription] {
        &self.responses
    }

    /// Returns the names of the secret fields in all releases.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        self.secrets.iter().map(AsRef::as_ref)
    }

    /// True if only other releases have lists with this root element.
    pub(crate) fn is_list_of_other_release(&self, element: &str) -> bool {
        self.other_lists.iter().any(|other| **other == *element)
    }

    /// Returns all resources, in the order of their ids.
    pub(crate) fn resources(&self) -> &[Resource] {
        &self.resources
    }

    /// Returns the resource with this path below `/vmrest`.
    pub(crate) fn resource(&self, path: &str) -> Option<&Resource> {
        self.resources
            .iter()
            .find(|resource| resource.path.as_str() == path)
    }

    /// Returns all resources in the order in which a path is compared with theirs: a fixed segment takes precedence over a
    /// value.
    pub(crate) fn by_precedence(&self) -> Vec<&Resource> {
        let mut resources: Vec<_> = self.resources.iter().collect();
        resources.sort_by_key(|resource| resource.path.names().count());
        resources
    }

    /// Returns the resources with collections below a record of `resource`.
    pub(crate) fn children(&self, resource: ResourceId) -> &[ResourceId] {
        &self.children[resource.index()]
    }

    /// Returns the fields whose values depend on the records of `resource`.
    pub(crate) fn dependents(&self, resource: ResourceId) -> &Dependents {
        let target = &self[resource];
        self.dependents[resource.index()].get_or_init(|| {
            let mut dependents = Dependents::default();
            let others = self.resources.iter();
            for other in others.filter(|other| other.may_refer_to(target)) {
                dependents.add(other, resource);
            }
            dependents
        })
    }

    /// True if a record of `resource` refers to other records, or its creation changes others.
    pub(crate) fn has_effects(&self, resource: &Resource) -> bool {
        let has_references = resource
            .fields
            .iter()
            .any(|field| field.reference.is_some());
        has_references || resource.parent.is_some() || self.creates_several(resource)
    }

    /// True if the creation of a record of `resource` changes further records.
    pub(crate) fn creates_several(&self, resource: &Resource) -> bool {
        let mut children = self.children(resource.id).iter();
        resource.behaviour.is_some() || children.any(|child| self[*child].is_singleton())
    }
}

impl Index<ResourceId> for Catalogue {
    type Output = Resource;

    fn index(&self, id: ResourceId) -> &Resource {
        &self.resources[id.index()]
    }
}

impl Dependents {
    /// Adds the fields of a resource that depend on the records of `target`.
    fn add(&mut self, resource: &Resource, target: ResourceId) {
        for (position, field) in resource.fields.iter().enumerate() {
            let reference = field.reference.as_ref();
            if reference.is_some_and(|reference| reference.resource == target) {
                self.references.push((resource.id, position));
            }
            if let Some(Computation::Derived { through, field }) = field.computation.as_deref()
                && resource.target(*through) == Some(target)
            {
                self.sources.push(*field);
            }
        }
    }
}

fn children(resources: &[Resource]) -> Box<[Vec<ResourceId>]> {
    let mut children: Box<[_]> = resources.iter().map(|_| Vec::new()).collect();
    for resource in resources {
        if let Some(parent) = resource.parent {
            children[parent.index()].push(resource.id);
        }
    }
    children
}
