//! New objects with the mandatory fields.

use std::iter::zip;

use percent_encoding::percent_decode_str;

use super::{
    super::{captured_objects::filled, facts},
    WriteProbes, body,
    values::{Given, is_settable},
};
use crate::{
    appliance::{
        client::Request,
        drift::{
            exchange::Step,
            names::name_field,
            run::{Outcome, Stop},
        },
        facts::{FactKey, protocol},
        object::Object,
    },
    schema::{Resource, Template, Verb, path},
    store::Values,
};

/// The template of the vendor for users with voice mail.
const VOICE_MAIL: &str = "voicemailusertemplate";

/// A create with the mandatory fields.
#[derive(Clone, Debug)]
pub(super) struct Create<'c> {
    pub(super) resource: &'c Resource,
    /// The absolute path of the collection.
    pub(super) collection: String,
    /// The query string with a template, or nothing.
    pub(super) query: String,
    pub(super) given: Given,
    /// The values of the new object.
    pub(super) values: Values,
}

impl Create<'_> {
    /// Returns the target of the request.
    pub(super) fn target(&self) -> String {
        format!("{}{}", self.collection, self.query)
    }

    /// Returns the request with these fields.
    pub(super) fn request(&self, given: &Given) -> Request {
        let request = Request::new(ureq::http::Method::POST, self.target());
        request.xml(body::xml(self.resource, given))
    }

    /// Returns the request with the fields.
    pub(super) fn step(&self, purpose: &str) -> Step {
        self.step_with(&self.given, purpose)
    }

    /// Returns the request with other fields.
    pub(super) fn step_with(&self, given: &Given, purpose: &str) -> Step {
        let path = self.resource.path.as_str();
        Step::new(self.request(given), Some(path), purpose)
    }

    /// Returns the fields without that at a position.
    pub(super) fn without(&self, position: usize) -> Given {
        let others = self.given.iter().filter(|(given, _)| *given != position);
        others.cloned().collect()
    }

    /// Returns the fields with another value of that at a position.
    pub(super) fn with(&self, position: usize, value: &str) -> Given {
        let mut given = self.without(position);
        given.push((position, value.to_owned()));
        given
    }
}

/// An object that both servers have created.
#[derive(Debug)]
pub(super) struct NewObject<'c> {
    /// The absolute path, with placeholders.
    pub(super) path: String,
    pub(super) create: Create<'c>,
}

impl NewObject<'_> {
    /// Returns the last segment of the path: the key.
    pub(super) fn key(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// Returns the path of the collection of another resource below the object.
    pub(super) fn collection_of(&self, child: &Resource) -> Option<String> {
        let described = self.create.resource.path.as_str().split('/');
        let segments = self
            .create
            .collection
            .trim_start_matches("/vmrest/")
            .split('/');
        let pairs = zip(described, segments);
        let values = pairs.filter(|(described, _)| path::parameter(described).is_some());
        let values = values.map(|(_, value)| value).chain([self.key()]);
        filled(&child.path, values.map(Some))
    }
}

impl<'p> WriteProbes<'p, '_> {
    /// Returns a create with the mandatory fields, besides some others. Returns `None` if a value is missing.
    pub(super) fn minimum(
        &mut self,
        resource: &'p Resource,
        collection: &str,
        variant: &Given,
    ) -> Option<Create<'p>> {
        self.number += 1;
        let mut values = in_path(resource, collection);
        let mut query = String::new();
        if let Some(template) = resource.templates.first() {
            let (name, source) = self.template(template)?;
            query = format!("?{}={}", template.parameter, path::encoded(name));
            values = self.with_template(resource, template, source, values);
        }
        let sampler = self.sampler(resource);
        let mut given = Given::new();
        let name = name_field(resource);
        let own = resource.position("PartitionObjectId");
        let own = own.filter(|_| self.partition.is_some());
        let extra = self
            .extras
            .iter()
            .find(|(path, _)| *path == resource.path.as_str());
        let extra = extra.map(|(_, position)| *position);
        for position in [name, own, extra].into_iter().flatten() {
            let is_given = variant.iter().any(|(given, _)| *given == position);
            if !is_given && is_settable(resource, position, Verb::Create) {
                given.push((position, sampler.accepted(position, &values)?));
            }
        }
        given.extend(variant.iter().cloned());
        let (given, values) = sampler.complete(&values, given)?;
        Some(Create {
            resource,
            collection: collection.to_owned(),
            query,
            given,
            values,
        })
    }

    /// Returns a template, and the value that selects it.
    fn template(&self, template: &Template) -> Option<(&'p str, &'p Object)> {
        let resource = &self.catalogue[template.resource];
        let field = &resource.fields[template.field].name;
        let objects: &'p [Object] = self.objects.of(resource.path.as_str());
        let named = objects
            .iter()
            .filter_map(|object| Some((object.get(field)?, object)));
        let mut usual = named.clone();
        let usual = usual.find(|(name, _)| name.eq_ignore_ascii_case(VOICE_MAIL));
        usual.or_else(|| named.clone().next())
    }

    /// Adds the values that a new object gets from a template.
    fn with_template(
        &self,
        resource: &Resource,
        template: &Template,
        source: &Object,
        values: Values,
    ) -> Values {
        let other = &self.catalogue[template.resource];
        let shared = resource.fields_shared_with(other);
        let shared = shared.filter(|(_, to)| !template.except.contains(to));
        shared.fold(values, |values, (from, to)| {
            values.with(to, source.get(&other.fields[from].name))
        })
    }

    /// Creates an object. Returns it if both servers accept the request.
    pub(super) fn create(
        &mut self,
        create: Create<'p>,
        purpose: &str,
    ) -> Result<Option<NewObject<'p>>, Stop> {
        let outcome = self.run.exchange(success(&create, purpose))?;
        Ok(object(create, outcome))
    }

    /// Creates an object with the mandatory fields. If this server needs one of several references, it gets one more.
    pub(super) fn create_minimum(
        &mut self,
        resource: &'p Resource,
        collection: &str,
    ) -> Result<Option<NewObject<'p>>, Stop> {
        let Some(create) = self.minimum(resource, collection, &Given::new()) else {
            return Ok(None);
        };
        let outcome = self.run.exchange(success(&create, ""))?;
        if outcome.mock_status() != 400 || self.has_extra(resource) {
            return Ok(object(create, outcome));
        }
        for position in 0..resource.fields.len() {
            let is_given = create.given.iter().any(|(given, _)| *given == position);
            let is_reference = resource.fields[position].reference.is_some();
            if is_given || !is_reference || !is_settable(resource, position, Verb::Create) {
                continue;
            }
            let before = self.run.mark();
            self.extras.push((resource.path.as_str(), position));
            if let Some(create) = self.minimum(resource, collection, &Given::new()) {
                let name = &resource.fields[position].name;
                let step = success(&create, &format!("with {name}"));
                let outcome = self.run.exchange(step)?;
                if outcome.mock_status() == 201 {
                    return Ok(object(create, outcome));
                }
            }
            self.extras.pop();
            self.run.delete_behind(before);
        }
        Ok(None)
    }

    fn has_extra(&self, resource: &Resource) -> bool {
        self.extras
            .iter()
            .any(|(path, _)| *path == resource.path.as_str())
    }
}

/// Returns the request of a create that both servers should accept.
fn success(create: &Create<'_>, purpose: &str) -> Step {
    let step = create.step(purpose);
    let step = step.success(facts::verb(create.resource, Verb::Create));
    step.success(FactKey::Protocol(protocol::CREATE))
}

fn object(create: Create<'_>, outcome: Outcome) -> Option<NewObject<'_>> {
    let is_accepted = outcome.is_accepted();
    let path = outcome.path.filter(|_| is_accepted)?;
    Some(NewObject { path, create })
}

/// Returns the values of the fields in the path of a collection.
fn in_path(resource: &Resource, collection: &str) -> Values {
    let described = resource.path.as_str().split('/');
    let segments = collection.trim_start_matches("/vmrest/").split('/');
    let values = zip(described, segments).filter_map(|(described, segment)| {
        let position = resource.position(path::parameter(described)?)?;
        let value = percent_decode_str(segment).decode_utf8_lossy();
        Some((position, value.into_owned()))
    });
    let empty = Values::of(resource.fields.iter().map(|_| None));
    values.fold(empty, |all, (position, value)| {
        all.with(position, Some(&value))
    })
}
