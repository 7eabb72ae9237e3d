//! Behaviours: the functions of a resource that do what its description cannot express.

use std::{fmt, sync::Arc};

use super::{
    Transaction,
    effects::Change,
    object::{Object, find},
};
use crate::{
    engine::{Error, draft::Draft},
    schema::Resource,
    store::{Store, Values},
};

/// Returns the values of a record with those that follow from others. `before` are those of the record that is replaced, if
/// there is one.
pub(crate) type Complete = fn(&Store, &Resource, Values, before: Option<&Values>) -> Values;

/// A function that runs in the transaction that creates a record, after the record is added. It may create and change
/// further records. If it fails, none of the changes are made.
///
/// A fixture may contain some of the records that the function creates, so it first looks for them.
pub(crate) type Created = fn(&mut Transaction<'_>, &Creation) -> Result<(), Error>;

/// A function that runs in the transaction that deletes a record, after the record is removed.
pub(crate) type Deleted = fn(&mut Transaction<'_>, &Object) -> Result<(), Error>;

/// The functions of a resource.
#[derive(Clone, Copy)]
pub(crate) struct Behaviour {
    /// The name in descriptions.
    pub(crate) name: &'static str,
    pub(crate) complete: Option<Complete>,
    pub(crate) created: Option<Created>,
    pub(crate) deleted: Option<Deleted>,
}

/// The creation of a record.
pub(crate) struct Creation {
    pub(crate) object: Object,
    /// The record that it was copied from.
    pub(crate) template: Option<Object>,
    /// True if the record comes from a fixture.
    pub(crate) is_loaded: bool,
}

impl Behaviour {
    /// Returns a behaviour without functions.
    pub(crate) const fn new(name: &'static str) -> Self {
        Self {
            name,
            complete: None,
            created: None,
            deleted: None,
        }
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
    pub(crate) fn find(&self, path: &str, values: &[(&str, &str)]) -> Vec<Object> {
        find(self.store, path, values)
    }

    /// Returns the number of records of the resource at a path.
    pub(crate) fn count(&self, path: &str) -> usize {
        let resource = self.store.catalogue().resource(path);
        resource.map_or(0, |resource| self.store.collection(resource.id).len())
    }

    /// True if a record of the resource at a path meets a condition.
    pub(crate) fn any(&self, path: &str, is_met: impl Fn(&Object) -> bool) -> bool {
        let Some(resource) = self.store.catalogue().resource(path) else {
            return false;
        };
        let mut records = self.store.collection(resource.id).iter();
        records.any(|record| is_met(&Object::new(self.store, resource, Arc::clone(record))))
    }

    /// Creates a record of the resource at a path, as a copy of a template if there is one, and those that are created with
    /// it. Fields that the resource lacks are left out. Returns `None` if the catalogue lacks the resource.
    pub(crate) fn create_object(
        &mut self,
        path: &str,
        template: Option<&Object>,
        values: &[(&str, &str)],
    ) -> Result<Option<Object>, Error> {
        let catalogue = self.catalogue();
        let Some(resource) = catalogue.resource(path) else {
            return Ok(None);
        };
        let mut draft = Draft::empty(resource);
        for (name, value) in values {
            if let Some(position) = resource.position(name) {
                draft.set(position, *value);
            }
        }
        if let Some(template) = template {
            let mut templates = resource.templates.iter();
            let known = templates.find(|known| known.resource == template.resource);
            let except = known.map_or(&[][..], |known| &known.except);
            draft.copy(template.resource(), &template.record, except);
        }
        let record = self.create(draft)?;
        Ok(Some(Object::new(self.store, resource, record)))
    }

    /// Draws an id that is not that of a record.
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
        object: &Object,
        values: &[(&str, Option<&str>)],
    ) -> Result<(), Error> {
        let Some(ordinal) = object.ordinal(self.store) else {
            return Ok(());
        };
        let values = values.iter().filter_map(|(name, value)| {
            let position = object.resource().position(name)?;
            Some((position, value.map(str::to_owned)))
        });
        let change = Change {
            resource: object.resource,
            ordinal,
            values: values.collect(),
        };
        self.apply(vec![change])
    }
}

/// Shows the names.
impl fmt::Debug for Behaviours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}
