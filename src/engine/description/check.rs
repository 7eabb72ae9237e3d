//! Checks the descriptions of a catalogue.

use super::{
    aliases::check_aliases,
    names::{check_elements, check_fields},
    paths::{check_form, check_routes},
    references::check_references,
    rules::check_rules,
    scope::{NO_SCOPE, releases},
    values::check_values,
};
use crate::{
    engine::{Behaviours, DecodeError},
    schema::{
        Access, ComputationDescription, Condition, Description, Fact, FieldDescription, Kind,
        OnDelete, Release, UndeletableDescription, Verb, path,
    },
};

/// The maximum number of fields of a resource, and of resources of a catalogue: positions have 16 bits.
const MAX_ITEMS: usize = u16::MAX as usize;

/// The descriptions of a catalogue, to be checked together.
pub(crate) struct DescriptionSet<'d> {
    pub(crate) descriptions: &'d [Description],
    /// True for each embedded description. If one conflicts with a description of the user, the latter has the mistake.
    pub(crate) is_embedded: &'d [bool],
    /// True if a resource may be missing, or replace an embedded one, because its document or its path could not be read.
    pub(crate) is_incomplete: bool,
    /// The behaviours that a description may name.
    pub(crate) behaviours: Behaviours,
}

impl DescriptionSet<'_> {
    /// Returns the mistakes, each with the number of its description.
    pub(crate) fn check(&self) -> Vec<(usize, DecodeError)> {
        let descriptions = self.descriptions;
        if let Some(description) = descriptions.get(MAX_ITEMS) {
            let found = descriptions.len();
            let message = format!("found {found} resources, expected at most {MAX_ITEMS}");
            return vec![(MAX_ITEMS, DecodeError::new(description.at, message))];
        }
        let (mut order, others): (Vec<_>, Vec<_>) =
            (0..descriptions.len()).partition(|number| self.is_embedded[*number]);
        order.extend(others);
        // Without its attributes, the place of a resource is unknown.
        order.retain(|number| !descriptions[*number].gaps.lacks_attributes);
        let mut errors = check_elements(descriptions, &order);
        errors.extend(check_routes(descriptions, &order));
        for (number, description) in descriptions.iter().enumerate() {
            let mut checker = Checker {
                description,
                behaviours: self.behaviours,
                errors: Vec::new(),
            };
            checker.check();
            errors.extend(checker.errors.into_iter().map(|error| (number, error)));
        }
        errors.extend(check_references(
            descriptions,
            self.is_embedded,
            self.is_incomplete,
        ));
        errors
    }
}

/// Checks one description.
struct Checker<'d> {
    description: &'d Description,
    behaviours: Behaviours,
    errors: Vec<DecodeError>,
}

impl Checker<'_> {
    fn report(&mut self, at: usize, message: impl Into<String>) {
        self.errors.push(DecodeError::new(at, message.into()));
    }

    fn check(&mut self) {
        let description = self.description;
        self.errors.extend(check_fields(description));
        self.check_limits();
        if !description.gaps.lacks_attributes {
            self.errors.extend(check_form(description));
            self.errors.extend(check_aliases(description));
            self.errors.extend(check_rules(description));
            self.check_releases();
            self.check_undeletable();
            self.check_paths();
            self.check_key();
            self.check_parameters();
            self.check_names();
            self.check_behaviour();
            self.check_computed_records();
            self.check_endpoints();
            self.check_audio();
        }
        for field in &description.fields {
            self.check_facts(field);
            if field.computation.is_some() {
                self.check_computed(field);
            } else {
                self.errors.extend(check_values(field));
            }
        }
    }

    fn check_limits(&mut self) {
        let fields = &self.description.fields;
        if let Some(field) = fields.get(MAX_ITEMS) {
            let found = fields.len();
            let message = format!("found {found} fields, expected at most {MAX_ITEMS}");
            self.report(field.fact.at, message);
        }
    }

    /// Checks that the resource and the facts about it end no earlier than they begin.
    fn check_releases(&mut self) {
        let Description {
            since, until, at, ..
        } = *self.description;
        if until.is_some_and(|until| until < since) {
            let message = format!("the resource ends before {since}, expected a later release");
            self.report(at, message);
        }
        let description = self.description;
        let aliases = description.aliases.iter().map(|alias| &alias.fact);
        let actions = description.actions.iter().map(|action| &action.fact);
        let views = description.views.iter().map(|view| &view.fact);
        let templates = description.templates.iter();
        let templates = templates.map(|template| &template.fact);
        let audio = description.audio.iter().map(|audio| &audio.fact);
        let endpoints = description.endpoints.iter();
        let endpoints = endpoints.map(|endpoint| &endpoint.fact);
        let facts = aliases.chain(actions).chain(views).chain(templates);
        for fact in facts.chain(audio).chain(endpoints) {
            self.check_order(fact);
        }
    }

    /// Checks the conditions on the records of lists, aliases and views.
    fn check_paths(&mut self) {
        let description = self.description;
        let aliases = description.aliases.iter().map(|alias| &alias.fact);
        let views = description.views.iter().map(|view| &view.fact);
        for fact in aliases.chain(views).chain(&description.list_condition) {
            if let Some(condition) = &fact.condition {
                self.check_condition(fact, condition);
            }
        }
    }

    /// Checks the conditions on the records that cannot be deleted.
    fn check_undeletable(&mut self) {
        let description = self.description;
        for UndeletableDescription { fact, .. } in &description.undeletable {
            self.check_order(fact);
            if let Some(condition) = &fact.condition {
                self.check_condition(fact, condition);
            }
        }
    }

    fn check_order(&mut self, fact: &Fact) {
        if fact.until.is_some_and(|until| until < fact.since) {
            let since = fact.since;
            let message = format!("the fact ends before {since}, expected a later release");
            self.report(fact.at, message);
        }
    }

    /// Checks that every record has a value of its own in the key, which never changes.
    fn check_key(&mut self) {
        let description = self.description;
        let Some(name) = &description.key else {
            return;
        };
        let lacks_fields = description.gaps.lacks_fields;
        let Some(position) = description.position(name) else {
            if !lacks_fields {
                let expected = "the name of a field, such as that of <object-id>";
                let message = format!("the key is {name:?}, expected {expected}");
                self.report(description.at, message);
            }
            return;
        };
        let key = &description.fields[position];
        self.check_identity(key, "the key");
        if key.computation.is_some() {
            return;
        }
        let is_in_path = path::parameters(&description.path).next().is_some();
        let is_unique = lacks_fields || matches!(key.unique, Some((None, _)));
        if !is_in_path && !is_unique {
            let message = format!("{name} is the key, expected it to be unique");
            self.report(key.fact.at, message);
        }
    }

    /// Checks that the fields in the paths exist, and that every record has a value in those of its own path.
    fn check_parameters(&mut self) {
        let description = self.description;
        for name in path::parameters(&description.path) {
            match description.position(name) {
                Some(position) => {
                    self.check_identity(&description.fields[position], "a part of the path");
                }
                None => self.check_name(name, description.at),
            }
        }
        let aliases = description.aliases.iter();
        let aliases = aliases.map(|alias| (&alias.path, &alias.fact));
        let views = description
            .views
            .iter()
            .map(|view| (&view.path, &view.fact));
        for (path, fact) in aliases.chain(views) {
            for name in path::parameters(path) {
                self.check_name(name, fact.at);
                self.check_parameter(name, fact);
            }
            self.check_repetition(path, fact.at);
        }
        self.check_repetition(&description.path, description.at);
    }

    /// Checks that the field in a path has a value of its own in all releases of the path.
    fn check_parameter(&mut self, name: &str, fact: &Fact) {
        let description = self.description;
        let Some(position) = description.position(name) else {
            return;
        };
        let field = &description.fields[position];
        let lacks = |release: Release| fact.covers(release) && !field.fact.covers(release);
        if field.computation.is_some() || releases(description).any(lacks) {
            let expected = "a field with a value in all releases of the path";
            self.report(
                fact.at,
                format!("the path contains {name}, expected {expected}"),
            );
        }
    }

    /// Checks that a path contains each field once.
    fn check_repetition(&mut self, path: &str, at: usize) {
        let names: Vec<_> = path::parameters(path).collect();
        for (index, name) in names.iter().enumerate() {
            if names[..index].contains(name) {
                let message = format!("the path contains {name} twice, expected it once");
                self.report(at, message);
            }
        }
    }

    /// Checks that every record has a value in a field of its identity, which never changes.
    fn check_identity(&mut self, field: &FieldDescription, role: &str) {
        let (name, at) = (&field.name, field.fact.at);
        if field.computation.is_some() {
            let message =
                format!("{role} is {name}, which is computed; expected a field with a value");
            return self.report(at, message);
        }
        if !field.access.is_read_only() && field.access != Access::CreateOnly {
            let message =
                format!("{name} is {role}, expected its access to be read-only or create");
            self.report(at, message);
        }
        let is_required = |release| {
            let mut required = field.required.iter();
            required.any(|fact| fact.condition.is_none() && fact.covers(release))
        };
        let has_value = |release| field.fact.covers(release) && is_required(release);
        let lacks_fields = self.description.gaps.lacks_fields;
        if !lacks_fields && !releases(self.description).all(has_value) {
            let expected = "it to be required in all releases of the resource";
            self.report(at, format!("{name} is {role}, expected {expected}"));
        }
    }

    /// Checks that a name is that of a field.
    fn check_name(&mut self, name: &str, at: usize) {
        let description = self.description;
        if !description.gaps.lacks_fields && description.position(name).is_none() {
            let message = format!("found {name:?}, expected the name of a field of the resource");
            self.report(at, message);
        }
    }

    /// Checks the names of fields in lists, orders and rules.
    fn check_names(&mut self) {
        let description = self.description;
        let views = description.views.iter();
        let lists = views.filter_map(|view| view.fields.as_ref());
        let aliases = description.aliases.iter();
        let lists = lists.chain(aliases.filter_map(|alias| alias.fields.as_ref()));
        let templates = description.templates.iter();
        let lists = lists.chain(templates.filter_map(|template| template.except.as_ref()));
        for list in description.list_fields.iter().chain(lists) {
            for name in &list.names {
                self.check_name(name, list.at);
            }
        }
        if let Some(order) = &description.order {
            self.check_name(&order.field, order.fact.at);
        }
        for field in &description.fields {
            if let Some(ComputationDescription::Path {
                with: Some(with), ..
            }) = field.computation.as_deref()
            {
                self.check_name(with, field.fact.at);
            }
            if let Some((Some(within), fact)) = &field.unique {
                self.check_name(within, fact.at);
            }
            for (other, fact) in field.clears.iter().chain(&field.expiry) {
                self.check_name(other, fact.at);
            }
        }
    }

    fn check_facts(&mut self, field: &FieldDescription) {
        for fact in field.facts() {
            self.check_order(fact);
            if let Some(condition) = &fact.condition {
                self.check_condition(fact, condition);
            }
        }
        if field.fact.condition.is_some() && !field.is_link() {
            let name = &field.name;
            let message = format!("{name} has a condition, expected it on a rule or a link");
            self.report(field.fact.at, message);
        }
        if self.description.gaps.lacks_attributes {
            return;
        }
        let unscoped = [
            field.max_length.as_ref().map(|(_, fact)| fact),
            field.extension.as_ref(),
            // The evidence of a unique ObjectId is that of the field itself.
            field.unique.as_ref().map(|(_, fact)| fact),
            field.reference.as_ref().map(|reference| &reference.fact),
            field.range.as_ref().map(|(_, fact)| fact),
        ];
        for fact in unscoped.into_iter().flatten() {
            let lacks = |release: Release| field.fact.covers(release) && !fact.covers(release);
            if fact.condition.is_some() || releases(self.description).any(lacks) {
                self.report(fact.at, NO_SCOPE);
            }
        }
    }

    /// Checks that a client cannot set a computed field, and that it has no rules.
    fn check_computed(&mut self, field: &FieldDescription) {
        let name = &field.name;
        let (is_accepted, accepted) = match field.is_link() {
            true => (field.access == Access::ReadOnly, "read-only"),
            false => (field.access.is_read_only(), "read-only or internal"),
        };
        if !is_accepted {
            let message = format!("{name} is computed, expected its access to be {accepted}");
            self.report(field.fact.at, message);
        }
        let reference = field.reference.as_ref().filter(|_| !field.is_link());
        for rule in field.facts().into_iter().skip(1) {
            if reference.is_none_or(|reference| reference.fact.at != rule.at) {
                self.report(rule.at, format!("{name} is computed, expected no rules"));
            }
        }
        if let Some(reference) = reference.filter(|found| found.on_delete == OnDelete::Clear) {
            let message = format!("{name} is computed, expected on-delete to be refuse or cascade");
            self.report(reference.fact.at, message);
        }
    }

    fn check_behaviour(&mut self) {
        let description = self.description;
        let Some(behaviour) = &description.behaviour else {
            return;
        };
        if self.behaviours.get(behaviour).is_none() {
            let known: Vec<_> = self.behaviours.names().collect();
            let expected = match known.is_empty() {
                true => "none: the server has no behaviours".to_owned(),
                false => known.join(" or "),
            };
            let message = format!("the behaviour is {behaviour:?}, expected {expected}");
            self.report(description.at, message);
        }
    }

    /// Checks that the records are computed if the behaviour computes them, and only then, and that they are only read.
    fn check_computed_records(&mut self) {
        let description = self.description;
        let behaviour = description.behaviour.as_deref();
        let behaviour = behaviour.and_then(|name| self.behaviours.get(name));
        let has_rows = behaviour.is_some_and(|behaviour| behaviour.rows.is_some());
        let at = description.at;
        match (description.is_computed, has_rows) {
            (true, false) => {
                self.report(
                    at,
                    "the records are computed, expected a behaviour that computes them",
                );
            }
            (false, true) => {
                let expected = "the attribute computed=\"true\"";
                self.report(
                    at,
                    format!("the behaviour computes the records, expected {expected}"),
                );
            }
            _ => {}
        }
        for (verb, _) in &description.verbs {
            if description.is_computed && !matches!(verb, Verb::List | Verb::Read) {
                let verb = verb.name();
                let message = format!(
                    "found the verb {verb}, expected list and read: the records are computed"
                );
                self.report(at, message);
            }
        }
    }

    /// Checks that the behaviour has a function for each endpoint.
    fn check_endpoints(&mut self) {
        let description = self.description;
        let behaviour = description.behaviour.as_deref();
        let behaviour = behaviour.and_then(|name| self.behaviours.get(name));
        let endpoints = behaviour.map_or(&[][..], |behaviour| behaviour.endpoints);
        let known: Vec<_> = endpoints.iter().map(|(name, _)| *name).collect();
        for endpoint in &description.endpoints {
            let name = &*endpoint.name;
            if !known.contains(&name) {
                let expected = match known.is_empty() {
                    true => "none: the resource has no behaviour with endpoints".to_owned(),
                    false => known.join(" or "),
                };
                let message = format!("the endpoint is {name:?}, expected {expected}");
                self.report(endpoint.fact.at, message);
            }
            self.check_repetition(&endpoint.path, endpoint.fact.at);
        }
    }

    /// Checks that the field with the name of an audio file refers to one.
    fn check_audio(&mut self) {
        let description = self.description;
        for audio in &description.audio {
            self.check_name(&audio.field, audio.fact.at);
            let Some(position) = description.position(&audio.field) else {
                continue;
            };
            let field = &description.fields[position];
            let lacks =
                |release: Release| audio.fact.covers(release) && !field.fact.covers(release);
            if releases(description).any(lacks) {
                let message = format!(
                    "the audio is in {}, expected a field in all its releases",
                    audio.field
                );
                self.report(audio.fact.at, message);
            }
            if field.kind != Kind::Text || field.reference.is_none() {
                let message = format!(
                    "the audio is in {}, expected a <text> that <references> a file",
                    audio.field
                );
                self.report(audio.fact.at, message);
            }
        }
    }

    fn check_condition(&mut self, fact: &Fact, condition: &Condition<Box<str>>) {
        let description = self.description;
        if description.gaps.lacks_fields {
            return;
        }
        let name = &condition.field;
        let Some(position) = description.position(name) else {
            let expected = format!("a field of {}", description.element);
            self.report(
                fact.at,
                format!("the condition is on {name:?}, expected {expected}"),
            );
            return;
        };
        let field = &description.fields[position];
        for value in &condition.values {
            let is_possible = match field.kind {
                Kind::Boolean => matches!(&**value, "true" | "false"),
                _ => field
                    .choices
                    .iter()
                    .any(|(choices, _)| choices.contains(value)),
            };
            if !is_possible {
                let expected = format!("one of the choices of {name}");
                self.report(
                    fact.at,
                    format!("the condition is on {value:?}, expected {expected}"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::description::read;

    #[test]
    fn more_resources_than_a_catalogue_can_have_are_a_mistake() {
        let text = r#"<resource path="lamps" list="Lamps" element="Lamp"/>"#;
        let read = read(text.as_bytes()).expect("it is readable");
        let descriptions = vec![read; MAX_ITEMS + 1];
        let set = DescriptionSet {
            descriptions: &descriptions,
            is_embedded: &vec![false; descriptions.len()],
            is_incomplete: false,
            behaviours: Behaviours::NONE,
        };
        let message = "found 65536 resources, expected at most 65535";
        assert_eq!(set.check(), [(MAX_ITEMS, DecodeError::new(0, message))]);
    }
}
