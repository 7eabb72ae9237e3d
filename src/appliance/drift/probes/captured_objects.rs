//! The objects of the real server that the probes use.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    appliance::{capture::CapturedKind, drift::id_pairs::ids, object::Object},
    schema::{Catalogue, PathTemplate, Resource, path},
};

/// The maximum number of parents whose collections are read.
const MAX_PARENTS: usize = 3;

/// The objects of each resource, in the order of its list. They have the fields in their paths.
#[derive(Clone, Debug, Default)]
pub(crate) struct CapturedObjects(BTreeMap<String, Vec<Object>>);

impl<'k> FromIterator<&'k CapturedKind> for CapturedObjects {
    fn from_iter<I: IntoIterator<Item = &'k CapturedKind>>(kinds: I) -> Self {
        let known = kinds.into_iter().filter(|kind| kind.is_known);
        known
            .map(|kind| (kind.path.clone(), kind.objects.clone()))
            .collect()
    }
}

impl FromIterator<(String, Vec<Object>)> for CapturedObjects {
    fn from_iter<I: IntoIterator<Item = (String, Vec<Object>)>>(objects: I) -> Self {
        Self(objects.into_iter().collect())
    }
}

impl CapturedObjects {
    /// Returns the objects of the resource with this path below `/vmrest`.
    pub(crate) fn of(&self, path: &str) -> &[Object] {
        self.0.get(path).map_or(&[], Vec::as_slice)
    }

    /// Returns the ids in all objects.
    pub(crate) fn ids(&self) -> BTreeSet<String> {
        let objects = self.0.values().flatten();
        let values = objects.flat_map(|object| &object.fields);
        values.flat_map(|(_, value)| ids(value)).collect()
    }

    /// Returns the absolute paths of the first collections of a resource, or of its only object at each path. Those with
    /// objects come first.
    pub(super) fn collections(&self, catalogue: &Catalogue, resource: &Resource) -> Vec<String> {
        let Some(parent) = resource.parent.map(|parent| &catalogue[parent]) else {
            let is_complete = !resource.path.has_parameters();
            return is_complete
                .then(|| format!("/vmrest/{}", resource.path))
                .into_iter()
                .collect();
        };
        let own = |object: &Object| {
            let names = resource.path.names();
            filled(&resource.path, names.map(|name| object.get(name)))
        };
        let of_parent = |object: &Object| {
            let positions = resource.parent_fields.iter();
            let values = positions.map(|position| object.get(&parent.fields[*position].name));
            filled(&resource.path, values)
        };
        let mut found: Vec<String> = Vec::new();
        let own = self.of(resource.path.as_str()).iter().filter_map(own);
        let parents = self.of(parent.path.as_str()).iter().filter_map(of_parent);
        for path in own.chain(parents.take(1)) {
            if found.len() < MAX_PARENTS && !found.contains(&path) {
                found.push(path);
            }
        }
        found
    }

    /// Returns the objects of a collection, each with its absolute path.
    pub(super) fn in_collection<'c>(
        &'c self,
        resource: &'c Resource,
        collection: &'c str,
    ) -> impl DoubleEndedIterator<Item = (String, &'c Object)> {
        self.of(resource.path.as_str())
            .iter()
            .filter_map(move |object| {
                let names = resource.path.names();
                let own = filled(&resource.path, names.map(|name| object.get(name)))?;
                (own == collection)
                    .then(|| Some((object_path(resource, collection, object)?, object)))?
            })
    }
}

/// Returns an absolute path with values in the place of its parameters, if all are known.
pub(super) fn filled<'v>(
    template: &PathTemplate,
    values: impl Iterator<Item = Option<&'v str>>,
) -> Option<String> {
    let values: Option<Vec<_>> = values.collect();
    let values = values.filter(|values| values.len() == template.names().count())?;
    let mut values = values.into_iter();
    let segments = template.as_str().split('/').map(|segment| {
        match path::parameter(segment).and_then(|_| values.next()) {
            Some(value) => path::encoded(value).into_owned(),
            None => segment.to_owned(),
        }
    });
    Some(format!(
        "/vmrest/{}",
        segments.collect::<Vec<_>>().join("/")
    ))
}

/// Returns the absolute path of an object: that of its key, or its URI.
fn object_path(resource: &Resource, collection: &str, object: &Object) -> Option<String> {
    let Some(key) = resource.key else {
        return Some(collection.to_owned());
    };
    match object.get(&resource.fields[key].name) {
        Some(key) => Some(format!("{collection}/{}", path::encoded(key))),
        None => object.get("URI").map(str::to_owned),
    }
}
