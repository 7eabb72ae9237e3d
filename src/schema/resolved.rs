//! A resource as one release has it.

use super::{Condition, DefaultValue, Evidence, Field, Release, Resource};

/// A resource as one release has it: the fields that are there, each with the rules that can hold for it, and where
/// the fields stand that these depend on. It is made once, from the table.
#[derive(Debug)]
pub(crate) struct ResolvedResource {
    pub(crate) resource: &'static Resource,
    /// In the order in which they are answered.
    pub(crate) fields: Box<[ResolvedField]>,
    /// Where the fields stand in these, by their names, of which those that are equally long stand together.
    names: Box<[Vec<(&'static str, usize)>]>,
}

/// A field that is there.
#[derive(Debug)]
pub(crate) struct ResolvedField {
    pub(crate) field: &'static Field,
    /// Where it stands in a record.
    pub(crate) position: usize,
    /// On a link, which records show it.
    pub(crate) shown: ResolvedRule,
    pub(crate) required: Box<[ResolvedRule]>,
    /// What is filled in, the first that holds.
    pub(crate) defaults: Box<[(DefaultValue, ResolvedRule)]>,
    pub(crate) choices: Box<[(&'static [&'static str], ResolvedRule)]>,
}

/// A line of the table, in a release that it covers.
#[derive(Debug)]
pub(crate) struct ResolvedRule {
    pub(crate) evidence: &'static Evidence,
    /// Where the field stands that its condition names, if there is one.
    position: Option<usize>,
}

impl ResolvedResource {
    pub(super) fn new(resource: &'static Resource, release: Release) -> Self {
        let fields = resource.fields.iter().enumerate();
        let fields = fields.filter(|(_, field)| field.is_in(release));
        let fields: Box<[_]> = fields
            .map(|(position, field)| ResolvedField::new(resource, release, position, field))
            .collect();
        let longest = fields.iter().map(|present| present.field.name.len()).max();
        let mut names = vec![Vec::new(); longest.map_or(0, |longest| longest + 1)];
        for (place, present) in fields.iter().enumerate() {
            let name = present.field.name;
            names[name.len()].push((name, place));
        }
        Self {
            resource,
            fields,
            names: names.into(),
        }
    }

    /// The field that stands there in a record.
    pub(crate) fn at(&self, position: usize) -> Option<&ResolvedField> {
        let place = self
            .fields
            .binary_search_by_key(&position, |present| present.position);
        Some(&self.fields[place.ok()?])
    }

    /// The field of this name.
    pub(crate) fn field(&self, name: &str) -> Option<&ResolvedField> {
        let mut names = self.names.get(name.len())?.iter();
        let (_, place) = names.find(|(held, _)| *held == name)?;
        Some(&self.fields[*place])
    }
}

impl ResolvedField {
    /// True if a value, or the lack of one, can break a rule of the field.
    pub(crate) fn has_rules(&self) -> bool {
        !self.required.is_empty() || !self.choices.is_empty() || self.field.max_length.is_some()
    }

    fn new(
        resource: &'static Resource,
        release: Release,
        position: usize,
        field: &'static Field,
    ) -> Self {
        let line = |evidence: &'static Evidence| ResolvedRule::new(resource, release, evidence);
        let defaults = field.default_rules();
        let choices = field.choices_rules();
        Self {
            field,
            position,
            shown: line(&field.evidence).expect("it covers the release"),
            required: field.required_rules().filter_map(line).collect(),
            defaults: defaults
                .filter_map(|(filling, evidence)| Some((filling, line(evidence)?)))
                .collect(),
            choices: choices
                .filter_map(|(choices, evidence)| Some((choices, line(evidence)?)))
                .collect(),
        }
    }
}

impl ResolvedRule {
    /// Nothing when it does not cover the release.
    fn new(
        resource: &'static Resource,
        release: Release,
        evidence: &'static Evidence,
    ) -> Option<Self> {
        let position = match evidence.condition {
            Condition::Always => None,
            Condition::When(name, _) | Condition::Unless(name, _) => resource.position(name),
        };
        evidence
            .covers(release)
            .then_some(Self { evidence, position })
    }

    /// Whether it holds for a record whose fields `value` looks up by where they stand.
    pub(crate) fn holds<'v>(&self, value: impl Fn(usize) -> Option<&'v str>) -> bool {
        let held = || value(self.position?);
        let found = |values: &[&str]| held().is_some_and(|held| values.contains(&held));
        match self.evidence.condition {
            Condition::Always => true,
            Condition::When(_, values) => found(values),
            Condition::Unless(_, values) => !found(values),
        }
    }
}
