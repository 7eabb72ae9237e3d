//! The verbs.

use std::sync::Arc;

use axum::http::{StatusCode, header};

use super::{
    Check, History, ORDERED, expect,
    requests::{asked_path, body, collection_path, object_path, with_cases},
};
use crate::{
    model::{
        draws::Draws,
        generator,
        rows::{Row, is_exact, stored},
        server::{JSON, XML},
    },
    schema::{Access, Resource, Verb},
};

impl History<'_> {
    pub(super) fn create(&mut self, resource: &Resource, draws: &mut Draws) -> Check {
        if resource.verb(Verb::Create).is_none() {
            return Ok(());
        }
        let Some(mut row) = self.path_values(resource, draws) else {
            return Ok(());
        };
        let given = generator::fields(&self.model, resource, None, draws);
        let mut path = collection_path(resource, &with_cases(resource, &row, draws));
        if let Some(template) = draws.pick(&resource.templates) {
            let Some(source) = draws.pick(self.model.rows(template.resource)) else {
                return Ok(());
            };
            let name = source.get(&template.field).cloned().unwrap_or_default();
            let query: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
            path = format!("{path}?{}={query}", template.parameter);
        }
        let media_type = if draws.percent(30) { JSON } else { XML };
        let body = body(resource, &given, media_type);
        let response = self.send("POST", &path, media_type, &body);
        self.count("create", resource, response.status);
        let is_readable = store_given(resource, &given, &mut row, Verb::Create);
        let before = self.model.clone();
        if !is_exact(resource) {
            return self.adopt(&before, &[resource.id], response.status, None);
        }
        self.model.fill_in(resource, &mut row);
        self.add_derived(resource, &mut row);
        let violations = self.model.violations(&self.catalogue, resource, &row, None);
        if !is_readable || !violations.is_empty() {
            return self.expect_refusal(&response, &format!("{violations:?} of {}", resource.path));
        }
        expect(&response, StatusCode::CREATED)?;
        let location = response
            .headers
            .get(header::LOCATION)
            .map(|value| value.to_str().unwrap_or_default().to_owned());
        if !location
            .as_ref()
            .is_some_and(|location| location.ends_with(&response.body))
        {
            return Err(format!(
                "Location is {location:?}, expected {}",
                response.body
            ));
        }
        if let Some(object_id) = resource.object_id {
            let id = response
                .body
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_owned();
            if !self.drawn.insert(id.clone()) {
                return Err(format!("the id {id} was drawn before"));
            }
            row.entry(object_id).or_insert(id);
        }
        if object_path(resource, &row) != response.body {
            return Err(format!(
                "the path is {}, expected {}",
                response.body,
                object_path(resource, &row)
            ));
        }
        self.model
            .create(&Arc::clone(&self.catalogue), resource, row);
        self.compare()?;
        self.probe(resource, self.model.rows(resource.id).len() - 1, draws)
    }

    pub(super) fn update(&mut self, resource: &Resource, draws: &mut Draws) -> Check {
        let Some(index) = self
            .any_index(resource, draws)
            .filter(|_| resource.verb(Verb::Update).is_some())
        else {
            return Ok(());
        };
        let place = (resource.id, index);
        let stored_row = self.model.rows(resource.id)[index].clone();
        let given = generator::fields(&self.model, resource, Some(&stored_row), draws);
        let media_type = if draws.percent(30) { JSON } else { XML };
        let body = body(resource, &given, media_type);
        let path = asked_path(resource, &stored_row, draws);
        let response = self.send("PUT", &path, media_type, &body);
        self.count("update", resource, response.status);
        if !is_exact(resource) || self.is_hidden_by_another(resource, index) {
            let before = self.model.clone();
            return self.adopt(&before, &[resource.id], response.status, None);
        }
        let mut row = stored_row;
        let is_readable = store_given(resource, &given, &mut row, Verb::Update);
        self.add_derived(resource, &mut row);
        let violations = self
            .model
            .violations(&self.catalogue, resource, &row, Some(index));
        let mut changed = self.model.clone();
        if !is_readable || !violations.is_empty() || !changed.replace(&self.catalogue, place, row) {
            return self.expect_refusal(&response, &format!("{violations:?} of {}", resource.path));
        }
        expect(&response, StatusCode::NO_CONTENT)?;
        self.model = changed;
        self.compare()?;
        self.probe(resource, index, draws)
    }

    pub(super) fn delete(&mut self, resource: &Resource, draws: &mut Draws) -> Check {
        let Some(index) = self
            .any_index(resource, draws)
            .filter(|_| resource.verb(Verb::Delete).is_some())
        else {
            return Ok(());
        };
        let path = asked_path(resource, &self.model.rows(resource.id)[index], draws);
        let response = self.send("DELETE", &path, XML, "");
        self.count("delete", resource, response.status);
        if self.is_hidden_by_another(resource, index) {
            let before = self.model.clone();
            return self.adopt(&before, &[resource.id], response.status, None);
        }
        let before = self.model.clone();
        let catalogue = Arc::clone(&self.catalogue);
        let Some(affected) = self.model.delete(&catalogue, (resource.id, index)) else {
            self.model = before;
            return self.expect_refusal(&response, "the deletion");
        };
        let is_exact = affected.iter().all(|id| is_exact(&catalogue[*id]));
        if is_exact {
            expect(&response, StatusCode::NO_CONTENT)?;
            return self.compare();
        }
        let predicted = std::mem::replace(&mut self.model, before.clone());
        let affected: Vec<_> = affected.into_iter().collect();
        self.adopt(&before, &affected, response.status, Some(&predicted))
    }

    /// Sets the order of a collection, or of one that lacks an object.
    pub(super) fn set_order(&mut self, draws: &mut Draws) -> Check {
        let catalogue = Arc::clone(&self.catalogue);
        let path = ORDERED[draws.below(ORDERED.len())];
        let resource = catalogue.resource(path).expect("an invented resource");
        let Some(first) = self.any_index(resource, draws) else {
            return Ok(());
        };
        let first = self.model.rows(resource.id)[first].clone();
        let rows = self.model.rows(resource.id).iter().enumerate();
        let mut indexes: Vec<_> = rows
            .filter(|(_, row)| {
                resource
                    .parameters
                    .iter()
                    .all(|at| row.get(at) == first.get(at))
            })
            .map(|(index, _)| index)
            .collect();
        for place in 1..indexes.len() {
            indexes.swap(place, draws.below(place + 1));
        }
        let is_complete = draws.percent(80);
        if !is_complete {
            indexes.pop();
        }
        let key = resource.key.expect("they have ids");
        let ids = indexes
            .iter()
            .map(|index| &self.model.rows(resource.id)[*index][&key]);
        let element = &resource.element;
        let objects: String = ids
            .map(|id| format!("<{element}><ObjectId>{id}</ObjectId></{element}>"))
            .collect();
        let body = format!("<{0}>{objects}</{0}>", resource.list_element);
        let response = self.send("PUT", &collection_path(resource, &first), XML, &body);
        self.count("set order", resource, response.status);
        if !is_complete {
            return self.expect_refusal(&response, "the missing object");
        }
        expect(&response, StatusCode::NO_CONTENT)?;
        self.model.set_order(resource, &indexes);
        self.compare()
    }

    /// Loses the response of a request that the server carries out, or of one that it does not.
    pub(super) fn lose_response(&mut self, resource: &Resource, draws: &mut Draws) -> Check {
        let Some(index) = self.any_index(resource, draws) else {
            return Ok(());
        };
        if resource.verb(Verb::Delete).is_none()
            || !is_exact(resource)
            || self.is_hidden_by_another(resource, index)
        {
            return Ok(());
        }
        let is_handled = draws.percent(50);
        let fault = format!(r#"{{"effect":"busy","handled":{is_handled},"times":1}}"#);
        let added = self.send("POST", "/__mock/faults", JSON, &fault);
        if !added.status.is_success() {
            return Err(format!("the fault is refused: {}", added.body));
        }
        let path = asked_path(resource, &self.model.rows(resource.id)[index], draws);
        let response = self.send("DELETE", &path, XML, "");
        expect(&response, StatusCode::SERVICE_UNAVAILABLE)?;
        self.count("lose response", resource, response.status);
        if is_handled {
            let before = self.model.clone();
            let catalogue = Arc::clone(&self.catalogue);
            if self
                .model
                .delete(&catalogue, (resource.id, index))
                .is_none()
            {
                self.model = before;
            }
        }
        self.compare()
    }
}

/// Stores the values of a request in a record. Returns false if one is of another kind than its field.
fn store_given(resource: &Resource, given: &[(usize, String)], row: &mut Row, verb: Verb) -> bool {
    let settable = given
        .iter()
        .filter(|(position, _)| generator::is_settable(resource, *position, verb));
    let has_value = |position: usize| {
        settable
            .clone()
            .any(|(given, text)| *given == position && !text.is_empty())
    };
    for (position, _) in settable
        .clone()
        .filter(|(position, _)| has_value(*position))
    {
        for (other, _) in &resource.fields[*position].clears {
            if !has_value(*other) {
                row.remove(other);
            }
        }
    }
    let mut is_readable = true;
    for (position, text) in settable.clone() {
        let field = &resource.fields[*position];
        let is_kept = verb == Verb::Update && field.access == Access::Secret && text.is_empty();
        let is_cleared = !has_value(*position)
            && settable.clone().any(|(other, _)| {
                let mut cleared = resource.fields[*other].clears.iter();
                has_value(*other) && cleared.any(|(cleared, _)| cleared == position)
            });
        match stored(field.kind, text) {
            _ if field.is_clearable && text.trim().is_empty() => drop(row.remove(position)),
            Some(value) if !is_kept && !is_cleared => drop(row.insert(*position, value)),
            Some(_) => {}
            None => is_readable = false,
        }
    }
    is_readable
}
