//! Creates of the variants of an object, and creates that break a rule.

use super::{
    super::facts,
    WriteProbes,
    new_object::{Create, NewObject},
    values::{Given, is_settable, required_rules},
};
use crate::{
    appliance::{
        client::Request,
        drift::{exchange::Step, names::name_field, run::Stop},
        facts::{FactKey, FieldRule, protocol},
    },
    schema::{ErrorRule, Kind, Resource, Verb},
};

/// The usual fields for a remark.
const REMARKS: [&str; 3] = ["Description", "Notes", "DisplayName"];

impl<'p> WriteProbes<'p, '_> {
    /// Creates an object of each variant, and reads it. Returns that of the first one.
    pub(super) fn create_variants(
        &mut self,
        resource: &'p Resource,
        collection: &str,
    ) -> Result<Option<NewObject<'p>>, Stop> {
        let mut first = self.create_minimum(resource, collection)?;
        if let Some(object) = &first {
            self.read_new(object, "")?;
        }
        let variants = self.sampler(resource).variants();
        for variant in variants.into_iter().skip(1) {
            let before = self.run.mark();
            let Some(create) = self.minimum(resource, collection, &variant) else {
                continue;
            };
            let purpose = with(resource, &variant);
            if let Some(object) = self.create(create, &purpose)? {
                self.read_new(&object, &purpose)?;
                if first.is_none() {
                    first = Some(object);
                    continue;
                }
            }
            self.run.delete_behind(before);
        }
        if first.is_none() {
            self.omitted.push(format!(
                "{}: no object could be created on both servers",
                resource.path
            ));
        }
        Ok(first)
    }

    /// Reads a new object, which has its defaults.
    fn read_new(&mut self, object: &NewObject<'_>, variant: &str) -> Result<(), Stop> {
        let resource = object.create.resource;
        if resource.verb(Verb::Read).is_some() {
            let path = Some(resource.path.as_str());
            let purpose = format!("as it was created {variant}");
            let step = Step::new(Request::get(&object.path), path, purpose.trim_end());
            let step = step.success(facts::verb(resource, Verb::Read));
            // A template replaces the defaults.
            let has_defaults = resource.templates.is_empty();
            self.run.exchange(step.showing_defaults(has_defaults))?;
        }
        Ok(())
    }

    /// Sends creates that break a rule.
    pub(super) fn refuse_creates(
        &mut self,
        resource: &'p Resource,
        collection: &str,
    ) -> Result<(), Stop> {
        let mut known = Vec::new();
        for variant in self.sampler(resource).variants() {
            let Some(create) = self.minimum(resource, collection, &variant) else {
                continue;
            };
            for (position, _) in &create.given {
                let values = create.values.with(*position, None);
                let numbers = required_rules(&resource.fields[*position], &values);
                let rule = (*position, numbers.collect::<Vec<_>>());
                if !rule.1.is_empty() && !known.contains(&rule) {
                    self.refuse_without(&create, &rule, &with(resource, &variant))?;
                    known.push(rule);
                }
            }
        }
        let Some(create) = self.minimum(resource, collection, &Given::new()) else {
            return Ok(());
        };
        self.refuse_templates(&create)?;
        self.refuse_values(&create)
    }

    /// Sends a create without a mandatory field.
    fn refuse_without(
        &mut self,
        create: &Create<'p>,
        (position, numbers): &(usize, Vec<usize>),
        variant: &str,
    ) -> Result<(), Stop> {
        let resource = create.resource;
        let name = &resource.fields[*position].name;
        let mut given = create.without(*position);
        if name_field(resource) == Some(*position) {
            given.extend(self.remark(create, *position));
        }
        let purpose = format!("{variant} without {name}");
        let mut step = create.step_with(&given, purpose.trim_start());
        for number in numbers {
            let required = FieldRule::Required;
            step = step.fact(facts::rule(resource, *position, required, *number));
        }
        self.refuse(create, &given, step.error(error(ErrorRule::Required)))
    }

    /// Returns a value with the prefix for another field than the name.
    fn remark(&self, create: &Create<'p>, name: usize) -> Option<(usize, String)> {
        let resource = create.resource;
        let usual = REMARKS.iter().filter_map(|name| resource.position(name));
        let position = usual.chain(0..resource.fields.len()).find(|position| {
            let field = &resource.fields[*position];
            let is_given = create.given.iter().any(|(given, _)| given == position);
            let is_free = !field.has_rules() || field.max_length.is_some();
            let is_remark = field.kind == Kind::Text
                && field.extension.is_none()
                && field.choices.is_empty()
                && field.clears.is_empty()
                && field.reference.is_none()
                && field.computation.is_none()
                && field.access.is_shown();
            let is_settable = is_settable(resource, *position, Verb::Create);
            *position != name && !is_given && is_remark && is_free && is_settable
        })?;
        let value = self.sampler(resource).accepted(position, &create.values)?;
        self.prefix.begins(&value).then_some((position, value))
    }

    /// Sends creates without a template, and with one that does not exist.
    fn refuse_templates(&mut self, create: &Create<'p>) -> Result<(), Stop> {
        let Some(template) = create.resource.templates.first() else {
            return Ok(());
        };
        let parameter = &template.parameter;
        let unknown = format!("?{parameter}=cuc-mock-drift-nobody");
        for (query, purpose, rule) in [
            ("", "without a template", ErrorRule::TemplateMissing),
            (&*unknown, "", ErrorRule::Template),
        ] {
            let create = Create {
                query: query.to_owned(),
                ..create.clone()
            };
            let step = create.step(purpose).rejection(error(rule));
            self.refuse(&create, &create.given, step)?;
        }
        Ok(())
    }

    /// Sends creates with wrong values of the fields that no update can set, and of one other field for each rule.
    fn refuse_values(&mut self, create: &Create<'p>) -> Result<(), Stop> {
        let resource = create.resource;
        let has_update = resource.verb(Verb::Update).is_some();
        let mut tested = Vec::new();
        for position in 0..resource.fields.len() {
            let is_updated = has_update && is_settable(resource, position, Verb::Update);
            if !is_settable(resource, position, Verb::Create) {
                continue;
            }
            for wrong in self.sampler(resource).wrong(position, &create.values) {
                if is_updated && tested.contains(&wrong.error) {
                    continue;
                }
                tested.push(wrong.error);
                let given = create.with(position, &wrong.value);
                let step = create.step_with(&given, &wrong.purpose).fact(wrong.fact);
                let step = step.fact(FactKey::Protocol(protocol::INVALID_VALUE));
                self.refuse(create, &given, step.error(error(wrong.error)))?;
            }
        }
        Ok(())
    }

    /// Sends a create that should be refused, and deletes the object if it is not.
    pub(super) fn refuse(
        &mut self,
        create: &Create<'p>,
        given: &Given,
        step: Step,
    ) -> Result<(), Stop> {
        let before = self.run.mark();
        let resource = create.resource;
        let name = name_field(resource);
        let name = name.filter(|_| !resource.path.has_parameters());
        let named = |name: usize| {
            let mut given = given.iter();
            given.any(|(position, value)| *position == name && self.prefix.begins(value))
        };
        match name.filter(|name| !named(*name)) {
            Some(name) => {
                let name = &resource.fields[name].name;
                self.run.exchange_nameless(step, &create.collection, name)?;
            }
            None => {
                self.run.exchange(step)?;
            }
        }
        self.run.delete_behind(before);
        Ok(())
    }
}

fn error(rule: ErrorRule) -> FactKey {
    facts::error(rule, Verb::Create)
}

/// Returns the values of a variant in words.
fn with(resource: &Resource, variant: &Given) -> String {
    let values = variant.iter().map(|(position, value)| {
        let name = &resource.fields[*position].name;
        format!("{name} {value}")
    });
    let values: Vec<_> = values.collect();
    match values.is_empty() {
        true => String::new(),
        false => format!("with {}", values.join(" and ")),
    }
}
