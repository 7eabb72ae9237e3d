//! The rules of a field, in words.

use crate::schema::{
    Catalogue, Computation, DefaultValue, Evidence, Field, OnDelete, Resource, Rule,
};

/// A rule of a field in words, and the evidence for it.
pub(crate) type RuleText<'r> = (String, &'r Evidence);

/// Returns the rules of the field of a resource, each in words.
pub(crate) fn field_rules<'r>(
    catalogue: &'r Catalogue,
    resource: &'r Resource,
    field: &'r Field,
) -> Vec<RuleText<'r>> {
    let name = |position: usize| &*resource.fields[position].name;
    let with_scope = |text: &str, rule: &'r Rule| {
        let scope = scope(resource, rule);
        (format!("{text}{scope}"), &rule.evidence)
    };
    let mut rules: Vec<RuleText<'r>> = Vec::new();
    rules.extend(
        field
            .required
            .iter()
            .map(|rule| with_scope("mandatory", rule)),
    );
    rules.extend(field.choices.iter().map(|(choices, rule)| {
        let text = format!("one of {}", choices.join(", "));
        with_scope(&text, rule)
    }));
    rules.extend(field.max_length.iter().map(|(length, evidence)| {
        let text = format!("at most {length} characters");
        (text, evidence)
    }));
    rules.extend(field.range.iter().map(|range| {
        let text = format!("a number from {} to {}", range.min, range.max);
        (text, &range.evidence)
    }));
    rules.extend(field.extension.iter().map(|evidence| {
        let text = "an extension that a caller can dial".to_owned();
        (text, evidence)
    }));
    rules.extend(field.unique.iter().map(|unique| {
        let within = unique.within.map(name);
        let within = within.map(|field| format!(" among the objects with the same {field}"));
        let text = format!("unique{}", within.unwrap_or_default());
        (text, &unique.evidence)
    }));
    rules.extend(field.reference.iter().map(|reference| {
        let target = &catalogue[reference.resource];
        let effect = match reference.on_delete {
            OnDelete::Refuse => "which is not deleted while this one refers to it",
            OnDelete::Cascade => "with which this one is deleted",
            OnDelete::Clear => "whose deletion clears the field",
        };
        let (field, path) = (&target.fields[reference.field].name, target.path.as_str());
        let text = format!("the {field} of an object of {path}, {effect}");
        (text, &reference.evidence)
    }));
    rules.extend(field.clears.iter().map(|(position, evidence)| {
        let text = format!("a value clears {}", name(*position));
        (text, evidence)
    }));
    rules.extend(field.defaults.iter().map(|(default, rule)| {
        let default = match default {
            DefaultValue::Value(value) => format!("{value:?}"),
            DefaultValue::Now | DefaultValue::UtcNow => "the current time".to_owned(),
            DefaultValue::First((resource, position)) => {
                let target = &catalogue[*resource];
                let field = &target.fields[*position].name;
                format!(
                    "the {field} of the first object of {}",
                    target.path.as_str()
                )
            }
        };
        with_scope(&format!("filled in with {default}"), rule)
    }));
    if let Some(Computation::Derived { through, .. }) = field.computation.as_deref() {
        let text = format!("follows the object that {} refers to", name(*through));
        rules.push((text, &field.evidence));
    }
    rules
}

/// Describes the records that a rule applies to, unless it applies to all.
fn scope(resource: &Resource, rule: &Rule) -> String {
    let Some(condition) = &rule.condition else {
        return String::new();
    };
    let word = match condition.is_negated {
        true => "unless",
        false => "when",
    };
    let field = &resource.fields[condition.field].name;
    format!(" {word} {field} is {}", condition.values.join(" or "))
}
