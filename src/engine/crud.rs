//! The five verbs, and the order of a collection.

use std::{collections::BTreeSet, sync::Arc};

use bytes::Bytes;

use super::{
    Element, EndpointFn, EndpointRequest, EndpointResponse, Error, Format, Records, Target,
    draft::{DefaultSources, Draft},
    proposal::Proposal,
    query::{Listing, Query},
    render::{document, render, rendered},
    validate::expected_parent,
};
use crate::{
    schema::{Condition, Endpoint, ErrorRule, Resource, Template, Verb},
    store::{Identity, Ordinal, Record, Store},
};

/// Runs a query for the collection of a target, unless it takes long.
pub(crate) fn list(records: &Records, target: &Target<'_>, query: Query) -> Listing {
    let store = records.read();
    match records.rows(&store, target) {
        Some(rows) => Listing::Page(query.run_over(store, &rows)),
        None => Listing::of(query, store),
    }
}

/// Returns the document with a record.
pub(crate) fn read(records: &Records, target: &Target<'_>, format: Format) -> Result<Bytes, Error> {
    let store = records.read();
    let resource = target.resource;
    let record = match records.rows(&store, target) {
        Some(rows) => rows.into_iter().find(|row| target.has_key_of(row)),
        None => {
            let found = target.find(&store);
            let found = found.or_else(|| find_by_name(records, &store, target));
            found.map(|(_, record)| Arc::clone(record))
        }
    };
    let record = record.ok_or_else(|| target.not_found())?;
    Ok(match target.fields {
        None => document(resource, &record, format).into(),
        Some(fields) => {
            let (fields, element) = (fields.iter().copied(), &resource.element);
            let object = render(resource, element, fields, &record.values, format);
            format.document_of(&object).into()
        }
    })
}

/// Serves a request to an endpoint of a resource. The description was checked, so its behaviour has the function.
pub(crate) fn respond(
    records: &Records,
    endpoint: &Endpoint,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let behaviour = records.behaviours().of(request.resource);
    let function = behaviour.and_then(|behaviour| behaviour.endpoint(&endpoint.name));
    match function.expect("checked in the description") {
        EndpointFn::Read(read) => read(&records.read(), request),
        EndpointFn::Write(write) => records.transact(|transaction| write(transaction, request)),
    }
}

/// Returns the record that has another name than its key, which a behaviour knows.
fn find_by_name<'s>(
    records: &Records,
    store: &'s Store,
    target: &Target<'_>,
) -> Option<(Ordinal, &'s Arc<Record>)> {
    let key = records.behaviours().of(target.resource)?.key?;
    let key = key(store, target.key?)?;
    let target = Target {
        key: Some(&key),
        ..*target
    };
    target.find(store)
}

/// Adds a record from a request with a query string to a collection; returns its path.
pub(crate) fn create(
    records: &Records,
    target: &Target<'_>,
    elements: &[Element<'_>],
    query: &str,
) -> Result<String, Error> {
    let resource = target.resource;
    let mut draft = Draft::of_request(resource, Verb::Create, elements);
    let template = find_template(records, resource, query)?;
    if let Some((template, source)) = &template {
        let resource = &records.catalogue[template.resource];
        draft.copy(resource, source, &template.except);
    }
    if !target.parents.is_empty() {
        add_path(&mut draft, target, &records.read());
    }
    if let Some(Condition { field, values, .. }) = target.condition {
        draft.set(*field, &*values[0]);
    }
    let record = add(records, draft)?;
    Ok(resource.record_path("", |position| record.values.get(position)))
}

/// Adds the values in the path of a collection to the draft of a new record.
pub(super) fn add_path(draft: &mut Draft<'_>, target: &Target<'_>, store: &Store) {
    let resource = target.resource;
    let parent = store.parent(resource, &target.identity());
    // The letter case of the path does not matter.
    let above = parent.map(|parent| Identity::below(&parent.values, resource));
    let values = above.as_ref().map_or(target.parents, Identity::path);
    for (position, value) in values {
        let is_missing = parent.is_none() && resource.parameters.last() == Some(position);
        let expected = expected_parent(store, resource).filter(|_| is_missing);
        draft.set_from_path(*position, value, expected);
    }
}

/// Returns the record that a new record of `resource` is copied from, if it needs one. The query string names it.
fn find_template<'r>(
    records: &Records,
    resource: &'r Resource,
    query: &str,
) -> Result<Option<(&'r Template, Arc<Record>)>, Error> {
    let Some(first) = resource.templates.first() else {
        return Ok(None);
    };
    let store = records.read();
    let parameters: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    let named = resource.templates.iter().find_map(|template| {
        let mut parameters = parameters.iter();
        let (_, value) = parameters.find(|(name, _)| *name == *template.parameter)?;
        Some((template, &**value))
    });
    let (template, value) =
        named.map_or((first, None), |(template, value)| (template, Some(value)));
    let mut holders = value.into_iter().flat_map(|value| {
        let collection = store.collection(template.resource);
        collection.holders(template.field, value)
    });
    match holders.next() {
        Some((_, record)) => Ok(Some((template, Arc::clone(record)))),
        None => {
            let source = &store.catalogue()[template.resource];
            Err(Error::no_template(template, value, source))
        }
    }
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
    draft.add_samples(samples);
    let record = add(records, draft)?;
    let id = resource.key.and_then(|key| record.values.get(key));
    Ok(id.unwrap_or_default().to_owned())
}

/// Adds a record. Only the work that needs the other records is done under the lock. A time that is filled in is
/// therefore that of the arrival.
fn add(records: &Records, mut draft: Draft<'_>) -> Result<Arc<Record>, Error> {
    records.inspect(|store| {
        draft.fill_in_defaults(&DefaultSources {
            clock: &records.clock,
            store,
            firsts: &[],
        });
    });
    let proposal = Proposal::new(&draft, None);
    let record = records.transact(|transaction| transaction.insert(&draft, proposal))?;
    rendered(draft.resource, &record, Format::Xml);
    Ok(record)
}

/// Changes the fields of a record that are in the request, and no others.
pub(crate) fn update(
    records: &Records,
    target: &Target<'_>,
    elements: &[Element<'_>],
) -> Result<(), Error> {
    let resource = target.resource;
    let draft = Draft::of_request(resource, Verb::Update, elements);
    let find = |store: &Store| {
        let found = target.find(store);
        let (ordinal, record) = found.ok_or_else(|| target.nothing_to_update())?;
        Ok((ordinal, Arc::clone(record)))
    };
    let (ordinal, before) = records.inspect(find)?;
    let proposal = Proposal::new(&draft, Some(&before.values));
    let record = records.transact(|transaction| {
        let current = transaction.store().collection(resource.id).record(ordinal);
        if current.is_some_and(|current| Arc::ptr_eq(current, &before)) {
            return transaction.replace(resource, ordinal, proposal);
        }
        // Another request has changed it in the meantime.
        let (ordinal, stored) = find(transaction.store())?;
        let proposal = Proposal::new(&draft, Some(&stored.values));
        transaction.replace(resource, ordinal, proposal)
    })?;
    rendered(resource, &record, Format::Xml);
    Ok(())
}

/// Deletes a record, and the records that are deleted with it.
pub(crate) fn delete(records: &Records, target: &Target<'_>) -> Result<(), Error> {
    records.transact(|transaction| {
        let found = target.find(transaction.store());
        let (ordinal, _) = found.ok_or_else(|| target.not_found())?;
        transaction.delete(target.resource, ordinal)
    })
}

/// Sets the order of a collection. `keys` are those of all its records.
pub(crate) fn set_order(
    records: &Records,
    target: &Target<'_>,
    keys: &[String],
) -> Result<(), Error> {
    let resource = target.resource;
    let Some((order, key)) = resource.order.zip(resource.key) else {
        return Err(target.nothing_to_update());
    };
    records.transact(|transaction| {
        let store = transaction.store();
        let mut ordinals = Vec::with_capacity(keys.len());
        let mut found = BTreeSet::new();
        for value in keys {
            let record = Target {
                key: Some(value),
                ..*target
            };
            let (ordinal, _) = record
                .find(store)
                .filter(|(ordinal, _)| found.insert(*ordinal))
                .ok_or_else(|| {
                    let name = &resource.fields[key].name;
                    let expected = format!("that of each {} at the path, once", resource.element);
                    Error::invalid_parameter(ErrorRule::Order, name, value, &expected)
                })?;
            ordinals.push(ordinal);
        }
        let all = store.collection(resource.id).below(&target.identity());
        let all = all.len();
        if ordinals.len() != all {
            let name = &resource.fields[key].name;
            let found = format!("{} values", ordinals.len());
            let expected = format!("those of all {all} objects at the path");
            return Err(Error::invalid_parameter(
                ErrorRule::Order,
                name,
                &found,
                &expected,
            ));
        }
        transaction.set_order(resource, order.field, &ordinals)
    })
}
