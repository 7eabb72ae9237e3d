//! The objects that the checks create.

use std::{collections::BTreeMap, iter::zip};

use quick_xml::escape::escape;

use super::{
    client::{JSON, WAVE, XML},
    document::{self, get},
    exceptions::{LANGUAGE, MANDATORY, OBJECTS},
    run::Run,
    state::lists,
    values::Given,
};
use crate::{
    engine::wave::silence,
    schema::{PathTemplate, Resource, Template, Verb, path},
    store::{Store, Values},
};

/// A record of the store, or a row that follows from others.
pub(super) struct Object {
    /// The path of its collection, and its own.
    pub(super) collection: String,
    pub(super) path: String,
    pub(super) values: Values,
}

impl Run<'_> {
    /// Returns an object of a resource: a new one, if a client can create it, or else the first one.
    pub(super) fn object(&self, resource: &Resource) -> Option<Object> {
        if let Some(object) = self.new_object(resource, XML) {
            return Some(object);
        }
        let collection = self.collection(resource)?;
        let store = self.store();
        let mut records = store.collection(resource.id).iter();
        let prefix = format!("{collection}/");
        let chosen = OBJECTS
            .iter()
            .find(|(path, _)| *path == resource.path.as_str());
        let found = records.find_map(|record| {
            let path = resource.record_path("", |position| record.values.get(position));
            let is_in = match resource.is_singleton() {
                true => path == collection,
                false => path.starts_with(&prefix),
            };
            let is_chosen = chosen.is_none_or(|(_, end)| path.ends_with(end));
            (is_in && is_chosen).then(|| (path, record.values.clone()))
        });
        match found {
            Some((path, values)) => Some(Object {
                collection,
                path,
                values,
            }),
            None => self.first_row(resource),
        }
    }

    /// Returns the first row of the lists of a resource whose objects follow from other records.
    fn first_row(&self, resource: &Resource) -> Option<Object> {
        lists(&self.store(), resource)
            .into_iter()
            .find_map(|collection| {
                let rows = document::list(&self.client.get(&collection).text());
                let row = rows.first()?;
                let values = resource.fields.iter().map(|field| get(row, &field.name));
                let values = Values::of(values);
                let key = values.get(resource.key?).unwrap_or_default();
                Some(Object {
                    path: format!("{collection}/{}", path::encoded(key)),
                    collection,
                    values,
                })
            })
    }

    /// Returns the path of a collection of a resource, below an object of its parent.
    pub(super) fn collection(&self, resource: &Resource) -> Option<String> {
        let values: Vec<String> = match resource.parent {
            None => Vec::new(),
            Some(parent) => {
                let store = self.store();
                let parent = self.object(&store.catalogue()[parent])?;
                let fields = resource.parent_fields.iter();
                fields
                    .map(|field| parent.values.get(*field).unwrap_or_default().to_owned())
                    .collect()
            }
        };
        Some(filled(&resource.path, values.iter().map(String::as_str)))
    }

    /// Creates an object with the mandatory fields, if a client can.
    pub(super) fn new_object(&self, resource: &Resource, media_type: &str) -> Option<Object> {
        let audio = resource.audio.iter().find(|audio| audio.creates);
        if resource.verb(Verb::Create).is_none() && audio.is_none() {
            return None;
        }
        let collection = self.collection(resource)?;
        self.add_targets(resource, 1);
        let (query, given) = self.minimum(resource, &collection);
        let path = match audio {
            Some(audio) => {
                let path = format!("{collection}/{}", path::encoded(&given[0].1));
                let audio = format!("{path}/{}", audio.segment);
                let response = self.client.send("PUT", &audio, WAVE, &silence());
                if response.status != 204 {
                    self.problem(resource, "", "create", response);
                    return None;
                }
                path
            }
            None => {
                let body = body(resource, &given, media_type);
                let target = format!("{collection}{query}");
                let response = self
                    .client
                    .send("POST", &target, media_type, body.as_bytes());
                if response.status != 201 {
                    self.problem(resource, "", "create", format!("{body}: {response}"));
                    return None;
                }
                response.text()
            }
        };
        let Some(values) = self.values_at(resource, &path) else {
            self.problem(
                resource,
                "",
                "create",
                format!("there is no record at {path}"),
            );
            return None;
        };
        Some(Object {
            collection,
            path,
            values,
        })
    }

    /// Returns the values of the record at a path.
    pub(super) fn values_at(&self, resource: &Resource, path: &str) -> Option<Values> {
        let store = self.store();
        let mut records = store.collection(resource.id).iter();
        let record = records.find(|record| {
            resource.record_path("", |position| record.values.get(position)) == path
        });
        record.map(|record| record.values.clone())
    }

    /// Creates the records that a resource refers to, if there are fewer than some.
    pub(super) fn add_targets(&self, resource: &Resource, count: usize) {
        let store = self.store();
        let references = resource
            .fields
            .iter()
            .filter(|field| !field.access.is_read_only());
        let references = references.filter_map(|field| field.reference.as_ref());
        for target in references.map(|reference| reference.resource) {
            if target != resource.id && self.store().collection(target).len() < count {
                self.object(&store.catalogue()[target]);
            }
        }
    }

    /// Returns the query string and the fields of a create with the mandatory fields.
    pub(super) fn minimum(&self, resource: &Resource, collection: &str) -> (String, Given) {
        self.created.set(self.created.get() + 1);
        let store = self.store();
        let mut values = in_path(resource, collection);
        let mut query = String::new();
        if let Some(template) = resource.templates.first() {
            let source = store.collection(template.resource).iter().next();
            let source = &source.expect("a template").values;
            let name = source.get(template.field).unwrap_or_default();
            query = format!("?{}={}", template.parameter, path::encoded(name));
            values = with_template(&store, resource, template, source, values);
        }
        let sampler = self.sampler(&store, resource);
        let mut given = sampler.mandatory(&values);
        for name in mandatory(resource) {
            let position = resource.position(name).expect("a field");
            let value = sampler.accepted(position, &values).into_iter().next();
            given.push((position, value.expect("a value")));
        }
        if resource.verb(Verb::Create).is_none() {
            // The key of an object that its audio creates is in the path.
            let key = resource.key.expect("a key");
            given = vec![(key, LANGUAGE.to_owned())];
        }
        (query, given)
    }
}

/// Returns the values of the fields in the path of a collection.
fn in_path(resource: &Resource, collection: &str) -> Values {
    let described = resource.path.as_str().split('/');
    let segments = collection.trim_start_matches("/vmrest/").split('/');
    let values = zip(described, segments).filter_map(|(described, segment)| {
        let position = resource.position(path::parameter(described)?)?;
        let value = percent_encoding::percent_decode_str(segment).decode_utf8_lossy();
        Some((position, value.into_owned()))
    });
    let empty = Values::of(resource.fields.iter().map(|_| None));
    values.fold(empty, |all, (position, value)| {
        all.with(position, Some(&value))
    })
}

/// Adds the values that a new record gets from a template.
fn with_template(
    store: &Store,
    resource: &Resource,
    template: &Template,
    source: &Values,
    values: Values,
) -> Values {
    let other = &store.catalogue()[template.resource];
    let shared = resource.fields_shared_with(other);
    let shared = shared.filter(|(_, to)| !template.except.contains(to));
    shared.fold(values, |values, (from, to)| {
        values.with(to, source.get(from))
    })
}

/// Returns an object with some fields.
pub(super) fn body(resource: &Resource, given: &Given, media_type: &str) -> String {
    let fields = given.iter();
    let fields = fields.map(|(position, value)| (&*resource.fields[*position].name, value));
    if media_type == JSON {
        let members: BTreeMap<_, _> = fields.collect();
        return serde_json::to_string(&members).expect("JSON");
    }
    let elements = fields.map(|(name, value)| format!("<{name}>{}</{name}>", escape(value)));
    let elements: String = elements.collect();
    format!("<{0}>{elements}</{0}>", resource.element)
}

/// Returns an absolute path with values in the place of its parameters.
pub(super) fn filled<'v>(template: &PathTemplate, values: impl Iterator<Item = &'v str>) -> String {
    let path = format!("/vmrest/{template}");
    zip(template.names(), values).fold(path, |path, (name, value)| {
        path.replacen(&format!("{{{name}}}"), &path::encoded(value), 1)
    })
}

/// Returns the names of the fields that a create must give although no table says so.
pub(super) fn mandatory(resource: &Resource) -> &'static [&'static str] {
    let mut known = MANDATORY.iter();
    let found = known.find(|(path, _)| *path == resource.path.as_str());
    found.map_or(&[], |(_, names)| names)
}
