//! The objects of other tenants, which a capture of one tenant leaves out.

use std::collections::BTreeSet;

use super::{CaptureError, CapturedKind, lists::Lists};
use crate::{
    appliance::object::Object,
    schema::{Catalogue, Kind, Resource, path},
    store::fold,
};

const TENANTS: &str = "tenants";

/// The ids of the objects of a tenant and of those of all others.
#[derive(Debug, Default)]
pub(super) struct Ownership {
    /// The id of the only tenant that is captured.
    pub(super) tenant: String,
    own: BTreeSet<String>,
    others: BTreeSet<String>,
}

impl Ownership {
    /// Finds the tenant with an alias or an id, and the ids of the objects that each tenant owns.
    pub(super) fn read(
        lists: Lists<'_>,
        catalogue: &Catalogue,
        tenant: &str,
    ) -> Result<Self, CaptureError> {
        let unknown = || CaptureError::UnknownTenant(tenant.to_owned());
        let resource = catalogue.resource(TENANTS).ok_or_else(unknown)?;
        let path = path::absolute(TENANTS);
        let page = lists.all_pages(&path, Some(resource))?;
        let tenants = page.map(|page| page.objects).unwrap_or_default();
        let is_named = |object: &Object| {
            let names = [object.get("Alias"), object.get("ObjectId")];
            let mut names = names.into_iter().flatten();
            names.any(|name| fold(name) == fold(tenant))
        };
        let found = tenants.iter().find(|object| is_named(object));
        let id = found.and_then(|object| object.get("ObjectId"));
        let mut ownership = Self {
            tenant: id.ok_or_else(unknown)?.to_owned(),
            ..Self::default()
        };
        for object in &tenants {
            let ids = owned_ids(lists, catalogue, resource, object)?;
            match is_named(object) {
                true => ownership.own.extend(ids),
                false => ownership.others.extend(ids),
            }
        }
        // Tenants may share a phone system.
        let Self { own, others, .. } = &mut ownership;
        others.retain(|id| !own.contains(id));
        Ok(ownership)
    }

    /// True if an object belongs to the tenant, or to none.
    pub(super) fn includes(&self, resource: &Resource, object: &Object) -> bool {
        let ids = || ids(resource, object);
        ids().any(|id| self.own.contains(&id)) || !ids().any(|id| self.others.contains(&id))
    }

    /// Removes the objects that belong to other tenants, and those that depend on them only.
    pub(super) fn remove_others(&mut self, catalogue: &Catalogue, kinds: &mut [CapturedKind]) {
        loop {
            let known = self.others.len();
            for kind in &mut *kinds {
                if let Some(resource) = catalogue.resource(&kind.path) {
                    let others = self.remove(resource, &mut kind.objects);
                    self.others.extend(others);
                }
            }
            if self.others.len() == known {
                return;
            }
        }
    }

    /// Removes the objects of other tenants. Returns their ids, and those of the objects above them without any other one.
    fn remove(&self, resource: &Resource, objects: &mut Vec<Object>) -> BTreeSet<String> {
        let parent = resource.parameters.last();
        let parent = parent.map(|position| &*resource.fields[*position].name);
        let parents = |objects: &[Object]| -> BTreeSet<String> {
            let ids = objects.iter().filter_map(|object| object.get(parent?));
            ids.map(|id| fold(id).into_owned()).collect()
        };
        let before = parents(objects);
        let mut others = BTreeSet::new();
        objects.retain(|object| {
            let is_included = self.includes(resource, object);
            let id = object.get("ObjectId").filter(|_| !is_included);
            others.extend(id.map(|id| fold(id).into_owned()));
            is_included
        });
        let after = parents(objects);
        others.extend(before.difference(&after).cloned());
        others.retain(|id| !self.own.contains(id));
        others
    }
}

/// Returns the ids in the fields of an object, among them its own one.
fn ids(resource: &Resource, object: &Object) -> impl Iterator<Item = String> {
    let fields = object.fields.iter().filter(|(name, value)| {
        let position = resource.position(name);
        let is_id = position.is_none_or(|position| resource.fields[position].kind == Kind::Guid);
        is_id && !value.is_empty()
    });
    fields.map(|(_, value)| fold(value).into_owned())
}

/// Returns the ids of a tenant, of the objects that it names, and of those in the lists below it.
fn owned_ids(
    lists: Lists<'_>,
    catalogue: &Catalogue,
    tenants: &Resource,
    tenant: &Object,
) -> Result<Vec<String>, CaptureError> {
    let mut found: Vec<_> = ids(tenants, tenant).collect();
    for list in lists_below(catalogue, tenants) {
        let value = |position: usize| tenant.get(&tenants.fields[position].name);
        let path = tenants.record_path(&format!("/{list}"), value);
        let Ok(page) = lists.all_pages(&path, None)? else {
            continue;
        };
        let links = page.objects.iter().flat_map(|object| &object.fields);
        let links = links.filter_map(|(_, value)| value.strip_prefix("/vmrest/"));
        let ids = links.filter_map(|link| link.rsplit('/').next());
        found.extend(ids.map(|id| fold(id).into_owned()));
    }
    Ok(found)
}

/// Returns the last segments of the lists below a tenant.
fn lists_below<'c>(catalogue: &'c Catalogue, tenants: &Resource) -> impl Iterator<Item = &'c str> {
    let children = catalogue.children(tenants.id).iter();
    children.filter_map(|child| catalogue[*child].path.end_below_record())
}
