//! The catalogue: all resources of a server, and the responses of its user.

use std::ops::Index;

use super::{
    Computation, Description, ErrorDescription, ErrorRule, Release, Resource, ResourceId,
    ResponseDescription, Verb,
    compiler::{Compiler, Source},
};

/// All resources of a server, compiled for one release, and the responses of its user. Servers with the same resources share it.
#[derive(Debug)]
pub(crate) struct Catalogue {
    pub(crate) release: Release,
    /// In the order of their ids.
    resources: Box<[Resource]>,
    /// The dependents of each resource.
    dependents: Box<[Dependents]>,
    /// The root elements of the lists that only other releases have.
    other_lists: Box<[Box<str>]>,
    /// The names of the secret fields in all releases: a client may send a field that its server does not have.
    secrets: Box<[Box<str>]>,
    /// The responses of the user, for requests that no resource serves.
    responses: Box<[ResponseDescription]>,
    /// The contents of error responses that the user describes.
    errors: Box<[ErrorDescription]>,
}

/// The resources whose records depend on those of another resource.
#[derive(Debug, Default)]
pub(crate) struct Dependents {
    /// The fields that refer to a record: the resource and the position of each.
    pub(crate) references: Vec<(ResourceId, usize)>,
    /// The resources with collections below a record.
    pub(crate) children: Vec<ResourceId>,
    /// True if a field of another resource is derived from a field of a record.
    pub(crate) has_derived_fields: bool,
}

impl Catalogue {
    /// Compiles descriptions that are free of errors.
    pub(crate) fn new(release: Release, descriptions: &[Description]) -> Self {
        let fields = descriptions.iter().flat_map(|other| &other.fields);
        let secrets = fields.filter(|field| field.access.is_hidden());
        let secrets = secrets.map(|field| field.name.clone()).collect();
        let (descriptions, others): (Vec<_>, Vec<_>) = descriptions
            .iter()
            .partition(|description| description.is_in(release));
        let sources = descriptions.into_iter();
        let compiler = Compiler {
            release,
            sources: sources
                .map(|description| Source::new(description, release))
                .collect(),
        };
        let resources = compiler.resources();
        Self {
            release,
            dependents: dependents(&resources),
            resources,
            other_lists: others
                .iter()
                .map(|other| other.list_element.clone())
                .collect(),
            secrets,
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

    /// Returns the resources whose records depend on those of `resource`.
    pub(crate) fn dependents(&self, resource: ResourceId) -> &Dependents {
        &self.dependents[resource.index()]
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
        let mut children = self.dependents(resource.id).children.iter();
        resource.behaviour.is_some() || children.any(|child| self[*child].is_singleton())
    }
}

impl Index<ResourceId> for Catalogue {
    type Output = Resource;

    fn index(&self, id: ResourceId) -> &Resource {
        &self.resources[id.index()]
    }
}

fn dependents(resources: &[Resource]) -> Box<[Dependents]> {
    let mut dependents: Box<[_]> = resources.iter().map(|_| Dependents::default()).collect();
    for resource in resources {
        for (position, field) in resource.fields.iter().enumerate() {
            if let Some(reference) = &field.reference {
                let target = &mut dependents[reference.resource.index()];
                target.references.push((resource.id, position));
            }
            if let Some(target) = field.computation.as_ref().and_then(|computation| {
                let Computation::Derived { through, .. } = **computation else {
                    return None;
                };
                resource.target(through)
            }) {
                dependents[target.index()].has_derived_fields = true;
            }
        }
        if let Some(parent) = resource.parent {
            dependents[parent.index()].children.push(resource.id);
        }
    }
    dependents
}
