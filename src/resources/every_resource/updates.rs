//! Updates.

use super::{
    client::{JSON, XML},
    document::{self, get},
    objects::{Object, body},
    run::{BEFORE, Run, exception},
    values::{Given, is_required},
};
use crate::{
    schema::{Access, Kind, Resource, Verb},
    store::Values,
};

impl Run<'_> {
    /// Sets a field to each of its values, and reads it in XML and in JSON.
    pub(super) fn check_updates(&self, resource: &Resource, object: &Object, position: usize) {
        let field = &resource.fields[position];
        if !field.access.takes(Verb::Update) || resource.parameters.contains(&position) {
            return;
        }
        self.created.set(self.created.get() + 1);
        self.mock.restore(BEFORE);
        let before = object.values.get(position).map(str::to_owned);
        let store = self.store();
        let sampler = self.sampler(&store, resource);
        let mut accepted = sampler.accepted(position, &object.values);
        accepted.retain(|value| Some(value) != before.as_ref());
        // The only record that a field can refer to is there already.
        accepted.extend(before.clone().filter(|_| accepted.is_empty()));
        if accepted.is_empty() {
            self.problem(resource, &field.name, "update", "there is no value");
        }
        if let [value] = &accepted[..] {
            accepted.push(value.clone());
        }
        if let Some((_, exception)) = exception(resource, &field.name, "update") {
            accepted.extend(exception.instead.iter().map(ToString::to_string));
        }
        for (number, value) in accepted.iter().enumerate() {
            self.mock.restore(BEFORE);
            let media_type = [XML, JSON][number % 2];
            let given = sampler.amended(&object.values, vec![(position, value.clone())]);
            let is_instead = exception(resource, &field.name, "update")
                .is_some_and(|(_, exception)| exception.instead.contains(&&**value));
            let check = if is_instead { "instead" } else { "update" };
            self.check_update(resource, object, &given, (media_type, check));
        }
    }

    pub(super) fn check_update(
        &self,
        resource: &Resource,
        object: &Object,
        given: &Given,
        (media_type, check): (&str, &str),
    ) {
        let (position, value) = &given[0];
        let field = &resource.fields[*position];
        let name = &field.name;
        let body = body(resource, given, media_type);
        let response = self
            .client
            .send("PUT", &object.path, media_type, body.as_bytes());
        if response.status != 204 {
            self.problem(resource, name, check, format!("{body}: {response}"));
            return;
        }
        // The key may be changed.
        let Some(after) = self.values_at(resource, &object.path) else {
            self.problem(
                resource,
                name,
                check,
                format!("{body}: no record at the path"),
            );
            return;
        };
        if after.get(*position) != Some(value) {
            let found = after.get(*position);
            self.problem(resource, name, check, format!("{body}: {found:?}"));
        }
        if resource.verb(Verb::Read).is_some() {
            let response = self.client.send("GET", &object.path, media_type, b"");
            let shown = match media_type {
                JSON => document::json_object(&response.text()),
                _ => self.elements(resource, &object.path, &response),
            };
            let expected = match field.access {
                Access::Secret => Some(""),
                Access::WriteOnly => None,
                _ => after.get(*position),
            };
            let found = get(&shown, name);
            if found != expected {
                self.problem(resource, name, "shown", format!("{found:?} {expected:?}"));
            }
        }
        let is_cleared = |other: usize| {
            let mut given = given.iter();
            given.any(|(position, _)| {
                let mut cleared = resource.fields[*position].clears.iter();
                *position == other || cleared.any(|(cleared, _)| *cleared == other)
            })
        };
        for (other, field) in resource.fields.iter().enumerate() {
            let is_free = field.access.is_read_only() || field.is_derived() || is_cleared(other);
            if after.get(other) != object.values.get(other) && !is_free {
                let (before, after) = (object.values.get(other), after.get(other));
                let detail = format!("{body}: {} {before:?} {after:?}", field.name);
                self.problem(resource, name, "others", detail);
            }
        }
    }

    /// Sends the values that a field does not accept.
    pub(super) fn check_wrong_updates(
        &self,
        resource: &Resource,
        object: &Object,
        other: Option<&Values>,
        position: usize,
    ) {
        let field = &resource.fields[position];
        if !field.access.takes(Verb::Update) || resource.parameters.contains(&position) {
            return;
        }
        self.mock.restore(BEFORE);
        let store = self.store();
        let sampler = self.sampler(&store, resource);
        let mut wrong = sampler.wrong(position, &object.values, other);
        if field.unique.is_some() && !wrong.iter().any(|(rule, _)| *rule == "unique") {
            self.problem(resource, &field.name, "unique", "there is no other value");
        }
        let is_secret = field.access.is_hidden();
        let is_mandatory = is_required(field, &object.values) && !is_secret;
        let is_text = field.kind == Kind::Text && field.choices.is_empty();
        if field.is_clearable && !is_mandatory {
            self.check_clearing(resource, object, position);
        } else if is_mandatory || (!is_text && !is_secret) {
            wrong.push(("empty", String::new()));
        }
        for (rule, value) in wrong {
            let given = vec![(position, value)];
            self.refuse(resource, ("PUT", &object.path), &given, position, rule);
        }
        for (cleared, _) in &field.clears {
            let value = |position| {
                sampler
                    .accepted(position, &object.values)
                    .into_iter()
                    .next()
            };
            if let Some((one, other)) = value(position).zip(value(*cleared)) {
                let given = vec![(position, one), (*cleared, other)];
                self.refuse(resource, ("PUT", &object.path), &given, position, "clears");
            }
        }
    }

    /// Removes the value of a field with an empty element.
    pub(super) fn check_clearing(&self, resource: &Resource, object: &Object, position: usize) {
        let given = vec![(position, String::new())];
        let body = body(resource, &given, XML);
        let response = self.client.send("PUT", &object.path, XML, body.as_bytes());
        let after = self.values_at(resource, &object.path);
        let value = after.as_ref().and_then(|after| after.get(position));
        if response.status != 204 || value.is_some() {
            let name = &resource.fields[position].name;
            self.problem(resource, name, "clearable", format!("{value:?} {response}"));
        }
        self.mock.restore(BEFORE);
    }

    /// Sends values of all fields that a client cannot set; nothing changes.
    pub(super) fn check_ignored(&self, resource: &Resource, object: &Object) {
        let fields = resource.fields.iter().enumerate();
        let ignored = fields.filter(|(_, field)| !field.access.takes(Verb::Update));
        let given = ignored.map(|(position, _)| (position, "~ignored~".to_owned()));
        let body = body(resource, &given.collect(), XML);
        let response = self.client.send("PUT", &object.path, XML, body.as_bytes());
        let after = self.values_at(resource, &object.path);
        if response.status != 204 || after.as_ref() != Some(&object.values) {
            self.problem(resource, "", "read-only", format!("{response} {after:?}"));
        }
        let response = self.client.send("PUT", &object.path, XML, b"<~/>");
        if response.status != 400 {
            self.problem(resource, "", "body", response);
        }
    }
}
