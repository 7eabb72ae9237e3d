//! The values that identify a record.

use std::{borrow::Cow, iter::zip};

use super::{Values, fold};
use crate::schema::Resource;

/// The values that identify a record, or all records of a collection: those in the path, and that of the key. Each has the
/// position of its field.
#[derive(Clone, Debug)]
pub(crate) struct Identity<'v> {
    path: Cow<'v, [(usize, &'v str)]>,
    /// `None` for a collection, and for a record that is the only one at its path.
    key: Option<(usize, &'v str)>,
}

impl<'v> Identity<'v> {
    /// Takes the values in one of the paths of a resource.
    pub(crate) fn new(
        resource: &Resource,
        path: &'v [(usize, &'v str)],
        key: Option<&'v str>,
    ) -> Self {
        Self {
            path: Cow::Borrowed(path),
            key: resource.key.zip(key),
        }
    }

    /// Returns the identity of the record with these values.
    pub(crate) fn of(resource: &Resource, values: &'v Values) -> Self {
        let key = resource.key;
        Self {
            key: key.map(|key| (key, values.get(key).unwrap_or_default())),
            ..Self::collection_of(resource, values)
        }
    }

    /// Returns the identity of the collection that contains the record with these values.
    pub(crate) fn collection_of(resource: &Resource, values: &'v Values) -> Self {
        Self::within(&resource.parameters, &resource.parameters, values)
    }

    /// Returns the identity of the collection of `child` below the record with these values.
    pub(crate) fn below(values: &'v Values, child: &Resource) -> Self {
        Self::within(&child.parameters, &child.parent_fields, values)
    }

    /// Returns the identity of the record above a record or a collection of `child`, unless it is at another path.
    pub(crate) fn parent(&self, child: &Resource) -> Option<Self> {
        let positions = self.path.iter().map(|(position, _)| position);
        if !positions.eq(&child.parameters) {
            return None;
        }
        let values = self.path.iter().map(|(_, value)| *value);
        let mut path: Vec<_> = zip(child.parent_fields.iter().copied(), values).collect();
        let key = path.pop();
        Some(Self {
            path: Cow::Owned(path),
            key,
        })
    }

    /// Returns the values in the path.
    pub(crate) fn path(&self) -> &[(usize, &'v str)] {
        &self.path
    }

    /// Returns the value of the key.
    pub(super) fn key(&self) -> Option<(usize, &'v str)> {
        self.key
    }

    /// Returns all values, beginning with those in the path.
    pub(super) fn values(&self) -> impl Iterator<Item = (usize, &'v str)> + Clone {
        self.path.iter().copied().chain(self.key)
    }

    /// True if a record has all these values, without regard to case.
    pub(crate) fn includes(&self, record: &Values) -> bool {
        self.values().all(|(position, value)| {
            let found = record.get(position);
            found.is_some_and(|found| found == value || fold(found) == fold(value))
        })
    }

    /// Takes the values of the fields at `sources` for the fields at `positions`.
    fn within(positions: &[usize], sources: &[usize], values: &'v Values) -> Self {
        let path = zip(positions, sources)
            .map(|(position, source)| (*position, values.get(*source).unwrap_or_default()));
        Self {
            path: path.collect(),
            key: None,
        }
    }
}
