//! Finding and updating objects.

use ureq::http::Method;

use super::{
    super::{facts, missing_key, query_string},
    WriteProbes, body,
    new_object::NewObject,
    values::{Given, is_settable, mistyped, required_rules},
};
use crate::{
    appliance::{
        client::Request,
        drift::{exchange::Step, names::name_field, run::Stop},
        facts::{FactKey, FieldRule, protocol},
    },
    schema::{ErrorRule, Kind, Resource, Verb},
};

impl<'p> WriteProbes<'p, '_> {
    /// Sends creates with the unique values of an object.
    pub(super) fn send_duplicates(&mut self, object: &NewObject<'p>) -> Result<(), Stop> {
        let resource = object.create.resource;
        let collection = &object.create.collection;
        let Some(create) = self.minimum(resource, collection, &Given::new()) else {
            return Ok(());
        };
        for (position, value) in &object.create.given {
            let field = &resource.fields[*position];
            if field.unique.is_none() && resource.key != Some(*position) {
                continue;
            }
            let given = create.with(*position, value);
            let purpose = format!("with the {} of another object", field.name);
            let mut step = create.step_with(&given, &purpose);
            let error = |rule| facts::error(rule, Verb::Create);
            if field.unique.is_some() {
                step = step.fact(facts::rule(resource, *position, FieldRule::Unique, 0));
                step = step.fact(FactKey::Protocol(protocol::DUPLICATE));
                step = step.error(error(ErrorRule::Unique));
            } else {
                step = step.rejection(error(ErrorRule::Key));
            }
            self.refuse(&create, &given, step)?;
        }
        Ok(())
    }

    /// Finds a new object in its list.
    pub(super) fn find(&mut self, object: &NewObject<'p>) -> Result<(), Stop> {
        let resource = object.create.resource;
        if resource.verb(Verb::List).is_none() {
            return Ok(());
        }
        let collection = &object.create.collection;
        let name = name_field(resource).filter(|_| !resource.path.has_parameters());
        let value = name.and_then(|name| Some((name, object.create.values.get(name)?)));
        let target = match value {
            Some((name, value)) => {
                let query = format!("({} is {value})", resource.fields[name].name);
                format!("{collection}?query={}", query_string(&query))
            }
            None => collection.clone(),
        };
        let step = Step::new(Request::get(target), Some(resource.path.as_str()), "");
        let step = step.fact(facts::verb(resource, Verb::List));
        // Without a query, the list has the objects that came with the parent.
        let is_alone = value.is_some() && resource.templates.is_empty();
        self.run.exchange(step.showing_defaults(is_alone))?;
        Ok(())
    }

    /// Sends updates that both servers should accept, and others.
    pub(super) fn update(&mut self, object: &NewObject<'p>) -> Result<(), Stop> {
        let resource = object.create.resource;
        self.number += 1;
        if let Some(given) = self.valid_update(object) {
            let name = &resource.fields[given[0].0].name;
            let step = put(resource, &object.path, &given, &format!("with {name}"));
            let step = step.success(facts::verb(resource, Verb::Update));
            let step = step.success(FactKey::Protocol(protocol::UPDATE));
            let is_updated = self.run.exchange(step)?.is_accepted();
            if is_updated && resource.verb(Verb::Read).is_some() {
                let path = Some(resource.path.as_str());
                let step = Step::new(Request::get(&object.path), path, "as it was updated");
                let step = step.success(facts::verb(resource, Verb::Read));
                let has_defaults = resource.fields[given[0].0].defaults.is_empty()
                    && resource.templates.is_empty();
                self.run.exchange(step.showing_defaults(has_defaults))?;
            }
        }
        self.update_missing(object)?;
        for position in 0..resource.fields.len() {
            if is_settable(resource, position, Verb::Update) {
                self.update_wrongly(object, position)?;
            }
        }
        Ok(())
    }

    /// Returns a new value of the name, or of another field.
    fn valid_update(&self, object: &NewObject<'p>) -> Option<Given> {
        let resource = object.create.resource;
        let sampler = self.sampler(resource);
        let is_simple = |position: &usize| {
            let field = &resource.fields[*position];
            let is_kind = matches!(field.kind, Kind::Text | Kind::Boolean);
            is_kind
                && field.reference.is_none()
                && field.extension.is_none()
                && field.choices.is_empty()
                && field.access.is_shown()
        };
        let all = name_field(resource)
            .into_iter()
            .chain(0..resource.fields.len());
        let mut all = all.filter(|position| is_settable(resource, *position, Verb::Update));
        let position = all.find(is_simple)?;
        let value = sampler.accepted(position, &object.create.values)?;
        Some(vec![(position, value)])
    }

    /// Updates an object that does not exist.
    fn update_missing(&mut self, object: &NewObject<'p>) -> Result<(), Stop> {
        let resource = object.create.resource;
        let given = self.valid_update(object);
        let Some((given, key)) = given.zip(missing_key(resource)) else {
            return Ok(());
        };
        let path = format!("{}/{key}", object.create.collection);
        let step = put(resource, &path, &given, "");
        let step = step.fact(FactKey::Protocol(protocol::NOT_FOUND_UPDATE));
        self.run
            .exchange(step.rejection(facts::error(ErrorRule::NotFound, Verb::Update)))?;
        Ok(())
    }

    /// Sends the values that break a rule of the field at a position.
    fn update_wrongly(&mut self, object: &NewObject<'p>, position: usize) -> Result<(), Stop> {
        let resource = object.create.resource;
        let field = &resource.fields[position];
        let values = &object.create.values;
        let error = |rule| facts::error(rule, Verb::Update);
        for wrong in self.sampler(resource).wrong(position, values) {
            let given = vec![(position, wrong.value)];
            let step = put(resource, &object.path, &given, &wrong.purpose);
            let step = step.fact(wrong.fact);
            let step = step.fact(FactKey::Protocol(protocol::INVALID_VALUE));
            self.run.exchange(step.error(error(wrong.error)))?;
        }
        for (number, (cleared, _)) in field.clears.iter().enumerate() {
            let sampler = self.sampler(resource);
            let one = sampler.accepted(position, values);
            if let Some((one, other)) = one.zip(sampler.accepted(*cleared, values)) {
                let given = vec![(position, one), (*cleared, other)];
                let other = &resource.fields[*cleared].name;
                let purpose = format!("with both {} and {other}", field.name);
                let step = put(resource, &object.path, &given, &purpose);
                let step = step.fact(facts::rule(resource, position, FieldRule::Clears, number));
                self.run.exchange(step.error(error(ErrorRule::Clears)))?;
            }
        }
        let numbers: Vec<_> = required_rules(field, values).collect();
        if !numbers.is_empty() && field.access.is_shown() {
            let given = vec![(position, String::new())];
            let purpose = format!("with an empty {}", field.name);
            let mut step = put(resource, &object.path, &given, &purpose);
            for number in numbers {
                let required = FieldRule::Required;
                step = step.fact(facts::rule(resource, position, required, number));
            }
            // Only an empty text is of the kind of its field.
            let rule = match field.kind {
                Kind::Text => ErrorRule::Required,
                _ => mistyped(field, values),
            };
            self.run.exchange(step.error(error(rule)))?;
        }
        Ok(())
    }
}

fn put(resource: &Resource, path: &str, given: &Given, purpose: &str) -> Step {
    let request = Request::new(Method::PUT, path).xml(body::xml(resource, given));
    Step::new(request, Some(resource.path.as_str()), purpose)
}
