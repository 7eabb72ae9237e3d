//! The requests of a capture, and the objects in their responses.

use std::sync::Arc;

use super::{
    CaptureError, CaptureProgress, CaptureSettings, CapturedKind, Server, lists::Lists,
    ownership::Ownership,
};
use crate::{
    appliance::object::Object,
    schema::{Catalogue, Condition, Kind, Resource, Verb, path},
    store::fold,
};

/// The first segments of the paths whose objects belong to a mailbox.
const PRIVATE: [&str; 4] = ["calls", "mailbox", "messages", "import"];

/// A server while it is read.
pub(super) struct Crawl<'c> {
    pub(super) server: &'c Server<'c>,
    pub(super) lists: Lists<'c>,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) settings: &'c CaptureSettings,
    pub(super) progress: &'c CaptureProgress,
    pub(super) kinds: Vec<CapturedKind>,
    /// Lists that the server computes from others.
    pub(super) witnesses: Vec<CapturedKind>,
    pub(super) warnings: Vec<String>,
    /// The owners of objects, if only those of one tenant are captured.
    ownership: Option<Ownership>,
}

/// A collection on the server.
pub(super) struct CollectionPath {
    /// The absolute path.
    pub(super) path: String,
    /// The names and the values of the parameters in it.
    pub(super) parents: Vec<(String, String)>,
}

/// True if the objects at a path belong to a mailbox: they are captured only if they are named.
pub(super) fn is_private(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    PRIVATE.contains(&first)
}

impl<'c> Crawl<'c> {
    pub(super) fn new(
        server: &'c Server<'c>,
        catalogue: Arc<Catalogue>,
        settings: &'c CaptureSettings,
        progress: &'c CaptureProgress,
    ) -> Self {
        Self {
            server,
            lists: Lists {
                server,
                limit: settings.limit,
            },
            catalogue,
            settings,
            progress,
            kinds: Vec::new(),
            witnesses: Vec::new(),
            warnings: Vec::new(),
            ownership: None,
        }
    }

    /// Reads the objects of the known resources.
    pub(super) fn read_known(&mut self) -> Result<(), CaptureError> {
        if let Some(tenant) = &self.settings.tenant {
            let ownership = Ownership::read(self.lists, &self.catalogue, tenant)?;
            self.ownership = Some(ownership);
        }
        let catalogue = Arc::clone(&self.catalogue);
        let mut resources: Vec<_> = catalogue.resources().iter().collect();
        // The objects above others come first.
        resources.sort_by_key(|resource| resource.path.names().count());
        for resource in resources {
            if self.is_wanted(resource) {
                let kind = self.read_resource(resource)?;
                self.kinds.push(kind);
            }
        }
        if let Some(ownership) = &mut self.ownership {
            ownership.remove_others(&catalogue, &mut self.kinds);
        }
        Ok(())
    }

    /// Reads the lists that the server computes, which may show internal values of captured objects.
    pub(super) fn read_witnesses(&mut self) -> Result<(), CaptureError> {
        let catalogue = Arc::clone(&self.catalogue);
        let computed = catalogue.resources().iter().filter(|resource| {
            let has_list = resource.verb(Verb::List).is_some() && !resource.path.has_parameters();
            resource.is_computed && has_list
        });
        for resource in computed {
            let path = path::absolute(resource.path.as_str());
            if let Ok(page) = self.lists.pages(&path, None, Some(resource))? {
                self.witnesses.push(CapturedKind {
                    objects: page.objects,
                    ..CapturedKind::of(resource)
                });
            }
        }
        Ok(())
    }

    /// True if only a part of the server is captured.
    pub(super) fn is_partial(&self) -> bool {
        self.settings.is_partial()
    }

    fn is_wanted(&self, resource: &Resource) -> bool {
        if resource.is_computed {
            return false;
        }
        let path = resource.path.as_str();
        match &self.settings.kinds[..] {
            [] => !is_private(path),
            // The objects below are read with those above them.
            kinds => kinds.iter().any(|kind| {
                let below = path.strip_prefix(kind.as_str());
                below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }),
        }
    }

    /// Reads the objects of a resource.
    fn read_resource(&mut self, resource: &Resource) -> Result<CapturedKind, CaptureError> {
        let mut kind = CapturedKind::of(resource);
        let collections = self.collections(resource);
        self.progress.begin(&kind.path, collections.len());
        if resource.is_singleton() {
            self.read_singletons(resource, &collections, &mut kind)?;
        } else if resource.verb(Verb::List).is_some() {
            self.read_lists(resource, &collections, &mut kind)?;
            self.read_views(resource, &mut kind)?;
        }
        Ok(kind)
    }

    /// Returns the collections of a resource: one, or those below each object of its parent.
    pub(super) fn collections(&self, resource: &Resource) -> Vec<CollectionPath> {
        let names: Vec<_> = resource.path.names().collect();
        if names.is_empty() {
            return vec![CollectionPath {
                path: path::absolute(resource.path.as_str()).into_owned(),
                parents: Vec::new(),
            }];
        }
        let Some(parent) = resource.parent.map(|parent| &self.catalogue[parent]) else {
            return Vec::new();
        };
        let above = self
            .kinds
            .iter()
            .find(|kind| kind.path == parent.path.as_str());
        let objects = above
            .map(|kind| kind.objects.as_slice())
            .unwrap_or_default();
        let fields = resource
            .parent_fields
            .iter()
            .map(|field| &*parent.fields[*field].name);
        let fields: Vec<_> = fields.collect();
        let collections = objects.iter().filter_map(|object| {
            let values: Option<Vec<_>> = fields.iter().map(|field| object.get(field)).collect();
            let values = values?;
            let mut values_of_path = values.iter();
            let segments =
                resource.path.as_str().split('/').map(|segment| {
                    match path::parameter(segment).and_then(|_| values_of_path.next()) {
                        Some(value) => path::encoded(value).into_owned(),
                        None => segment.to_owned(),
                    }
                });
            let path = segments.collect::<Vec<_>>().join("/");
            let parents = names.iter().zip(values);
            Some(CollectionPath {
                path: format!("/vmrest/{path}"),
                parents: parents
                    .map(|(name, value)| ((*name).to_owned(), value.to_owned()))
                    .collect(),
            })
        });
        collections.collect()
    }

    fn read_singletons(
        &mut self,
        resource: &Resource,
        collections: &[CollectionPath],
        kind: &mut CapturedKind,
    ) -> Result<(), CaptureError> {
        let objects = self.server.for_each(collections, |collection| {
            self.server.object(&collection.path, Some(resource))
        })?;
        for (collection, object) in collections.iter().zip(objects) {
            match object {
                Ok(object) => kind.objects.push(with_parents(object, &collection.parents)),
                // Not every object above has one: an administrator has no mailbox.
                Err(404) => {}
                Err(status) => self.warn(&collection.path, status),
            }
        }
        Ok(())
    }

    fn read_lists(
        &mut self,
        resource: &Resource,
        collections: &[CollectionPath],
        kind: &mut CapturedKind,
    ) -> Result<(), CaptureError> {
        let query = self.tenant_query(resource);
        let pages = self.server.for_each(collections, |collection| {
            self.lists
                .pages(&collection.path, query.as_deref(), Some(resource))
        })?;
        let mut shows_all = None;
        for (collection, page) in collections.iter().zip(pages) {
            let page = match page {
                Ok(page) => page,
                Err(status) => {
                    self.warn(&collection.path, status);
                    continue;
                }
            };
            let objects = page.objects.into_iter();
            let objects: Vec<_> = objects
                .filter(|object| self.is_of_tenant(resource, object))
                .map(|object| with_parents(object, &collection.parents))
                .collect();
            for object in &objects {
                kind.note_list_fields(object);
            }
            let mut objects = self.complete(resource, objects, &mut shows_all)?;
            if let Some(condition) = &resource.list_condition {
                for object in &mut objects {
                    meet(condition, resource, object);
                }
            }
            kind.objects.extend(objects);
        }
        Ok(())
    }

    /// Replaces the objects of a list by themselves as single objects, if those have more fields. The first object of
    /// the first list that is not empty shows that.
    fn complete(
        &mut self,
        resource: &Resource,
        objects: Vec<Object>,
        shows_all: &mut Option<bool>,
    ) -> Result<Vec<Object>, CaptureError> {
        let is_readable = resource.verb(Verb::Read).is_some();
        let Some(first) = objects.first().filter(|_| is_readable) else {
            return Ok(objects);
        };
        if shows_all.is_none() && resource.list_fields.is_none() {
            let single = self.lists.single(resource, first)?;
            let has_more = |single: &Object| {
                let mut names = single.fields.iter().map(|(name, _)| name);
                names.any(|name| first.get(name).is_none())
            };
            *shows_all = single.as_ref().ok().map(|single| !has_more(single));
        }
        if *shows_all == Some(true) {
            return Ok(objects);
        }
        self.progress.extend(objects.len());
        let singles = self
            .server
            .for_each(&objects, |object| self.lists.single(resource, object))?;
        Ok(completed(objects, singles))
    }

    /// Adds the objects in other lists of a resource, such as the administrators among the users.
    fn read_views(
        &mut self,
        resource: &Resource,
        kind: &mut CapturedKind,
    ) -> Result<(), CaptureError> {
        for (view, shape) in resource.views.iter().zip(&resource.view_shapes) {
            if view.path.has_parameters() {
                continue;
            }
            let path = path::absolute(view.path.as_str());
            let Ok(page) = self.lists.pages(&path, None, Some(resource))? else {
                continue;
            };
            let Some(key) = resource.key.map(|key| &resource.fields[key].name) else {
                continue;
            };
            let index = kind.index(key);
            let mut objects = Vec::new();
            for object in page.objects {
                let Some(value) = object.get(key).map(fold) else {
                    continue;
                };
                match (index.get(&*value), &shape.condition) {
                    (Some(known), Some(condition)) => {
                        meet(condition, resource, &mut kind.objects[*known]);
                    }
                    (None, _) if self.is_of_tenant(resource, &object) => objects.push(object),
                    _ => {}
                }
            }
            let singles = self
                .server
                .for_each(&objects, |object| self.lists.single(resource, object))?;
            for (row, single) in objects.into_iter().zip(singles) {
                let mut object = match single {
                    Ok(single) => merged(single, row),
                    Err(_) => row,
                };
                if let Some(condition) = &shape.condition {
                    meet(condition, resource, &mut object);
                }
                kind.objects.push(object);
            }
        }
        Ok(())
    }

    /// Returns the query string that selects the objects of the only tenant, if the server can select them.
    fn tenant_query(&self, resource: &Resource) -> Option<String> {
        let tenant = &self.ownership.as_ref()?.tenant;
        let field = if resource.path.as_str() == "tenants" {
            "ObjectId"
        } else {
            let position = resource.position("TenantObjectId")?;
            let is_shown = resource.fields[position].access.is_shown();
            Some("TenantObjectId").filter(|_| is_shown)?
        };
        Some(format!("query=({field}%20is%20{})", path::encoded(tenant)))
    }

    /// True if an object is that of the only tenant, or of none.
    fn is_of_tenant(&self, resource: &Resource, object: &Object) -> bool {
        let ownership = self.ownership.as_ref();
        ownership.is_none_or(|ownership| ownership.includes(resource, object))
    }

    /// Notes that a part of the server cannot be read.
    pub(super) fn warn(&mut self, path: &str, status: u16) {
        let problem = match status {
            200 => "the response has another form".to_owned(),
            status => format!("the server responds with {status}"),
        };
        self.warnings.push(format!("left out {path}: {problem}"));
    }
}

/// Fills in a value with which an object meets the condition of the list that has it.
fn meet(condition: &Condition<usize>, resource: &Resource, object: &mut Object) {
    let field = &resource.fields[condition.field];
    if object.get(&field.name).is_some() {
        return;
    }
    let value = match (condition.is_negated, &*condition.values[0]) {
        (false, value) => value,
        (true, "true") if field.kind == Kind::Boolean => "false",
        (true, "false") if field.kind == Kind::Boolean => "true",
        _ => return,
    };
    object.set(&field.name, value);
}

/// Adds the values in the path of an object to it.
fn with_parents(mut object: Object, parents: &[(String, String)]) -> Object {
    for (name, value) in parents {
        if object.get(name).is_none() {
            object.set(name, value.clone());
        }
    }
    object
}

/// Returns the rows of a list with the fields of those single objects that could be read.
pub(super) fn completed(rows: Vec<Object>, singles: Vec<Result<Object, u16>>) -> Vec<Object> {
    let rows = rows.into_iter().zip(singles);
    let rows = rows.map(|(row, single)| match single {
        Ok(single) => merged(single, row),
        Err(_) => row,
    });
    rows.collect()
}

/// Returns a single object with the fields that only its row in a list has.
fn merged(mut single: Object, row: Object) -> Object {
    for (name, value) in row.fields {
        if single.get(&name).is_none() {
            single.fields.push((name, value));
        }
    }
    single
}
