//! The five verbs.

use std::sync::Arc;

use bytes::Bytes;

use super::{
    Element, Error, Records,
    draft::Draft,
    query::{Page, Query},
    render::rendered,
    validate::{Existing, Operation, Validation, Violation},
};
use crate::{
    schema::{DefaultValue, Resource, ResourceId, Verb},
    store::{FORMATS, Ordinal, Record, Store, Values},
};

/// Runs a query.
pub(crate) fn list(records: &Records, query: &Query<'_>) -> Page {
    query.run(records.read())
}

/// Returns the documents with the record of `resource` that has this id, one per format.
pub(crate) fn read(
    records: &Records,
    resource: &Resource,
    id: &str,
) -> Result<[Bytes; FORMATS], Error> {
    let store = records.read();
    let (_, record) = store
        .collection(resource.id)
        .get(id)
        .ok_or_else(|| Error::not_found(resource, id))?;
    Ok(rendered(resource, record).clone())
}

/// Adds a record from a request; returns its path.
pub(crate) fn create(
    records: &Records,
    resource: &Resource,
    elements: &[Element<'_>],
) -> Result<String, Error> {
    let draft = Draft::of_request(resource, Verb::Create, elements);
    add(records, draft).map(|id| resource.object_path(&id))
}

/// Adds a record for which every field may be given, as in a fixture; returns its id. Mandatory fields that are not
/// given are taken from `samples`.
pub(crate) fn seed(
    records: &Records,
    resource: &Resource,
    elements: &[Element<'_>],
    samples: &[(&str, &'static str)],
) -> Result<String, Error> {
    let mut unknown = None;
    let mut draft = Draft::of_fixture(resource, elements, |element| {
        unknown.get_or_insert(element);
    });
    if let Some(element) = unknown {
        let expected = format!(
            "a field of {} in release {}",
            resource.element, records.catalogue.release
        );
        return Err(Error::unknown_field(&element.name, &expected));
    }
    add_samples(&mut draft, samples);
    add(records, draft)
}

/// Adds the samples of the mandatory fields that have no value.
fn add_samples(draft: &mut Draft<'_>, samples: &[(&str, &'static str)]) {
    for (position, field) in draft.resource.fields.iter().enumerate() {
        let is_missing = draft.get(position).is_none();
        let mut required = field.required.iter().filter(|_| is_missing);
        let sample = samples.iter().find(|(name, _)| **name == *field.name);
        if let Some((_, sample)) = sample
            && required.any(|rule| rule.applies(|position| draft.get(position)))
        {
            draft.set(position, *sample);
        }
    }
}

/// Adds a record; returns its id. Only the work that needs the other records is done under the lock. A time that is
/// filled in is therefore that of the arrival.
fn add(records: &Records, mut draft: Draft<'_>) -> Result<String, Error> {
    fill_in_defaults(records, &mut draft);
    let proposal = Proposal::new(&draft, None);
    let resource = draft.resource;
    let (id, record) = records.write(|store| {
        let mut values = proposal.validated(Existing::all(store))?;
        if store.len() >= store.max_records.0 {
            return Err(Error::store_full(store.max_records));
        }
        let mut ids_drawn = store.ids_drawn;
        let id = match draft.get(resource.key) {
            Some(id) => id.to_owned(),
            None => {
                let id = records.draw_id(store, resource.id, &mut ids_drawn);
                values.insert(resource.key, &id);
                id
            }
        };
        let record = Arc::new(Record::new(values));
        Ok(move |store: &mut Store| {
            store.ids_drawn = ids_drawn;
            let collection = store.collection_mut(resource.id);
            collection.insert(Arc::clone(&record));
            (id, record)
        })
    })?;
    rendered(resource, &record);
    Ok(id)
}

/// Changes the fields of a record that are in the request, and no others.
pub(crate) fn update(
    records: &Records,
    resource: &Resource,
    id: &str,
    elements: &[Element<'_>],
) -> Result<(), Error> {
    let draft = Draft::of_request(resource, Verb::Update, elements);
    let find = |store: &Store| {
        let found = store.collection(resource.id).get(id);
        let (ordinal, record) = found.ok_or_else(|| Error::nothing_to_update(resource))?;
        Ok((ordinal, Arc::clone(record)))
    };
    let (ordinal, before) = records.inspect(find)?;
    let proposal = Proposal::new(&draft, Some(&before.values));
    let (record, _replaced) = records.write(|store| {
        let current = store.collection(resource.id).record(ordinal);
        let is_unchanged = current.is_some_and(|current| Arc::ptr_eq(current, &before));
        let (ordinal, stored) = if is_unchanged {
            (ordinal, Arc::clone(&before))
        } else {
            // Another request has changed it in the meantime.
            find(store)?
        };
        let proposal = if is_unchanged {
            proposal
        } else {
            Proposal::new(&draft, Some(&stored.values))
        };
        let values = proposal.validated(Existing {
            store,
            replaced: Some(ordinal),
        })?;
        let record = Arc::new(Record::new(values));
        Ok(move |store: &mut Store| {
            let collection = store.collection_mut(resource.id);
            collection.replace(ordinal, Arc::clone(&record));
            (record, stored)
        })
    })?;
    rendered(resource, &record);
    Ok(())
}

/// The record that results from a draft.
struct Proposal<'d> {
    unreadable: &'d [Violation],
    validation: Validation<'d>,
    values: Values,
    /// True if the record breaks no rule that can be checked without the other records.
    is_valid: bool,
}

impl<'d> Proposal<'d> {
    /// Proposes a new record, or a change of the record with the values `stored`.
    fn new(draft: &'d Draft<'_>, stored: Option<&'d Values>) -> Self {
        let (values, operation) = match stored {
            None => (draft.values(), Operation::Create),
            Some(stored) => (draft.onto(stored), Operation::Update(stored)),
        };
        let validation = Validation {
            resource: draft.resource,
            operation,
        };
        let unreadable = &draft.violations[..];
        Self {
            is_valid: unreadable.is_empty() && validation.meets_rules(&values),
            unreadable,
            validation,
            values,
        }
    }

    /// Returns the values if they are valid among the existing records.
    fn validated(self, existing: Existing<'_>) -> Result<Values, Error> {
        let Self {
            validation, values, ..
        } = self;
        let violation = if self.is_valid {
            validation.first_conflict(existing, &values)
        } else {
            let mut violations = validation.violations(existing, &values, self.unreadable);
            violations.next()
        };
        match violation {
            Some(violation) => Err(violation.into_error(validation.resource)),
            None => Ok(values),
        }
    }
}

/// Deletes a record and all records that it owns.
pub(crate) fn delete(records: &Records, resource: &Resource, id: &str) -> Result<(), Error> {
    // The deleted records are dropped after the lock is released.
    let _deleted: Vec<_> = records.write(|store| {
        let (ordinal, record) = store
            .collection(resource.id)
            .get(id)
            .ok_or_else(|| Error::not_found(resource, id))?;
        let mut deleted = vec![(resource.id, ordinal)];
        collect_owned(store, resource, record, &mut deleted);
        Ok(move |store: &mut Store| {
            let deleted = deleted.into_iter();
            deleted
                .map(|(resource, ordinal)| store.collection_mut(resource).remove(ordinal))
                .collect()
        })
    })?;
    Ok(())
}

/// Collects the records that `record`, a record of `resource`, owns directly or indirectly.
fn collect_owned(
    store: &Store,
    resource: &Resource,
    record: &Record,
    owned: &mut Vec<(ResourceId, Ordinal)>,
) {
    let id = record.values.get(resource.key).unwrap_or_default();
    let catalogue = store.catalogue();
    for (other, position) in catalogue.owned_by(resource.id) {
        for (ordinal, record) in store.collection(*other).holders(*position, id) {
            owned.push((*other, ordinal));
            collect_owned(store, &catalogue[*other], record, owned);
        }
    }
}

/// Fills in the defaults of fields without a value, in the order of the schema.
fn fill_in_defaults(records: &Records, draft: &mut Draft<'_>) {
    for (position, field) in draft.resource.fields.iter().enumerate() {
        if draft.get(position).is_some() {
            continue;
        }
        let mut defaults = field.defaults.iter();
        let default = defaults.find(|(_, rule)| rule.applies(|position| draft.get(position)));
        match default {
            Some((DefaultValue::Value(value), _)) => draft.set(position, &**value),
            Some((DefaultValue::Now, _)) => draft.set(position, records.clock.stamp()),
            None => {}
        }
    }
}
