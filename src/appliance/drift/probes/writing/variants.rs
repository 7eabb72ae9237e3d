//! The variants of an object: the values with which the conditions of rules hold.

use super::values::{Given, Sampler, is_settable};
use crate::schema::{Condition, Verb};

/// The maximum number of fields that a condition is followed through.
const MAX_DEPTH: usize = 3;

impl Sampler<'_> {
    /// Returns values with which the conditions of rules hold. The first ones are no values: the usual object.
    pub(super) fn variants(&self) -> Vec<Given> {
        let mut variants = vec![Given::new()];
        for field in &self.resource.fields {
            let required = field.required.iter();
            let rules = required.chain(field.choices.iter().map(|(_, rule)| rule));
            let rules = rules.chain(field.defaults.iter().map(|(_, rule)| rule));
            for condition in rules.filter_map(|rule| rule.condition.as_ref()) {
                for value in self.values_of(condition) {
                    let variant = self.setting(condition.field, &value, MAX_DEPTH);
                    variants.extend(variant);
                }
            }
        }
        let mut known = Vec::new();
        variants.retain(|variant| {
            let is_new = !known.contains(variant);
            known.push(variant.clone());
            is_new
        });
        variants
    }

    /// Returns the values with which a condition holds, if a client can set them.
    fn values_of(&self, condition: &Condition<usize>) -> Vec<String> {
        let field = &self.resource.fields[condition.field];
        let is_settable = is_settable(self.resource, condition.field, Verb::Create);
        if !is_settable || field.access.is_hidden() {
            return Vec::new();
        }
        match condition.is_negated {
            false => condition.values.iter().map(ToString::to_string).collect(),
            true => {
                let choices = field.choices.iter().flat_map(|(choices, _)| choices);
                let mut others = choices.filter(|choice| !condition.values.contains(choice));
                others.next().map(ToString::to_string).into_iter().collect()
            }
        }
    }

    /// Returns the values with which a field can have a value: it may depend on other fields.
    fn setting(&self, position: usize, value: &str, depth: usize) -> Option<Given> {
        let field = &self.resource.fields[position];
        let given = vec![(position, value.to_owned())];
        let mut rules = field.choices.iter();
        let rule = rules.find(|(choices, _)| choices.iter().any(|choice| **choice == *value));
        let condition = rule.and_then(|(_, rule)| rule.condition.as_ref());
        let Some(condition) = condition.filter(|_| depth > 0) else {
            return Some(given);
        };
        let other = self.values_of(condition).into_iter().next()?;
        let mut before = self.setting(condition.field, &other, depth - 1)?;
        before.extend(given);
        Some(before)
    }
}
