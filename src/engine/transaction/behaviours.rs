//! Behaviours: the functions of a resource that do what its description cannot express.

use std::{borrow::Cow, fmt, sync::Arc};

use jiff::Timestamp;

use super::{
    EndpointRequest, EndpointResponse, Transaction,
    effects::Change,
    named_record::{NamedRecord, find},
};
use crate::{
    engine::{
        Element, Error,
        draft::{Draft, canonical},
    },
    schema::{ErrorRule, Resource, Verb},
    store::{Identity, Store, Values},
};

/// Returns the values of a record with those that follow from others. `before` are those of the record that is replaced, if
/// there is one.
pub(crate) type ValuesFn = fn(&Store, &Resource, Values, before: Option<&Values>) -> Values;

/// A function that runs in the transaction that creates a record, after the record is added. It may create and change
/// further records. If it fails, none of the changes are made.
///
/// A fixture may contain some of the records that the function creates, so it first looks for them.
pub(crate) type CreateFn = fn(&mut Transaction<'_>, &Creation) -> Result<(), Error>;

/// A function that runs in the transaction that changes a record by a request, after the change. It may change further
/// records.
pub(crate) type UpdateFn =
    fn(&mut Transaction<'_>, before: &NamedRecord, after: &NamedRecord) -> Result<(), Error>;

/// A function that runs in the transaction that deletes a record, after the record is removed.
pub(crate) type DeleteFn = fn(&mut Transaction<'_>, &NamedRecord) -> Result<(), Error>;

/// A function that returns the key of the record that another name in a path means.
pub(crate) type KeyFn = fn(&Store, name: &str) -> Option<String>;

/// Returns the values of the records of a resource that has no records of its own: they follow from other records. `parents`
/// are the values in the path of the request, by the positions of their fields.
pub(crate) type RowsFn = fn(&Store, &Resource, parents: &[(usize, &str)]) -> Vec<Values>;

/// The function of an endpoint.
#[derive(Clone, Copy)]
pub(crate) enum EndpointFn {
    /// A function that changes nothing.
    Read(fn(&Arc<Store>, &EndpointRequest<'_>) -> Result<EndpointResponse, Error>),
    /// A function that runs in a transaction.
    Write(fn(&mut Transaction<'_>, &EndpointRequest<'_>) -> Result<EndpointResponse, Error>),
}

/// The functions of a resource.
#[derive(Clone, Copy)]
pub(crate) struct Behaviour {
    /// The name in descriptions.
    pub(crate) name: &'static str,
    pub(crate) values: Option<ValuesFn>,
    pub(crate) create: Option<CreateFn>,
    pub(crate) update: Option<UpdateFn>,
    pub(crate) delete: Option<DeleteFn>,
    pub(crate) key: Option<KeyFn>,
    pub(crate) rows: Option<RowsFn>,
    /// The functions of the endpoints, by the names in descriptions.
    pub(crate) endpoints: &'static [(&'static str, EndpointFn)],
}

/// The creation of a record.
pub(crate) struct Creation {
    pub(crate) record: NamedRecord,
    /// The record that it was copied from.
    pub(crate) template: Option<NamedRecord>,
    /// True if the record comes from a fixture.
    pub(crate) is_loaded: bool,
}

impl Behaviour {
    /// Returns a behaviour without functions.
    pub(crate) const fn new(name: &'static str) -> Self {
        Self {
            name,
            values: None,
            create: None,
            update: None,
            delete: None,
            key: None,
            rows: None,
            endpoints: &[],
        }
    }

    /// Returns the function of the endpoint with this name.
    pub(crate) fn endpoint(&self, name: &str) -> Option<EndpointFn> {
        let mut endpoints = self.endpoints.iter();
        let (_, function) = endpoints.find(|(known, _)| *known == name)?;
        Some(*function)
    }
}

/// The behaviours that descriptions may name.
#[derive(Clone, Copy)]
pub(crate) struct Behaviours(pub(crate) &'static [Behaviour]);

impl Behaviours {
    pub(crate) const NONE: Self = Self(&[]);

    /// Returns the behaviour with this name.
    pub(crate) fn get(self, name: &str) -> Option<&'static Behaviour> {
        self.0.iter().find(|known| known.name == name)
    }

    /// Returns the behaviour of a resource.
    pub(crate) fn of(self, resource: &Resource) -> Option<&'static Behaviour> {
        self.get(resource.behaviour.as_deref()?)
    }

    /// Returns all names.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|behaviour| behaviour.name)
    }
}

/// The operations for behaviours, which know the paths of resources and the names of fields.
impl Transaction<'_> {
    /// Returns the records of the resource at a path whose fields have these values, without regard to case. There are none
    /// if the catalogue lacks the resource or a field.
    pub(crate) fn find(&self, path: &str, values: &[(&str, &str)]) -> Vec<NamedRecord> {
        find(self.store, path, values)
    }

    /// Returns the time in the form of records, in UTC.
    pub(crate) fn stamp(&self) -> String {
        self.clock.stamp()
    }

    /// Returns the number of records of the resource at a path.
    pub(crate) fn count(&self, path: &str) -> usize {
        let resource = self.store.catalogue().resource(path);
        resource.map_or(0, |resource| self.store.collection(resource.id).len())
    }

    /// True if a record of the resource at a path meets a condition.
    pub(crate) fn any(&self, path: &str, is_met: impl Fn(&NamedRecord) -> bool) -> bool {
        let Some(resource) = self.store.catalogue().resource(path) else {
            return false;
        };
        let mut records = self.store.collection(resource.id).iter();
        records.any(|record| is_met(&NamedRecord::new(self.store, resource, Arc::clone(record))))
    }

    /// Creates a record of the resource at a path, as a copy of a template if there is one, and those that are created with
    /// it. Fields that the resource lacks are left out. Returns `None` if the catalogue lacks the resource.
    pub(crate) fn create_at(
        &mut self,
        path: &str,
        template: Option<&NamedRecord>,
        values: &[(&str, &str)],
    ) -> Result<Option<NamedRecord>, Error> {
        let catalogue = self.catalogue();
        let Some(resource) = catalogue.resource(path) else {
            return Ok(None);
        };
        let mut draft = Draft::empty(resource);
        set_values(&mut draft, resource, values)?;
        if let Some(template) = template {
            copy_template(&mut draft, resource, template);
        }
        let created = self.create(draft)?;
        // The behaviour of the resource may have changed it.
        let identity = Identity::of(resource, &created.values);
        let found = self.store.collection(resource.id).find(&identity);
        let record = found.map_or(&created, |(_, record)| record);
        Ok(Some(NamedRecord::new(
            self.store,
            resource,
            Arc::clone(record),
        )))
    }

    /// Returns the time in UTC, without a fraction.
    pub(crate) fn utc_stamp(&self) -> String {
        self.clock.utc_stamp()
    }

    /// Creates a record of the resource at a path from the elements of a request and further values, as a copy of a
    /// template. Returns its path.
    pub(crate) fn create_requested(
        &mut self,
        path: &str,
        template: &NamedRecord,
        elements: &[Element<'_>],
        values: &[(&str, &str)],
    ) -> Result<String, Error> {
        let catalogue = self.catalogue();
        let resource = catalogue.resource(path);
        let resource = resource.ok_or_else(|| Error::unknown_resource(path, catalogue.release))?;
        let mut draft = Draft::of_request(resource, Verb::Create, elements);
        set_values(&mut draft, resource, values)?;
        copy_template(&mut draft, resource, template);
        let record = self.create(draft)?;
        Ok(resource.record_path("", |position| record.values.get(position)))
    }

    /// Deletes a record, and those that are deleted with it.
    pub(crate) fn remove(&mut self, object: &NamedRecord) -> Result<(), Error> {
        match object.ordinal(self.store) {
            Some(ordinal) => {
                let catalogue = self.catalogue();
                self.delete(&catalogue[object.resource], ordinal)
            }
            None => Ok(()),
        }
    }

    /// Returns the time of the space.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Draws an id for a new record of the resource at a path, until none has the key that `key` makes of it. Returns the
    /// key.
    pub(crate) fn draw_key(&mut self, path: &str, key: impl Fn(&str) -> String) -> String {
        loop {
            let drawn = key(&self.draw_guid());
            let resource = self.store.catalogue().resource(path);
            let is_taken = resource.is_some_and(|resource| {
                let identity = Identity::new(resource, &[], Some(&drawn));
                self.store.collection(resource.id).find(&identity).is_some()
            });
            if !is_taken {
                return drawn;
            }
        }
    }

    /// Draws an id.
    pub(crate) fn draw_guid(&mut self) -> String {
        self.save();
        let store = Arc::make_mut(self.store);
        let id = self.ids.guid(store.ids_drawn);
        store.ids_drawn += 1;
        id.to_string()
    }

    /// Changes fields of a record. Those that the resource lacks are left out.
    pub(crate) fn change(
        &mut self,
        object: &NamedRecord,
        values: &[(&str, Option<&str>)],
    ) -> Result<(), Error> {
        let Some(ordinal) = object.ordinal(self.store) else {
            return Ok(());
        };
        let resource = object.resource();
        let known = values
            .iter()
            .filter_map(|(name, value)| Some((resource.position(name)?, *value)));
        let values = known.map(|(position, value)| {
            // A boolean may be a number in the record that it comes from.
            let value = value.map(|value| typed(resource, position, value));
            Ok((position, value.transpose()?.map(Cow::into_owned)))
        });
        let change = Change {
            resource: object.resource,
            ordinal,
            values: values.collect::<Result<_, Error>>()?,
        };
        self.apply(vec![change])
    }
}

/// Sets fields of a new record by their names. Those that the resource lacks are left out.
fn set_values<'e>(
    draft: &mut Draft<'e>,
    resource: &Resource,
    values: &[(&str, &'e str)],
) -> Result<(), Error> {
    for (name, value) in values {
        if let Some(position) = resource.position(name) {
            draft.set(position, typed(resource, position, value)?);
        }
    }
    Ok(())
}

/// Copies the fields of a template to a new record, without those that the resource excludes.
fn copy_template<'e>(draft: &mut Draft<'e>, resource: &Resource, template: &'e NamedRecord) {
    let mut templates = resource.templates.iter();
    let known = templates.find(|known| known.resource == template.resource);
    let except = known.map_or(&[][..], |known| &known.except);
    draft.copy(template.resource(), &template.record, except);
}

/// Returns a value in the form of its field, or the error if it is of another kind.
fn typed<'v>(resource: &Resource, position: usize, value: &'v str) -> Result<Cow<'v, str>, Error> {
    let field = &resource.fields[position];
    // An empty value may be that of a secret or a text.
    if value.is_empty() {
        return Ok(Cow::Borrowed(value));
    }
    canonical(&field.kind, value)
        .map_err(|expected| Error::invalid_parameter(ErrorRule::Type, &field.name, value, expected))
}

/// Shows the names.
impl fmt::Debug for Behaviours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}
