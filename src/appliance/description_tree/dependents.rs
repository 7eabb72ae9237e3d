//! The parts of a description that depend on a field.

use super::{
    DescriptionTree,
    evidence::{self, FactCondition, FactScope},
    field_name,
};
use crate::{appliance::document::XmlElement, schema::path};

/// The attributes with names of fields.
const LISTS: [&str; 2] = ["fields", "except"];

impl DescriptionTree {
    /// Removes a field with the rules, links and conditions that name it, unless the resource cannot exist without it.
    pub(crate) fn remove_field(&mut self, name: &str) -> bool {
        let mut changed = self.clone();
        let is_removed = changed.try_removal(name);
        if is_removed {
            *self = changed;
        }
        is_removed
    }

    /// Does the same, but may stop before the end.
    fn try_removal(&mut self, name: &str) -> bool {
        let Some(index) = self.field_index(name) else {
            return false;
        };
        let evidence = self.evidence();
        let is_needed = self.key() == Some(name)
            || path::parameters(self.path()).any(|part| part == name)
            || self
                .root
                .children
                .iter()
                .any(|child| needs(child, name, &evidence));
        if is_needed {
            return false;
        }
        self.root.children.remove(index);
        for child in &mut self.root.children {
            if !remove_from_lists(child, name) {
                return false;
            }
        }
        let children = self.root.children.iter();
        let dependent = children.filter(|child| follows(child, name, &evidence));
        let dependent = dependent.filter_map(field_name).map(str::to_owned);
        let dependent: Vec<_> = dependent.collect();
        for child in &mut self.root.children {
            remove_condition(child, name, &evidence);
            let rules = &mut child.children;
            rules.retain(|rule| !is_about(rule, name, &evidence));
            for rule in rules {
                remove_condition(rule, name, &evidence);
            }
        }
        self.root.children.retain(|child| {
            let condition = evidence::condition(child, &evidence);
            let names_field = condition.is_some_and(|condition| condition.field == name);
            child.name != "undeletable" || !names_field
        });
        self.remove_conditions_of_evidence(name);
        dependent.iter().all(|field| self.try_removal(field))
    }

    /// Removes the conditions of evidence. The facts that have them are gone.
    fn remove_conditions_of_evidence(&mut self, name: &str) {
        let children = self.root.children.iter_mut();
        for child in children.filter(|child| child.name == "evidence") {
            let condition = evidence::condition(child, &[]);
            if let Some(condition) = condition.filter(|condition| condition.field == name) {
                child.remove_attribute(condition.attribute());
            }
        }
    }

    /// Returns the name of the field that identifies a record.
    pub(super) fn key(&self) -> Option<&str> {
        match self.root.attribute("singleton") {
            Some("true") => None,
            _ => Some(self.root.attribute("key").unwrap_or("ObjectId")),
        }
    }

    /// True if a fact depends on the value of a field.
    pub(super) fn has_condition_on(&self, name: &str) -> bool {
        let evidence = self.evidence();
        let mut children = self.root.children.iter();
        children.any(|child| {
            let mut facts = [child].into_iter().chain(&child.children);
            facts.any(|fact| {
                let condition = evidence::condition(fact, &evidence);
                condition.is_some_and(|condition| condition.field == name)
            })
        })
    }
}

/// True if a child of the root cannot exist without a field.
fn needs(child: &XmlElement, name: &str, evidence: &[XmlElement]) -> bool {
    let is_named = child.attribute("field") == Some(name);
    let is_in_path = |child: &XmlElement| {
        let path = child.attribute("path").unwrap_or_default();
        path::parameters(path).any(|part| part == name)
    };
    let condition = evidence::condition(child, evidence);
    let has_condition = condition.is_some_and(|condition| condition.field == name);
    match &*child.name {
        "order" | "audio" => is_named,
        "alias" | "view" => is_in_path(child) || has_condition,
        "verb" => has_condition,
        _ => false,
    }
}

/// True for a field that no record shows without another one.
fn follows(child: &XmlElement, name: &str, evidence: &[XmlElement]) -> bool {
    let condition = evidence::condition(child, evidence);
    let is_never_shown = condition.is_some_and(|found| found.field == name && !found.is_negated);
    let mut others = ["through", "with"].into_iter();
    is_never_shown || others.any(|other| child.attribute(other) == Some(name))
}

/// Removes a field from the lists of an element. Returns `false` if a list would be empty.
fn remove_from_lists(child: &mut XmlElement, name: &str) -> bool {
    for list in LISTS {
        let Some(names) = child.attribute(list) else {
            continue;
        };
        let names: Vec<_> = names.split_ascii_whitespace().collect();
        let others = names.iter().copied().filter(|other| *other != name);
        let others = others.collect::<Vec<_>>().join(" ");
        if !others.is_empty() {
            child.set_attribute(list, others);
        } else if list == "except" {
            child.remove_attribute(list);
        } else {
            return false;
        }
    }
    true
}

/// Removes a condition that all records meet without the field: that it has none of some values.
fn remove_condition(fact: &mut XmlElement, name: &str, evidence: &[XmlElement]) {
    let condition = evidence::condition(fact, evidence);
    let is_met = |condition: &FactCondition| condition.field == name && condition.is_negated;
    if let Some(condition) = condition.filter(is_met)
        && fact.name != "evidence"
    {
        evidence::copy_evidence(fact, evidence, FactScope::All);
        fact.remove_attribute(condition.attribute());
    }
}

/// True for a rule that names a field, or that applies only if the field has some values.
fn is_about(rule: &XmlElement, name: &str, evidence: &[XmlElement]) -> bool {
    let condition = evidence::condition(rule, evidence);
    let is_never_met = condition.is_some_and(|found| found.field == name && !found.is_negated);
    let names_field = match &*rule.name {
        "unique" => rule.attribute("within") == Some(name),
        "clears" | "expiry" => rule.attribute("field") == Some(name),
        _ => false,
    };
    is_never_met || names_field
}
