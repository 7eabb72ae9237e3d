//! The records in the store, for assertions.

use std::{fmt, slice, sync::Arc, vec};

use super::Space;
use crate::{
    engine::{Target, query::Query, stored},
    journal::MASK,
    schema::{Catalogue, Kind, Resource, ResourceId, path},
    store::{self, Store, fold},
};

/// The records of a resource at one moment, in the order of a list. Later changes do not affect them.
///
/// ```
/// use cuc_mock::{CucMock, Tenant};
///
/// let mock = CucMock::builder().empty().start_blocking();
/// let id = mock.add_tenant(Tenant::new("texas", "texas.example.com"));
///
/// let tenants = mock.records("tenants");
/// assert_eq!(tenants.len(), 1);
/// assert_eq!(tenants.get(&id).unwrap().get("Alias"), Some("texas"));
/// assert_eq!(tenants.find("(Alias startswith tex)").len(), 1);
/// for tenant in tenants {
///     println!("{tenant:?}");
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Records {
    resource: ResourceReference,
    records: Vec<Record>,
}

/// A record at one moment. Later changes do not affect it.
#[derive(Clone)]
pub struct Record {
    resource: ResourceReference,
    record: Arc<store::Record>,
    /// The paths of the links, by the positions of their fields.
    links: Box<[(usize, String)]>,
}

/// A resource of a catalogue.
#[derive(Clone)]
struct ResourceReference {
    catalogue: Arc<Catalogue>,
    id: ResourceId,
}

impl Space {
    /// Returns the records of a resource, given by its path below `/vmrest`: `tenants`. For a resource below others, it
    /// is the path of one collection (`users/<id>/externalserviceaccounts`), or that of all collections, as it is
    /// described (`users/{SubscriberObjectId}/externalserviceaccounts`).
    ///
    /// # Panics
    ///
    /// Panics if there is no such resource, and lists the resources.
    #[track_caller]
    pub fn records(&self, path: &str) -> Records {
        let store = self.inner.records.read();
        let path = path.trim_start_matches('/');
        let path = path.strip_prefix("vmrest/").unwrap_or(path);
        match collection(store.catalogue(), path) {
            Some((resource, parents)) => Records::read(&store, resource, &parents),
            None => {
                let resources = store.catalogue().resources().iter();
                let paths: Vec<_> = resources.map(|resource| resource.path.as_str()).collect();
                let expected = paths.join(", ");
                panic!("there is no resource {path:?}, expected one of {expected}")
            }
        }
    }
}

/// Returns the resource of a collection, with the values in its path. There are none for the path of all collections.
fn collection<'c>(catalogue: &'c Catalogue, path: &str) -> Option<(&'c Resource, Vec<String>)> {
    let described = catalogue.resource(path);
    let described = described.map(|resource| (resource, Vec::new()));
    described.or_else(|| {
        let resources = catalogue.by_precedence().into_iter();
        let mut matches = resources.filter_map(|resource| {
            let values = path::values(resource.path.as_str(), path)?;
            Some((resource, values))
        });
        matches.next()
    })
}

impl Records {
    fn read(store: &Arc<Store>, resource: &Resource, parents: &[String]) -> Self {
        let positions = resource.parameters.iter();
        let parents: Vec<_> = positions
            .zip(parents)
            .map(|(position, value)| (*position, value.as_str()))
            .collect();
        let target = Target {
            parents: &parents,
            ..Target::collection(resource)
        };
        let all = format!("rowsPerPage={}", usize::MAX);
        let query = Query::parse_for(&target, None, &all).expect("a number of rows");
        let page = query.run(Arc::clone(store));
        let resource = ResourceReference {
            catalogue: Arc::clone(store.catalogue()),
            id: resource.id,
        };
        Self {
            records: page
                .from(0)
                .map(|record| Record::new(&resource, record))
                .collect(),
            resource,
        }
    }

    /// Returns the number of records.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Returns whether there are no records.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Returns the first record.
    pub fn first(&self) -> Option<Record> {
        self.records.first().cloned()
    }

    /// Returns the first record with this key, in any letter case: the last segment of the path of an object, which
    /// mostly is the `ObjectId`. A resource with a single record at its path has no key.
    pub fn get(&self, key: &str) -> Option<Record> {
        let position = self.resource.get().key?;
        let has_key = |record: &&Record| {
            let found = record.record.values.get(position);
            found.is_some_and(|found| fold(found) == fold(key))
        };
        self.records.iter().find(has_key).cloned()
    }

    /// Returns the records that match a query of the API, such as `(Alias startswith tex)`. It compares the
    /// values in a response, so a secret is empty.
    ///
    /// # Panics
    ///
    /// Panics if the query is invalid, with the reason.
    #[must_use]
    #[track_caller]
    pub fn find(&self, query: &str) -> Self {
        let resource = self.resource.get();
        let query = match Query::of_text(resource, query) {
            Ok(query) => query,
            Err(error) => panic!("cannot find {}: {}", resource.path, error.message),
        };
        let matches = |record: &&Record| query.matches(resource, &record.record.values);
        Self {
            resource: self.resource.clone(),
            records: self.records.iter().filter(matches).cloned().collect(),
        }
    }

    /// Returns an iterator over the records.
    pub fn iter(&self) -> slice::Iter<'_, Record> {
        self.records.iter()
    }
}

impl IntoIterator for Records {
    type Item = Record;
    type IntoIter = vec::IntoIter<Record>;

    fn into_iter(self) -> Self::IntoIter {
        self.records.into_iter()
    }
}

impl<'r> IntoIterator for &'r Records {
    type Item = &'r Record;
    type IntoIter = slice::Iter<'r, Record>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Record {
    fn new(resource: &ResourceReference, record: &Arc<store::Record>) -> Self {
        let fields = resource.get().fields.iter().enumerate();
        let links = fields.filter_map(|(position, field)| {
            let is_link = field.kind == Kind::Link;
            let path = stored(resource.get(), position, &record.values).filter(|_| is_link)?;
            Some((position, path.into_owned()))
        });
        Self {
            links: links.collect(),
            resource: resource.clone(),
            record: Arc::clone(record),
        }
    }

    /// Returns the value of a field; `None` if the record has none. The value of a secret is the stored one.
    ///
    /// # Panics
    ///
    /// Panics if the emulated release has no such field, and lists the fields.
    #[track_caller]
    pub fn get(&self, field: &str) -> Option<&str> {
        let resource = self.resource.get();
        match resource.position(field) {
            Some(position) => self.value(position),
            None => {
                let fields = resource.fields.iter();
                let names: Vec<_> = fields.map(|field| &*field.name).collect();
                let expected = names.join(", ");
                panic!(
                    "{} has no field {field:?}, expected one of {expected}",
                    resource.path
                )
            }
        }
    }

    /// Returns the names and values of the fields that have one, in the order of a response.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.resource.get().fields.iter().enumerate();
        fields.filter_map(|(position, field)| Some((&*field.name, self.value(position)?)))
    }

    fn value(&self, position: usize) -> Option<&str> {
        let mut links = self.links.iter();
        match links.find(|(link, _)| *link == position) {
            Some((_, path)) => Some(path),
            None => self.record.values.get(position),
        }
    }
}

impl ResourceReference {
    fn get(&self) -> &Resource {
        &self.catalogue[self.id]
    }
}

/// Two resources are equal if they have the same path in the same release.
impl PartialEq for ResourceReference {
    fn eq(&self, other: &Self) -> bool {
        let identity = |reference: &Self| {
            let resource = reference.get();
            (resource.path.as_str().to_owned(), resource.release)
        };
        identity(self) == identity(other)
    }
}

impl Eq for ResourceReference {}

/// Two records are equal if they have the same fields with the same values, secrets included.
impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.resource == other.resource && self.fields().eq(other.fields())
    }
}

impl Eq for Record {}

impl fmt::Debug for Records {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.records).finish()
    }
}

/// Shows the fields with their values, except for secrets.
impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let resource = self.resource.get();
        let mut shown = f.debug_struct(&resource.element);
        for (position, field) in resource.fields.iter().enumerate() {
            if let Some(value) = self.value(position) {
                let is_hidden = field.access.is_hidden();
                shown.field(&field.name, &if is_hidden { MASK } else { value });
            }
        }
        shown.finish()
    }
}
