//! Creates.

use std::sync::Arc;

use super::{
    client::{JSON, XML},
    objects::{Object, body, mandatory},
    run::{BEFORE, Run},
    values::{Given, default},
};
use crate::{
    schema::{Resource, Verb},
    store::Values,
};

impl Run<'_> {
    /// Checks the values of a new object, and the creates that are refused. Returns the values of another object of the same
    /// collection.
    pub(super) fn check_creates(&self, resource: &Resource, object: &Object) -> Option<Values> {
        let store = self.store();
        let others = store
            .collection(resource.id)
            .iter()
            .map(|record| &record.values);
        let mut others = others.filter(|other| {
            let mut parameters = resource.parameters.iter();
            **other != object.values
                && parameters
                    .all(|parameter| other.get(*parameter) == object.values.get(*parameter))
        });
        if resource.verb(Verb::Create).is_none() {
            let response = self.client.send("POST", &object.collection, XML, b"<a/>");
            if !(404..=405).contains(&response.status) {
                self.problem(resource, "", "create", format!("not refused: {response}"));
            }
            return others.next().cloned();
        }
        if resource.templates.is_empty() {
            self.check_defaults(resource, object);
        }
        let (query, given) = self.minimum(resource, &object.collection);
        let path = format!("{}{query}", object.collection);
        let refuse = |given: &Given, position: usize, rule: &str| {
            self.refuse(resource, ("POST", &path), given, position, rule);
        };
        for (position, _) in &given {
            let others = given.iter().filter(|(other, _)| other != position);
            refuse(&others.cloned().collect(), *position, "required");
        }
        let proposed = given
            .iter()
            .fold(object.values.clone(), |values, (position, value)| {
                values.with(*position, Some(value))
            });
        let sampler = self.sampler(&store, resource);
        for (position, field) in resource.fields.iter().enumerate() {
            let is_order = resource.order.is_some_and(|order| order.field == position);
            if !field.access.takes(Verb::Create)
                || resource.parameters.contains(&position)
                || is_order
            {
                continue;
            }
            for (rule, value) in sampler.wrong(position, &proposed, Some(&object.values)) {
                let mut given = given.clone();
                given.retain(|(known, _)| {
                    let known_field = &resource.fields[*known];
                    // Only one of several references is given.
                    let is_other = mandatory(resource).contains(&&*known_field.name)
                        && [field, known_field]
                            .iter()
                            .all(|field| field.reference.is_some());
                    *known != position && !is_other
                });
                given.push((position, value));
                refuse(&given, position, rule);
            }
        }
        let other = self.second_object(resource, object, &query, &given);
        other.or_else(|| others.next().cloned())
    }

    /// Creates another object in the collection of the first one, in JSON.
    pub(super) fn second_object(
        &self,
        resource: &Resource,
        object: &Object,
        query: &str,
        given: &Given,
    ) -> Option<Values> {
        let path = format!("{}{query}", object.collection);
        let store = self.store();
        let sampler = self.sampler(&store, resource);
        let mut given = given.clone();
        for (position, field) in resource.fields.iter().enumerate() {
            let is_given = given.iter().any(|(given, _)| *given == position);
            let is_free = field.clears.is_empty() && field.access.takes(Verb::Create);
            if field.unique.is_some() && is_free && !is_given {
                let value = sampler
                    .accepted(position, &object.values)
                    .into_iter()
                    .next();
                given.extend(value.map(|value| (position, value)));
            }
        }
        let body = body(resource, &given, JSON);
        let response = self.client.send("POST", &path, JSON, body.as_bytes());
        if response.status != 201 {
            self.problem(resource, "", "second", format!("{body}: {response}"));
            return None;
        }
        self.values_at(resource, &response.text())
    }

    /// Checks the defaults of a new object.
    pub(super) fn check_defaults(&self, resource: &Resource, object: &Object) {
        let (_, given) = self.minimum(resource, &object.collection);
        for (position, field) in resource.fields.iter().enumerate() {
            let is_given = given.iter().any(|(given, _)| *given == position);
            if let Some(default) = default(field, &object.values).filter(|_| !is_given) {
                let value = object.values.get(position);
                if value != Some(default) {
                    let detail = format!("{value:?}, expected {default:?}");
                    self.problem(resource, &field.name, "default", detail);
                }
            }
        }
    }

    /// Checks that a request with wrong fields is refused because of the field at a position, and changes nothing.
    pub(super) fn refuse(
        &self,
        resource: &Resource,
        (method, path): (&str, &str),
        given: &Given,
        position: usize,
        rule: &str,
    ) {
        let before = self.store();
        let body = body(resource, given, XML);
        let response = self.client.send(method, path, XML, body.as_bytes());
        let name = &resource.fields[position].name;
        let cleared = resource.fields[position].clears.iter();
        let mut named = cleared.map(|(other, _)| *other).chain([position]);
        let text = response.text();
        let is_named = named.any(|position| {
            let name = &resource.fields[position].name;
            let is_one_of_several = mandatory(resource).contains(&&**name);
            text.contains(&format!("[{name}]")) || (is_one_of_several && text.contains(&**name))
        });
        if response.status != 400 || !(is_named || is_condition(resource, position)) {
            let detail = format!("{method} {body}: {response}");
            self.problem(resource, name, rule, detail);
        }
        if !Arc::ptr_eq(&before, &self.store()) {
            if response.status == 400 {
                self.problem(resource, name, rule, "the store has changed");
            }
            self.mock.restore(BEFORE);
        }
    }
}

/// True if a rule of another field depends on the field at a position.
fn is_condition(resource: &Resource, position: usize) -> bool {
    let mut fields = resource.fields.iter();
    fields.any(|field| {
        let choices = field.choices.iter().map(|(_, rule)| rule);
        let mut rules = field.required.iter().chain(choices);
        rules.any(|rule| {
            let condition = rule.condition.as_ref();
            condition.is_some_and(|condition| condition.field == position)
        })
    })
}
