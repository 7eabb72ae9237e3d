//! The comparison of two stores.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use super::{Change, Difference, FieldDifference, ObjectDifference};
use crate::{
    engine::{object_name, stored},
    journal::MASK,
    schema::{Access, Field, Kind, Resource},
    store::{Collection, Record, Store, Values, fold},
};

/// Compares the records of two stores, and describes at most `limit` objects that differ.
pub(crate) fn compare(before: &Store, after: &Store, limit: usize) -> Difference {
    let mut comparison = Comparison {
        limit,
        difference: Difference {
            created: 0,
            updated: 0,
            deleted: 0,
            is_complete: true,
            objects: Vec::new(),
        },
    };
    let is_same_catalogue = Arc::ptr_eq(before.catalogue(), after.catalogue());
    let counterpart = |store: &Store, resource: &Resource| {
        let found = store.catalogue().resource(resource.path.as_str());
        found.map(|found| found.id)
    };
    for resource in after.catalogue().resources() {
        if is_same_catalogue && after.shares(before, resource.id) {
            continue;
        }
        let current = Side::of(after, resource);
        let other = counterpart(before, resource);
        let other = other.map(|id| Side::of(before, &before.catalogue()[id]));
        comparison.add(other.as_ref(), Some(&current));
    }
    for resource in before.catalogue().resources() {
        if counterpart(after, resource).is_none() {
            comparison.add(Some(&Side::of(before, resource)), None);
        }
    }
    comparison.difference
}

/// The records of a resource in one of the stores.
struct Side<'s> {
    resource: &'s Resource,
    collection: &'s Collection,
}

impl<'s> Side<'s> {
    fn of(store: &'s Store, resource: &'s Resource) -> Self {
        Self {
            resource,
            collection: store.collection(resource.id),
        }
    }

    /// Returns the path of a record.
    fn path(&self, record: &Record) -> String {
        self.resource
            .record_path("", |position| record.values.get(position))
    }

    /// Returns the records by their paths, in which the letter case does not matter.
    fn by_path(&self) -> HashMap<String, &'s Arc<Record>> {
        let records = self.collection.iter();
        records
            .map(|record| (fold(&self.path(record)).into_owned(), record))
            .collect()
    }
}

struct Comparison {
    limit: usize,
    difference: Difference,
}

impl Comparison {
    /// Adds the differences between the records of a resource.
    fn add(&mut self, before: Option<&Side<'_>>, after: Option<&Side<'_>>) {
        let mut old = before.map(Side::by_path).unwrap_or_default();
        if let Some(side) = after {
            for record in side.collection.iter() {
                let path = side.path(record);
                let previous = old.remove(&*fold(&path));
                let is_same = previous.is_some_and(|previous| Arc::ptr_eq(previous, record));
                if !is_same {
                    let previous = before.zip(previous);
                    let previous = previous.map(|(side, record)| (side, &**record));
                    self.add_object(path, previous, Some((side, record)));
                }
            }
        }
        if let Some(side) = before {
            for record in side.collection.iter() {
                let path = side.path(record);
                if old.contains_key(&*fold(&path)) {
                    self.add_object(path, Some((side, record)), None);
                }
            }
        }
    }

    fn add_object(
        &mut self,
        path: String,
        before: Option<(&Side<'_>, &Record)>,
        after: Option<(&Side<'_>, &Record)>,
    ) {
        let Some((side, record)) = after.or(before) else {
            return;
        };
        let fields = fields(before, after);
        let change = match (before, after) {
            (None, _) => Change::Created,
            (_, None) => Change::Deleted,
            _ if fields.is_empty() => return,
            _ => Change::Updated,
        };
        let difference = &mut self.difference;
        *match change {
            Change::Created => &mut difference.created,
            Change::Updated => &mut difference.updated,
            Change::Deleted => &mut difference.deleted,
        } += 1;
        if difference.objects.len() == self.limit {
            difference.is_complete = false;
            return;
        }
        difference.objects.push(ObjectDifference {
            change,
            resource: side.resource.path.as_str().to_owned(),
            path,
            name: object_name(side.resource, &record.values).map(str::to_owned),
            fields,
        });
    }
}

/// Returns the fields of an object with different values: those that a response shows, and secrets. The two sides may have
/// other resources.
fn fields(
    before: Option<(&Side<'_>, &Record)>,
    after: Option<(&Side<'_>, &Record)>,
) -> Vec<FieldDifference> {
    let sides = || after.into_iter().chain(before);
    let mut names: Vec<&str> = Vec::new();
    for (side, _) in sides() {
        let fields = side.resource.fields.iter().map(|field| &*field.name);
        let further: Vec<_> = fields.filter(|name| !names.contains(name)).collect();
        names.extend(further);
    }
    let differences = names.into_iter().filter_map(|name| {
        let fields = sides().filter_map(|(side, _)| {
            let position = side.resource.position(name)?;
            Some(&side.resource.fields[position])
        });
        let is_left_out =
            |field: &Field| field.kind == Kind::Link || field.access == Access::Internal;
        if fields.clone().any(is_left_out) {
            return None;
        }
        let is_secret = fields.clone().any(|field| field.access.is_hidden());
        let value = |of: Option<(&Side<'_>, &Record)>| {
            let (side, record) = of?;
            value(side.resource, name, &record.values)
        };
        let (before, after) = (value(before), value(after));
        let shown = |value: Option<String>| match value {
            Some(_) if is_secret => Some(MASK.to_owned()),
            value => value,
        };
        (before != after).then(|| FieldDifference {
            name: name.to_owned(),
            before: shown(before),
            after: shown(after),
            is_secret,
        })
    });
    differences.collect()
}

fn value(resource: &Resource, name: &str, values: &Values) -> Option<String> {
    let position = resource.position(name)?;
    stored(resource, position, values).map(Cow::into_owned)
}
