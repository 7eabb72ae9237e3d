//! Resources: the kinds of CUPI objects, as described and as resolved for a release.

use std::{fmt, sync::OnceLock};

use super::{Condition, DefaultValue, Evidence, Release, Verb};

mod field;

pub(crate) use field::{Access, Field, Kind, boolean, date_time, guid, integer, link, text};

/// One kind of CUPI object.
pub(crate) struct Resource {
    /// The collection's path below `/vmrest`.
    pub(crate) path: &'static str,
    /// The root element of a list.
    pub(crate) list_element: &'static str,
    /// The element of one object.
    pub(crate) element: &'static str,
    /// The fields, in the order of a response.
    pub(crate) fields: &'static [Field],
    /// The position of the key, the field whose value identifies a record.
    pub(crate) key: usize,
    /// The last release that has the resource, if it was removed.
    until: Option<Release>,
    /// The resource that the path of the collection lists in later releases than `until`.
    pub(crate) successor: Option<(&'static Resource, Evidence)>,
    /// The evidence for the responses to each verb, in the order of [`Verb::ALL`].
    verbs: [Option<Evidence>; Verb::ALL.len()],
    /// The resource resolved for each release, in the order of [`Release::ALL`].
    resolved: [OnceLock<ResolvedResource>; Release::ALL.len()],
}

/// The position of the ObjectId, the key of every resource that names no other key.
const OBJECT_ID: usize = 1;

impl Resource {
    pub(crate) const fn new(
        path: &'static str,
        list_element: &'static str,
        element: &'static str,
    ) -> Self {
        Self {
            path,
            list_element,
            element,
            fields: &[],
            key: OBJECT_ID,
            until: None,
            successor: None,
            verbs: [None; Verb::ALL.len()],
            resolved: [const { OnceLock::new() }; Release::ALL.len()],
        }
    }

    /// Sets the fields, in the order of a response.
    pub(crate) const fn fields(mut self, fields: &'static [Field]) -> Self {
        self.fields = fields;
        self
    }

    /// Makes the field at this position the key, instead of the ObjectId.
    pub(crate) const fn key(mut self, position: usize) -> Self {
        self.key = position;
        self
    }

    /// Limits the resource to `release` and earlier ones. In later ones, the path of the collection lists `successor`.
    pub(crate) const fn until(
        mut self,
        release: Release,
        successor: &'static Self,
        evidence: Evidence,
    ) -> Self {
        self.until = Some(release);
        self.successor = Some((successor, evidence));
        self
    }

    /// True if `release` has the resource.
    pub(crate) fn is_in(&self, release: Release) -> bool {
        self.until.is_none_or(|until| release <= until)
    }

    /// Adds a verb, with the evidence for its responses.
    pub(crate) const fn takes(mut self, verb: Verb, evidence: Evidence) -> Self {
        self.verbs[verb as usize] = Some(evidence);
        self
    }

    /// Returns the evidence for the responses to `verb`, if the resource supports it.
    pub(crate) fn verb(&self, verb: Verb) -> Option<&Evidence> {
        self.verbs[verb as usize].as_ref()
    }

    /// Returns the verbs of the collection, or of an object.
    pub(crate) fn verbs(&self, of_collection: bool) -> impl Iterator<Item = Verb> {
        Verb::ALL.into_iter().filter(move |verb| {
            verb.is_of_collection() == of_collection && self.verb(*verb).is_some()
        })
    }

    /// Returns the resource resolved for a release.
    pub(crate) fn for_release(&'static self, release: Release) -> &'static ResolvedResource {
        self.resolved[release as usize].get_or_init(|| ResolvedResource::new(self, release))
    }

    /// Returns the position of the field with this name.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// Returns the position of the field with this name, in any letter case, if `release` has it.
    pub(crate) fn column(&self, release: Release, name: &str) -> Option<usize> {
        self.fields
            .iter()
            .position(|field| field.is_in(release) && field.name.eq_ignore_ascii_case(name))
    }

    /// Returns the absolute path of an object.
    pub(crate) fn object_path(&self, id: &str) -> String {
        ["/vmrest/", self.path, "/", id].concat()
    }
}

/// Returns the first field of most resources: their own path.
pub(crate) const fn uri(evidence: Evidence) -> Field {
    link("URI", "", evidence)
}

/// Returns the second field of most resources: their key.
pub(crate) const fn object_id(evidence: Evidence) -> Field {
    guid("ObjectId", evidence)
        .read_only()
        .required(evidence)
        .unique(evidence)
}

/// Shows only the path, because a resolved resource refers back to its resource.
impl fmt::Debug for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Resource").field(&self.path).finish()
    }
}

/// A resource with the fields and rules of one release. It is made once per release.
#[derive(Debug)]
pub(crate) struct ResolvedResource {
    pub(crate) resource: &'static Resource,
    /// The fields of the release, in the order of a response.
    pub(crate) fields: Box<[ResolvedField]>,
    /// The names of the fields with their indexes in `fields`, grouped by the length of the name.
    names: Box<[Vec<(&'static str, usize)>]>,
}

/// A field of a release, with the rules of that release.
#[derive(Debug)]
pub(crate) struct ResolvedField {
    pub(crate) definition: &'static Field,
    /// The position of the field in a record.
    pub(crate) position: usize,
    /// On a link, the rule for the records that show it.
    pub(crate) shown: ResolvedRule,
    pub(crate) required: Box<[ResolvedRule]>,
    /// The defaults, of which the first that applies is used.
    pub(crate) defaults: Box<[(DefaultValue, ResolvedRule)]>,
    pub(crate) choices: Box<[(&'static [&'static str], ResolvedRule)]>,
}

/// A rule of a release.
#[derive(Debug)]
pub(crate) struct ResolvedRule {
    pub(crate) evidence: &'static Evidence,
    /// The position of the field that the condition names.
    position: Option<usize>,
}

impl ResolvedResource {
    pub(super) fn new(resource: &'static Resource, release: Release) -> Self {
        let fields: Box<[_]> = resource
            .fields
            .iter()
            .enumerate()
            .filter_map(|(position, field)| ResolvedField::new(resource, release, position, field))
            .collect();
        let max_length = fields.iter().map(|field| field.definition.name.len()).max();
        let mut names = vec![Vec::new(); max_length.map_or(0, |length| length + 1)];
        for (index, field) in fields.iter().enumerate() {
            let name = field.definition.name;
            names[name.len()].push((name, index));
        }
        Self {
            resource,
            fields,
            names: names.into(),
        }
    }

    /// Returns the field at this position in a record, if the release has it.
    pub(crate) fn at(&self, position: usize) -> Option<&ResolvedField> {
        let index = self
            .fields
            .binary_search_by_key(&position, |field| field.position);
        Some(&self.fields[index.ok()?])
    }

    /// Returns the field with this name, if the release has it.
    pub(crate) fn field(&self, name: &str) -> Option<&ResolvedField> {
        let mut names = self.names.get(name.len())?.iter();
        let (_, index) = names.find(|(known, _)| *known == name)?;
        Some(&self.fields[*index])
    }
}

impl ResolvedField {
    /// Returns `None` if the release does not have the field.
    fn new(
        resource: &'static Resource,
        release: Release,
        position: usize,
        definition: &'static Field,
    ) -> Option<Self> {
        let rule = |evidence: &'static Evidence| ResolvedRule::new(resource, release, evidence);
        let defaults = definition.default_rules();
        let choices = definition.choices_rules();
        Some(Self {
            definition,
            position,
            shown: rule(&definition.evidence)?,
            required: definition.required_rules().filter_map(rule).collect(),
            defaults: defaults
                .filter_map(|(default, evidence)| Some((default, rule(evidence)?)))
                .collect(),
            choices: choices
                .filter_map(|(choices, evidence)| Some((choices, rule(evidence)?)))
                .collect(),
        })
    }

    /// True if a value, or the lack of one, can break a rule of the field.
    pub(crate) fn has_rules(&self) -> bool {
        !self.required.is_empty()
            || !self.choices.is_empty()
            || self.definition.max_length.is_some()
    }
}

impl ResolvedRule {
    /// Returns `None` if the evidence does not cover the release.
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

    /// True if the rule applies to a record; `value` returns the record's value at a position.
    pub(crate) fn applies<'v>(&self, value: impl Fn(usize) -> Option<&'v str>) -> bool {
        let is_one_of = |values: &[&str]| {
            let value = self.position.and_then(&value);
            value.is_some_and(|value| values.contains(&value))
        };
        match self.evidence.condition {
            Condition::Always => true,
            Condition::When(_, values) => is_one_of(values),
            Condition::Unless(_, values) => !is_one_of(values),
        }
    }
}
