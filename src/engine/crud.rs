//! The five verbs.

use std::sync::Arc;

use super::{
    Element, Error, Records,
    draft::Draft,
    query::{Page, Query},
    render::render,
    validate::{Origin, Others, Validation, Violation},
};
use crate::{
    schema::{DefaultValue, OBJECT_ID, Resource, Verb},
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
    members: &[Element<'_>],
) -> Result<String, Error> {
    let edition = resource.edition(records.release);
    let draft = Draft::of_request(edition, Verb::Create, members);
    add(records, draft).map(|id| resource.object_path(&id))
}

/// Adds a record whose every field may be given, as in a fixture, and tells its id. What is required and not
/// given is taken from `samples`.
pub(crate) fn seed(
    records: &Records,
    resource: &'static Resource,
    members: &[Element<'_>],
    samples: &[(&str, &'static str)],
) -> Result<String, Error> {
    let mut unknown = None;
    let edition = resource.edition(records.release);
    let mut draft = Draft::of_fixture(edition, members, |member| {
        unknown.get_or_insert(member);
    });
    if let Some(Element { name, value, .. }) = unknown {
        let expected = format!(
            "a field of {} in release {}",
            resource.element, records.release
        );
        let value = value.as_deref().unwrap_or_default();
        return Err(Error::invalid_parameter(name, value, &expected));
    }
    for present in &edition.fields {
        let is_missing = draft.get(present.position).is_none();
        let mut lines = present.required.iter().filter(|_| is_missing);
        let name = present.field.name;
        let sample = samples.iter().find(|(sampled, _)| *sampled == name);
        if let Some((_, sample)) = sample
            && lines.any(|line| line.holds(|position| draft.get(position)))
        {
            draft.set(present.position, *sample);
        }
    }
    add(records, draft)
}

/// Adds a record. What does not need the others in the store is done before it is its turn, and after; so a time that is
/// filled in is that of the arrival.
fn add(records: &Records, mut draft: Draft<'_>) -> Result<String, Error> {
    fill_in_defaults(records, &mut draft);
    let proposal = Proposal::new(&draft, None);
    let resource = draft.edition.resource;
    let (id, record) = records.write(|store| {
        let mut values = proposal.checked(Others::all(store))?;
        let mut ids_drawn = store.ids_drawn;
        let id = match draft.get(OBJECT_ID) {
            Some(id) => id.to_owned(),
            None => {
                let id = records.draw_id(store, resource, &mut ids_drawn);
                values = values.with(OBJECT_ID, &id);
                id
            }
        };
        let record = Arc::new(Record::new(draft.edition, values));
        Ok(move |store: &mut Store| {
            store.ids_drawn = ids_drawn;
            store.collection_mut(resource).insert(Arc::clone(&record));
            (id, record)
        })
    })?;
    render(&record);
    Ok(id)
}

/// Changes the fields of a record that are sent, and no others.
pub(crate) fn update(
    records: &Records,
    resource: &'static Resource,
    id: &str,
    members: &[Element<'_>],
) -> Result<(), Error> {
    let edition = resource.edition(records.release);
    let draft = Draft::of_request(edition, Verb::Update, members);
    let find = |store: &Store| {
        let found = store.collection(resource).get(id);
        let (ordinal, record) = found.ok_or_else(|| Error::nothing_to_update(resource))?;
        Ok((ordinal, Arc::clone(record)))
    };
    let (ordinal, seen) = records.look(find)?;
    let proposal = Proposal::new(&draft, Some(&seen.values));
    let (record, _replaced) = records.write(|store| {
        let held = store.collection(resource).held(ordinal);
        let is_as_seen = held.is_some_and(|held| Arc::ptr_eq(held, &seen));
        let (ordinal, stored) = match is_as_seen {
            true => (ordinal, Arc::clone(&seen)),
            // Somebody else has changed it meanwhile.
            false => find(store)?,
        };
        let proposal = match is_as_seen {
            true => proposal,
            false => Proposal::new(&draft, Some(&stored.values)),
        };
        let values = proposal.checked(Others {
            store,
            own: Some(ordinal),
        })?;
        let record = Arc::new(Record::new(edition, values));
        Ok(move |store: &mut Store| {
            let collection = store.collection_mut(resource);
            collection.replace(ordinal, Arc::clone(&record));
            (record, stored)
        })
    })?;
    render(&record);
    Ok(())
}

/// What a draft makes of a record.
struct Proposal<'d> {
    unreadable: &'d [Violation],
    rules: Validation<'d>,
    values: Values,
    /// Whether nothing is wrong with it, as far as can be told without the others.
    is_sound: bool,
}

impl<'d> Proposal<'d> {
    /// A new record, or what becomes of the one that holds the values `stored`.
    fn new(draft: &'d Draft<'_>, stored: Option<&'d Values>) -> Self {
        let (values, origin) = match stored {
            None => (draft.values(), Origin::Create),
            Some(stored) => (draft.onto(stored), Origin::Update(stored)),
        };
        let edition = draft.edition;
        let rules = Validation { edition, origin };
        let unreadable = &draft.violations[..];
        Self {
            is_sound: unreadable.is_empty() && rules.is_sound_alone(&values),
            unreadable,
            rules,
            values,
        }
    }

    /// Its values, if nothing is wrong with them among the others.
    fn checked(self, others: Others<'_>) -> Result<Values, Error> {
        let Self { rules, values, .. } = self;
        let found = match self.is_sound {
            true => rules.clash(others, &values),
            false => rules.violations(others, &values, self.unreadable).next(),
        };
        match found {
            Some(violation) => Err(violation.into_error(rules.edition.resource)),
            None => Ok(values),
        }
    }
}

/// Takes a record away, and all that it owns.
pub(crate) fn delete(
    records: &Records,
    resource: &'static Resource,
    id: &str,
) -> Result<(), Error> {
    // They are let go of when others may write again.
    let _deleted: Vec<_> = records.write(|store| {
        let (ordinal, record) = store
            .collection(resource)
            .get(id)
            .ok_or_else(|| Error::not_found(resource, id))?;
        let mut doomed = vec![(resource, ordinal)];
        gather_owned(store, resource, record, &mut doomed);
        Ok(move |store: &mut Store| {
            let doomed = doomed.into_iter();
            doomed
                .map(|(resource, ordinal)| store.collection_mut(resource).remove(ordinal))
                .collect()
        })
    })?;
    Ok(())
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

/// Fills in what was not given, in the order of the schema.
fn fill_in_defaults(records: &Records, draft: &mut Draft<'_>) {
    for present in &draft.edition.fields {
        if draft.get(present.position).is_some() {
            continue;
        }
        let mut lines = present.defaults.iter();
        let filling = lines.find(|(_, line)| line.holds(|position| draft.get(position)));
        match filling {
            Some((DefaultValue::Value(value), _)) => draft.set(present.position, *value),
            Some((DefaultValue::Now, _)) => draft.set(present.position, records.clock.stamp()),
            None => {}
        }
    }
}
