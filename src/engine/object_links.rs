//! The links between an object and others, in both directions.

use std::{borrow::Cow, sync::Arc};

use serde::Serialize;

use super::{Records, Target, object_name::object_name, render::shown};
use crate::{
    schema::{Kind, Resource, path},
    store::{Record, Store, Values},
};

/// A link to another object, or from one.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct ObjectLink {
    /// The field that refers to the other object.
    field: String,
    path: String,
    /// The path of its resource below `/vmrest`.
    resource: String,
    name: Option<String>,
}

impl ObjectLink {
    fn new(field: &str, resource: &Resource, values: &Values) -> Self {
        Self {
            field: field.to_owned(),
            path: object_path(resource, values),
            resource: resource.path.as_str().to_owned(),
            name: object_name(resource, values).map(str::to_owned),
        }
    }
}

/// Returns the path of an object.
pub(crate) fn object_path(resource: &Resource, values: &Values) -> String {
    resource.record_path("", |position| values.get(position))
}

/// Returns the resource and the record at the path of an object.
pub(crate) fn find_object<'s>(
    records: &Records,
    store: &'s Store,
    absolute: &str,
) -> Option<(&'s Resource, Arc<Record>)> {
    let below = absolute.strip_prefix("/vmrest/")?;
    let mut resources = store.catalogue().by_precedence().into_iter();
    resources.find_map(|resource| {
        let template = match resource.is_singleton() {
            true => Cow::Borrowed(resource.path.as_str()),
            false => Cow::Owned(format!("{}/{{}}", resource.path.as_str())),
        };
        let values = path::values(&template, below)?;
        let parameters = resource.parameters.iter().zip(&values);
        let parents: Vec<_> = parameters
            .map(|(position, value)| (*position, &**value))
            .collect();
        let key = values.last().filter(|_| !resource.is_singleton());
        let target = Target {
            parents: &parents,
            key: key.map(|key| &**key),
            ..Target::collection(resource)
        };
        let record = match records.rows(store, &target) {
            Some(rows) => rows.into_iter().find(|row| target.has_key_of(row))?,
            None => Arc::clone(target.find(store)?.1),
        };
        Some((resource, record))
    })
}

/// Returns the objects to which the fields of an object refer.
pub(crate) fn references(store: &Store, resource: &Resource, values: &Values) -> Vec<ObjectLink> {
    let fields = resource.fields.iter().enumerate();
    let links = fields.filter_map(|(position, field)| {
        let value = shown(resource, position, values)?;
        let reference = field.reference.as_ref()?;
        let target = &store.catalogue()[reference.resource];
        let mut holders = store.collection(target.id).holders(reference.field, &value);
        let (_, record) = holders.next()?;
        Some(ObjectLink::new(&field.name, target, &record.values))
    });
    links.collect()
}

/// Returns the number of objects that refer to an object, and at most `limit` of them.
pub(crate) fn referrers(
    store: &Store,
    resource: &Resource,
    values: &Values,
    limit: usize,
) -> (usize, Vec<ObjectLink>) {
    let catalogue = store.catalogue();
    let mut total = 0;
    let mut links = Vec::new();
    for &(other, position) in &catalogue.dependents(resource.id).references {
        let other = &catalogue[other];
        let field = &other.fields[position];
        let reference = field.reference.as_ref();
        let Some(reference) = reference.filter(|_| field.access.is_shown()) else {
            continue;
        };
        let Some(value) = values.get(reference.field) else {
            continue;
        };
        for (_, record) in store.collection(other.id).holders(position, value) {
            total += 1;
            if links.len() < limit {
                links.push(ObjectLink::new(&field.name, other, &record.values));
            }
        }
    }
    (total, links)
}

/// Returns the path that a field of an object leads to: that of a link.
pub(crate) fn link_of(resource: &Resource, position: usize, values: &Values) -> Option<String> {
    let is_link = resource.fields[position].kind == Kind::Link;
    let path = shown(resource, position, values).filter(|_| is_link)?;
    Some(path.into_owned())
}
