//! The catalogue: all resources of a server.

use std::ops::Index;

use super::{Access, Description, Release, Resource, ResourceId};

/// All resources of a server, compiled for one release. Servers with the same resources share it.
#[derive(Debug)]
pub(crate) struct Catalogue {
    pub(crate) release: Release,
    /// In the order of their ids. An owner precedes the resources that it owns.
    resources: Box<[Resource]>,
    /// For each resource, the fields of all resources that name an owner of it: the resource and the position.
    owned: Box<[Vec<OwnerField>]>,
    /// The root elements of the lists that only other releases have.
    other_lists: Box<[Box<str>]>,
    /// The names of the secret fields in all releases: a client may send a field that its server does not have.
    secrets: Box<[Box<str>]>,
}

/// A field that names an owner: its resource and its position.
pub(crate) type OwnerField = (ResourceId, usize);

impl Catalogue {
    /// Compiles descriptions that are free of errors.
    pub(crate) fn new(release: Release, descriptions: &[Description]) -> Self {
        let fields = descriptions.iter().flat_map(|other| &other.fields);
        let secrets = fields.filter(|field| field.access == Access::Secret);
        let secrets = secrets.map(|field| field.name.clone()).collect();
        let (descriptions, others): (Vec<_>, Vec<_>) = descriptions
            .iter()
            .partition(|description| description.is_in(release));
        let find = |path: &str| {
            let mut descriptions = descriptions.iter();
            let index = descriptions.position(|description| *description.path == *path);
            ResourceId::new(index.expect("an owner has a description"))
        };
        let resources: Box<[_]> = descriptions
            .iter()
            .enumerate()
            .map(|(index, description)| {
                Resource::new(ResourceId::new(index), description, release, find)
            })
            .collect();
        let owned = resources
            .iter()
            .map(|owner| owned_fields(&resources, owner.id).collect())
            .collect();
        Self {
            release,
            resources,
            owned,
            other_lists: others
                .iter()
                .map(|other| other.list_element.clone())
                .collect(),
            secrets,
        }
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
            .find(|resource| *resource.path == *path)
    }

    /// Returns the fields that name an owner that is a record of `resource`: the resource and the position of each.
    pub(crate) fn owned_by(&self, resource: ResourceId) -> &[OwnerField] {
        &self.owned[resource.index()]
    }
}

impl Index<ResourceId> for Catalogue {
    type Output = Resource;

    fn index(&self, id: ResourceId) -> &Resource {
        &self.resources[id.index()]
    }
}

fn owned_fields(
    resources: &[Resource],
    owner: ResourceId,
) -> impl Iterator<Item = OwnerField> + '_ {
    resources.iter().flat_map(move |resource| {
        let fields = resource.fields.iter().enumerate();
        let owned = fields.filter(move |(_, field)| {
            let named = field.owner.as_ref().map(|(named, _)| *named);
            named == Some(owner)
        });
        owned.map(|(position, _)| (resource.id, position))
    })
}
