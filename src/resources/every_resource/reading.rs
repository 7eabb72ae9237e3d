//! The responses with objects and lists.

use std::{iter::zip, sync::Arc};

use super::{
    client::{JSON, Response},
    document::{self, DocumentField, Elements, get},
    objects::{Object, filled},
    run::Run,
};
use crate::{
    engine::stored,
    schema::{Access, Kind, Resource, Verb},
};

impl Run<'_> {
    /// Reads an object in XML and in JSON, and in its list. Returns its elements.
    pub(super) fn check_reading(&self, resource: &Resource, object: &Object) -> Elements {
        let stored = |position| stored(resource, position, &object.values).is_some();
        let mut shown = None;
        if resource.verb(Verb::Read).is_some() {
            let response = self.client.get(&object.path);
            let elements = self.elements(resource, &object.path, &response);
            let json = self.client.send("GET", &object.path, JSON, b"");
            let mut members = document::json_object(&json.text());
            members.sort();
            let mut sorted = elements.clone();
            sorted.sort();
            if members != sorted {
                self.problem(resource, "", "json", format!("{members:?} {elements:?}"));
            }
            shown = Some(elements);
        }
        if resource.verb(Verb::List).is_some() {
            let mut rows = self.rows(resource, &object.collection, "");
            rows.retain(|row| is_same(resource, row, object));
            let row = rows.pop().unwrap_or_default();
            if let Some(shown) = &shown {
                let mut expected = shown.clone();
                if let Some(positions) = &resource.list_fields {
                    let is_listed = |name: &str| {
                        let position = resource.position(name);
                        position.is_some_and(|position| positions.contains(&position))
                    };
                    expected.retain(|(name, _)| is_listed(name));
                }
                if row != expected {
                    self.problem(resource, "", "list", format!("{row:?} {expected:?}"));
                }
            }
            shown.get_or_insert(row);
        }
        let shown = shown.unwrap_or_default();
        for (position, field) in resource.fields.iter().enumerate() {
            let is_hidden = matches!(field.access, Access::WriteOnly | Access::Internal);
            let is_shown = get(&shown, &field.name).is_some();
            let is_expected = stored(position) && !is_hidden;
            let is_left_out = resource.verb(Verb::Read).is_none() && resource.list_fields.is_some();
            if is_shown != is_expected && !is_left_out {
                self.problem(resource, &field.name, "shown", is_shown);
            }
        }
        shown
    }

    /// Returns the elements of an object in a response, and checks them against the schema.
    pub(super) fn elements(
        &self,
        resource: &Resource,
        path: &str,
        response: &Response,
    ) -> Elements {
        if response.status != 200 {
            self.problem(resource, "", "read", format!("{path}: {response}"));
            return Vec::new();
        }
        let text = response.text();
        let root = document::root(&text);
        let elements = document::object(&text);
        let schema = self.schema(&resource.element);
        let mistake = match *root == *resource.element {
            true => document::mistake(&schema, &elements),
            false => Some(format!("the root is {root}")),
        };
        if let Some(mistake) = mistake {
            self.problem(resource, "", "schema", format!("{path}: {mistake}"));
        }
        elements
    }

    /// Returns the objects of the list at a path, and checks them against the schema.
    pub(super) fn rows(&self, resource: &Resource, collection: &str, query: &str) -> Vec<Elements> {
        let response = self.client.get(&format!("{collection}{query}"));
        if response.status != 200 {
            self.problem(
                resource,
                "",
                "list",
                format!("{collection}{query}: {response}"),
            );
            return Vec::new();
        }
        let text = response.text();
        let rows = document::list(&text);
        let root = document::root(&text);
        let mut views = resource.views.iter();
        let view = views.find(|view| *view.list_element == *root);
        let element = view.map_or(&resource.element, |view| &view.element);
        if view.is_none() && *root != *resource.list_element {
            self.problem(
                resource,
                "",
                "schema",
                format!("{collection}: the root is {root}"),
            );
            return rows;
        }
        let schema = self.schema(element);
        let mistake = rows.iter().find_map(|row| document::mistake(&schema, row));
        if let Some(mistake) = mistake {
            self.problem(
                resource,
                "",
                "schema",
                format!("{collection}{query}: {mistake}"),
            );
        }
        rows
    }

    /// Returns the fields that the server's schema of an element declares.
    pub(super) fn schema(&self, element: &str) -> Arc<[DocumentField]> {
        let mut schemas = self.schemas.borrow_mut();
        let schema = schemas.entry(element.to_owned()).or_insert_with(|| {
            let response = self.client.get(&format!("/vmrest/schema/{element}"));
            assert_eq!(response.status, 200, "{element}");
            document::schema(element, &response.body)
        });
        Arc::clone(schema)
    }

    /// Finds an object by each of its elements.
    pub(super) fn check_queries(&self, resource: &Resource, object: &Object, shown: &Elements) {
        if resource.verb(Verb::List).is_none() {
            return;
        }
        for (name, text) in shown.iter().filter(|(_, text)| !text.trim().is_empty()) {
            let field = &resource.fields[resource.position(name).expect("a field")];
            let prefix: String = text.chars().take(3).collect();
            let words = [("is", text.as_str()), ("startswith", prefix.trim())];
            let is_text = field.kind == Kind::Text;
            for (word, value) in words.into_iter().take(1 + usize::from(is_text)) {
                let query = format!("({name} {word} {})", value.replace('&', "\\&"));
                let query: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
                let query = format!("?query={query}");
                let rows = self.rows(resource, &object.collection, &query);
                if !rows.iter().any(|row| is_same(resource, row, object)) {
                    self.problem(resource, name, word, format!("{value:?} finds {rows:?}"));
                }
            }
        }
        let query = "?query=(NoColumn%20is%20x)";
        let response = self.client.get(&format!("{}{query}", object.collection));
        if response.status != 400 {
            self.problem(resource, "", "query", response);
        }
    }

    /// Requests the lists at other paths: aliases and views.
    pub(super) fn check_other_lists(&self, resource: &Resource, object: &Object) {
        let views = zip(&resource.views, &resource.view_shapes);
        let views = views.map(|(view, shape)| (&view.path, &shape.parameters));
        let aliases = zip(&resource.aliases, &resource.alias_shapes);
        let aliases = aliases.filter(|(alias, _)| alias.verbs.contains(&Verb::List));
        let aliases = aliases.map(|(alias, shape)| (&alias.path, &shape.parameters));
        for (template, parameters) in views.chain(aliases) {
            let values: Option<Vec<_>> = parameters
                .iter()
                .map(|position| object.values.get(*position))
                .collect();
            if let Some(values) = values {
                let list = filled(template, values.into_iter());
                self.rows(resource, &list, "");
            }
        }
    }
}

/// True if a row of a list is that of an object.
fn is_same(resource: &Resource, row: &Elements, object: &Object) -> bool {
    let Some(key) = resource.key else {
        return true;
    };
    let field = &resource.fields[key];
    if field.access != Access::Internal {
        return get(row, &field.name) == object.values.get(key);
    }
    let mut elements = row.iter();
    elements.all(|(name, text)| {
        let position = resource.position(name).expect("a field");
        resource.fields[position].is_link() || object.values.get(position) == Some(text)
    })
}
