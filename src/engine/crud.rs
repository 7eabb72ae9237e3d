//! The five verbs.

use std::sync::Arc;

use super::{
    Error, Member, Records,
    draft::Draft,
    query::{Page, Query},
    validate::{Origin, Validation, Violation, holds},
    view::rendered,
};
use crate::{
    schema::{Filling, OBJECT_ID, Resource, Verb},
    store::{Ordinal, Record, Store, Values},
};

/// The records that `query` asks for.
pub(crate) fn list(records: &Records, query: &Query) -> Page {
    query.answer(records.read())
}

/// The record of `resource` with this id.
pub(crate) fn read(
    records: &Records,
    resource: &'static Resource,
    id: &str,
) -> Result<Arc<Record>, Error> {
    let store = records.read();
    let (_, record) = store
        .collection(resource)
        .get(id)
        .ok_or_else(|| Error::not_found(resource, id))?;
    Ok(Arc::clone(record))
}

/// Adds a record, and tells its path.
pub(crate) fn create(
    records: &Records,
    resource: &'static Resource,
    members: &[Member<'_>],
) -> Result<String, Error> {
    let draft = Draft::of_request(resource, records.release, Verb::Create, members);
    add(records, resource, draft).map(|id| resource.object_path(&id))
}

/// Adds a record whose every field may be given, as in a fixture, and tells its id. What is required and not
/// given is taken from `samples`.
pub(crate) fn seed(
    records: &Records,
    resource: &'static Resource,
    members: &[Member<'_>],
    samples: &[(&str, &str)],
) -> Result<String, Error> {
    let mut unknown = None;
    let mut draft = Draft::of_fixture(resource, records.release, members, |member| {
        unknown.get_or_insert(member);
    });
    if let Some(Member { name, value, .. }) = unknown {
        let expected = format!(
            "a field of {} in release {}",
            resource.element, records.release
        );
        let value = value.as_deref().unwrap_or_default();
        return Err(Error::invalid_parameter(name, value, &expected));
    }
    for (position, field) in resource.fields.iter().enumerate() {
        let is_missing = draft.given.get(position).is_none() && field.is_in(records.release);
        let mut rules = field.required_rules().filter(|_| is_missing);
        let sample = samples.iter().find(|(name, _)| *name == field.name);
        if let Some((_, sample)) = sample
            && rules.any(|basis| holds(basis, resource, records.release, &draft.given))
        {
            draft.given.set(position, *sample);
        }
    }
    add(records, resource, draft)
}

fn add(records: &Records, resource: &'static Resource, draft: Draft) -> Result<String, Error> {
    records.write(|store| {
        let mut values = draft.given;
        let mut ids_drawn = store.ids_drawn;
        if values.get(OBJECT_ID).is_none() {
            values.set(OBJECT_ID, records.draw_id(store, resource, &mut ids_drawn));
        }
        fill_in_defaults(records, resource, &mut values);
        let rules = Validation {
            resource,
            release: records.release,
            store,
            origin: Origin::Create,
        };
        first_in_schema_order(&rules, &values, &draft.violations)?;
        let id = values.get(OBJECT_ID).unwrap_or_default().to_owned();
        let record = rendered(resource, records.release, values);
        Ok(move |store: &mut Store| {
            store.ids_drawn = ids_drawn;
            store.collection_mut(resource).insert(record);
            id
        })
    })
}

/// Changes the fields of a record that are sent, and no others.
pub(crate) fn update(
    records: &Records,
    resource: &'static Resource,
    id: &str,
    members: &[Member<'_>],
) -> Result<(), Error> {
    let draft = Draft::of_request(resource, records.release, Verb::Update, members);
    records.write(|store| {
        let (ordinal, stored) = store
            .collection(resource)
            .get(id)
            .ok_or_else(|| Error::nothing_to_update(resource))?;
        let values = draft.onto(resource, &stored.values);
        let rules = Validation {
            resource,
            release: records.release,
            store,
            origin: Origin::Update(ordinal, &stored.values),
        };
        first_in_schema_order(&rules, &values, &draft.violations)?;
        let record = rendered(resource, records.release, values);
        Ok(move |store: &mut Store| store.collection_mut(resource).replace(ordinal, record))
    })
}

/// Takes a record away, and all that it owns.
pub(crate) fn delete(
    records: &Records,
    resource: &'static Resource,
    id: &str,
) -> Result<(), Error> {
    records.write(|store| {
        let (ordinal, record) = store
            .collection(resource)
            .get(id)
            .ok_or_else(|| Error::not_found(resource, id))?;
        let mut doomed = vec![(resource, ordinal)];
        gather_owned(store, resource, record, &mut doomed);
        Ok(move |store: &mut Store| {
            for (resource, ordinal) in doomed {
                store.collection_mut(resource).remove(ordinal);
            }
        })
    })
}

/// Gathers the records that name `record`, which is of `resource`, as their owner, and what those own.
fn gather_owned(
    store: &Store,
    resource: &'static Resource,
    record: &Record,
    owned: &mut Vec<(&'static Resource, Ordinal)>,
) {
    let id = record.values.get(OBJECT_ID).unwrap_or_default();
    for collection in store.collections() {
        let other = collection.resource();
        for (position, field) in other.fields.iter().enumerate() {
            let names_it = field
                .owner
                .is_some_and(|(owner, _)| std::ptr::eq(owner, resource));
            if !names_it {
                continue;
            }
            for (ordinal, record) in collection.holders(position, id) {
                owned.push((other, ordinal));
                gather_owned(store, other, record, owned);
            }
        }
    }
}

fn first_in_schema_order(
    rules: &Validation<'_>,
    values: &Values,
    unreadable: &[Violation],
) -> Result<(), Error> {
    match rules.violations(values, unreadable).next() {
        Some(violation) => Err(violation.into_error(rules.resource)),
        None => Ok(()),
    }
}

/// Fills in what was not given, in the order of the schema.
fn fill_in_defaults(records: &Records, resource: &'static Resource, values: &mut Values) {
    for (position, field) in resource.fields.iter().enumerate() {
        if values.get(position).is_some() || !field.is_in(records.release) {
            continue;
        }
        let mut rules = field.default_rules();
        let filling = rules.find(|(_, basis)| holds(basis, resource, records.release, values));
        match filling {
            Some((Filling::Value(value), _)) => values.set(position, value),
            Some((Filling::Now, _)) => values.set(position, records.clock.stamp()),
            None => {}
        }
    }
}
