//! The descriptions that captured objects correct.

use std::collections::BTreeMap;

use super::{Capture, CapturedKind};
use crate::{
    appliance::{description_tree::DescriptionTree, facts::FieldRule, object::Object},
    engine::canonical,
    resources::embedded_texts,
    schema::{Access, ErrorRule, Kind, Resource},
};

/// The kinds that a field can have, from the narrowest.
const KINDS: [Kind; 5] = [
    Kind::Boolean,
    Kind::Integer,
    Kind::Guid,
    Kind::DateTime,
    Kind::Text,
];

/// More choices than a field has.
const MAX_RULES: usize = 32;

/// The descriptions of resources that are corrected, by their paths.
#[derive(Debug, Default)]
pub(super) struct Corrections {
    /// The descriptions of the user, which precede the embedded ones.
    described: Vec<DescriptionTree>,
    trees: BTreeMap<String, DescriptionTree>,
    source: String,
}

impl Corrections {
    pub(super) fn new(described: Vec<DescriptionTree>, source: &str) -> Self {
        Self {
            described,
            trees: BTreeMap::new(),
            source: source.to_owned(),
        }
    }

    /// Returns the corrected descriptions.
    pub(super) fn trees(&self) -> impl Iterator<Item = &DescriptionTree> {
        self.trees.values()
    }

    /// Forgets the corrections of a resource.
    pub(super) fn withdraw(&mut self, path: &str) {
        self.trees.remove(path);
    }

    /// Corrects the fields of all kinds and their order.
    pub(super) fn correct_fields(&mut self, capture: &Capture) {
        for kind in &capture.kinds {
            if let Some(resource) = kind.resource(&capture.catalogue) {
                self.add_fields(resource, kind);
                self.set_order(resource, kind);
                self.set_list_fields(resource, kind);
            }
        }
    }

    /// Removes the rules that the value of a field breaks, or adds the value to the choices. Returns the number of changes.
    pub(super) fn remove_rules(
        &mut self,
        path: &str,
        field: &str,
        rule: ErrorRule,
        value: Option<&str>,
    ) -> usize {
        let Some(rule) = field_rule(rule) else {
            return 0;
        };
        if let Some(value) = value.filter(|_| rule == FieldRule::Choices) {
            let added = self.edit(path, |tree| {
                (0..MAX_RULES)
                    .filter(|number| tree.add_choice(field, *number, value))
                    .count()
            });
            if let Some(added) = added.filter(|added| *added > 0) {
                return added;
            }
        }
        let changed = self.edit(path, |tree| {
            let mut removed = 0;
            while tree.remove_rule(field, rule, 0) {
                removed += 1;
            }
            removed
        });
        changed.unwrap_or(0)
    }

    /// Makes a field a text.
    pub(super) fn set_text(&mut self, path: &str, field: &str) -> bool {
        let changed = self.edit(path, |tree| usize::from(tree.set_kind(field, Kind::Text)));
        changed.is_some_and(|changes| changes > 0)
    }

    fn add_fields(&mut self, resource: &Resource, kind: &CapturedKind) {
        let mut after: Option<&str> = None;
        for name in &kind.fields {
            if resource.position(name).is_some() {
                after = Some(name);
                continue;
            }
            let is_of_other_release = resource.is_of_other_release(name);
            let values = kind.objects.iter().filter_map(|object| object.get(name));
            let values: Vec<_> = values.collect();
            let (kind_of_values, access) = nature(&values);
            let previous = after.map(str::to_owned);
            let changed = self.edit(&kind.path, |tree| {
                usize::from(if is_of_other_release {
                    tree.add_releases(name)
                } else {
                    tree.add_field(name, kind_of_values, access, previous.as_deref())
                })
            });
            if changed.is_some_and(|changes| changes > 0) {
                after = Some(name);
            }
        }
    }

    /// Sets the order of the fields, if an object has two in another order.
    fn set_order(&mut self, resource: &Resource, kind: &CapturedKind) {
        let is_in_order = |object: &Object| {
            let names = object.fields.iter().map(|(name, _)| name);
            // The others were filled in.
            let names = names.filter(|name| kind.fields.contains(name));
            let positions = names.filter_map(|name| resource.position(name));
            let shown = positions.filter(|position| {
                let access = resource.fields[*position].access;
                access.is_shown() || access == Access::Secret
            });
            shown.is_sorted()
        };
        if !kind.objects.iter().all(is_in_order) {
            let names: Vec<_> = kind.fields.iter().map(String::as_str).collect();
            self.edit(&kind.path, |tree| usize::from(tree.set_order(&names)));
        }
    }

    /// Sets the fields in a list, if the lists show others than the description allows.
    fn set_list_fields(&mut self, resource: &Resource, kind: &CapturedKind) {
        if kind.list_fields.is_empty() {
            return;
        }
        let in_list = |name: &str| kind.list_fields.iter().any(|field| field == name);
        let described = |name: &str| match (&resource.list_fields, resource.position(name)) {
            (None, _) => true,
            (Some(fields), Some(position)) => fields.contains(&position),
            (Some(_), None) => false,
        };
        let shown = kind.fields.iter().filter(|name| {
            let position = resource.position(name);
            position.is_none_or(|position| resource.fields[position].access.is_shown())
        });
        let differs = shown.clone().any(|name| in_list(name) != described(name));
        if !differs {
            return;
        }
        let fields: Vec<_> = shown
            .filter(|name| in_list(name))
            .map(String::as_str)
            .collect();
        self.edit(&kind.path, |tree| {
            usize::from(tree.set_list_fields(Some(&fields)))
        });
    }

    /// Changes the description of a resource; `change` returns the number of changes, without any of which the description
    /// remains.
    fn edit(
        &mut self,
        path: &str,
        change: impl FnOnce(&mut DescriptionTree) -> usize,
    ) -> Option<usize> {
        let known = self.trees.get(path).cloned();
        let mut tree = known.or_else(|| self.original(path))?;
        let changes = change(&mut tree);
        if changes > 0 {
            self.trees.insert(path.to_owned(), tree);
        }
        Some(changes)
    }

    fn original(&self, path: &str) -> Option<DescriptionTree> {
        let described = self.described.iter().rev().find(|tree| tree.path() == path);
        described.cloned().or_else(|| {
            let (_, text) = embedded_texts().find(|(known, _)| *known == path)?;
            DescriptionTree::read(text, &self.source).ok()
        })
    }
}

/// Returns the narrowest kind of values, and the access of clients to them.
fn nature(values: &[&str]) -> (Kind, Access) {
    let is_repeated = |kind: &Kind| {
        let mut values = values.iter();
        values.all(|value| canonical(kind, value).is_ok_and(|form| form == *value))
    };
    let found = KINDS
        .into_iter()
        .find(|kind| !values.is_empty() && is_repeated(kind));
    let is_path = values.iter().any(|value| value.starts_with("/vmrest/"));
    let access = match is_path {
        true => Access::ReadOnly,
        false => Access::ReadWrite,
    };
    (found.unwrap_or(Kind::Text), access)
}

fn field_rule(rule: ErrorRule) -> Option<FieldRule> {
    Some(match rule {
        ErrorRule::Required => FieldRule::Required,
        ErrorRule::Choices => FieldRule::Choices,
        ErrorRule::MaxLength => FieldRule::MaxLength,
        ErrorRule::Extension => FieldRule::Extension,
        ErrorRule::Range => FieldRule::Range,
        ErrorRule::Unique => FieldRule::Unique,
        ErrorRule::Clears => FieldRule::Clears,
        _ => return None,
    })
}
