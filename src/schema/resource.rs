//! Resources: the kinds of CUPI objects, compiled for one release.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{
    Condition, Description, Evidence, Fact, Field, FieldDescription, Kind, Release, ResourceId,
    Rule, Verb,
};

/// The bytes that are encoded in a segment of a path: all but the unreserved ones, and `*`, which the vendor's own paths
/// contain.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'*');

/// One kind of CUPI object, with the fields and rules of one release.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) id: ResourceId,
    pub(crate) release: Release,
    /// The collection's path below `/vmrest`.
    pub(crate) path: Box<str>,
    /// The root element of a list.
    pub(crate) list_element: Box<str>,
    /// The element of one object.
    pub(crate) element: Box<str>,
    /// The fields, in the order of a response. A record has its values in the same order.
    pub(crate) fields: Box<[Field]>,
    /// The position of the key, the field whose value identifies a record.
    pub(crate) key: usize,
    pub(crate) aliases: Box<[Alias]>,
    /// The actions on an object, each the last segment of a path, without a visible effect.
    pub(crate) actions: Box<[(Box<str>, Evidence)]>,
    /// The evidence for the responses to each verb, in the order of [`Verb::ALL`].
    verbs: [Option<Evidence>; Verb::ALL.len()],
    /// The positions of the fields, grouped by the lengths of their names.
    positions: Box<[Box<[usize]>]>,
    /// The names of the fields that only other releases have.
    other_fields: Box<[Box<str>]>,
}

/// Another path of a resource.
#[derive(Debug)]
pub(crate) struct Alias {
    /// The path below `/vmrest` of the collection.
    pub(crate) path: Box<str>,
    pub(crate) verbs: Box<[Verb]>,
    pub(crate) evidence: Evidence,
}

impl Resource {
    /// Compiles a description. `find` returns the id of the resource with a path.
    pub(super) fn new(
        id: ResourceId,
        description: &Description,
        release: Release,
        find: impl Fn(&str) -> ResourceId,
    ) -> Self {
        // Without the links that no record shows, so that the positions are those in a record.
        let (known, other): (Vec<_>, Vec<_>) = description
            .fields
            .iter()
            .partition(|field| description.has_field(field, release));
        let compiler = FieldCompiler {
            fields: &known,
            release,
            find: &find,
        };
        let fields = known.iter().map(|field| compiler.field(field));
        let fields: Box<[_]> = fields.collect();
        let aliases = description.aliases.iter();
        let aliases = aliases.filter(|alias| alias.fact.covers(release));
        let aliases = aliases.map(|alias| Alias {
            path: alias.path.clone(),
            verbs: alias.verbs.clone().into(),
            evidence: alias.fact.evidence.clone(),
        });
        let key = fields
            .iter()
            .position(|field| field.name == description.key);
        let mut verbs = [const { None }; Verb::ALL.len()];
        for (verb, evidence) in &description.verbs {
            verbs[*verb as usize] = Some(evidence.clone());
        }
        Self {
            id,
            release,
            path: description.path.clone(),
            list_element: description.list_element.clone(),
            element: description.element.clone(),
            key: key.expect("a resource has its key in each of its releases"),
            aliases: aliases.collect(),
            actions: description.actions.clone().into(),
            verbs,
            positions: positions_by_length(&fields),
            other_fields: other.iter().map(|field| field.name.clone()).collect(),
            fields,
        }
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

    /// Returns the position of the field with this name.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        let mut positions = self.positions.get(name.len())?.iter().copied();
        positions.find(|&position| *self.fields[position].name == *name)
    }

    /// Returns the position of the field with this name, in any letter case.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        let mut positions = self.positions.get(name.len())?.iter().copied();
        positions.find(|&position| self.fields[position].name.eq_ignore_ascii_case(name))
    }

    /// True if only other releases have a field with this name.
    pub(crate) fn is_of_other_release(&self, name: &str) -> bool {
        self.other_fields.iter().any(|field| **field == *name)
    }

    /// Returns the absolute path of an object.
    pub(crate) fn object_path(&self, id: &str) -> String {
        let segment = match self.fields[self.key].kind {
            Kind::Guid => Cow::Borrowed(id),
            _ => utf8_percent_encode(id, SEGMENT).into(),
        };
        ["/vmrest/", &self.path, "/", &segment].concat()
    }
}

fn positions_by_length(fields: &[Field]) -> Box<[Box<[usize]>]> {
    let max_length = fields.iter().map(|field| field.name.len()).max();
    let mut positions = vec![Vec::new(); max_length.map_or(0, |length| length + 1)];
    for (position, field) in fields.iter().enumerate() {
        positions[field.name.len()].push(position);
    }
    positions.into_iter().map(Vec::into_boxed_slice).collect()
}

/// Compiles the fields of a resource.
struct FieldCompiler<'d, F> {
    /// The fields of the release.
    fields: &'d [&'d FieldDescription],
    release: Release,
    find: &'d F,
}

impl<F: Fn(&str) -> ResourceId> FieldCompiler<'_, F> {
    fn field(&self, description: &FieldDescription) -> Field {
        let defaults = description.defaults.iter();
        let choices = description.choices.iter();
        let max_length = description.max_length.as_ref();
        let unique = description.unique.as_ref();
        let owner = description.owner.as_ref();
        Field {
            name: description.name.clone(),
            kind: description.kind.clone(),
            access: description.access,
            evidence: description.fact.evidence.clone(),
            shown: self.condition(&description.fact).flatten(),
            required: description
                .required
                .iter()
                .filter_map(|fact| self.rule(fact))
                .collect(),
            defaults: defaults
                .filter_map(|(default, fact)| Some((default.clone(), self.rule(fact)?)))
                .collect(),
            choices: choices
                .filter_map(|(values, fact)| Some((values.clone(), self.rule(fact)?)))
                .collect(),
            max_length: max_length.map(|(length, fact)| (*length, fact.evidence.clone())),
            unique: unique.map(|fact| fact.evidence.clone()),
            owner: owner.map(|(path, fact)| ((self.find)(path), fact.evidence.clone())),
        }
    }

    /// Returns `None` if the rule applies to no record of the release.
    fn rule(&self, fact: &Fact) -> Option<Rule> {
        let condition = self.condition(fact)?;
        fact.covers(self.release).then(|| Rule {
            evidence: fact.evidence.clone(),
            condition,
        })
    }

    /// Returns the condition of a fact, or `None` if it holds for no record: no record has a value in a field that the
    /// release does not have.
    fn condition(&self, fact: &Fact) -> Option<Option<Condition<usize>>> {
        let Some(condition) = fact.condition.clone() else {
            return Some(None);
        };
        let mut fields = self.fields.iter();
        match fields.position(|field| field.name == condition.field) {
            Some(position) => Some(Some(condition.with_field(position))),
            None => condition.is_negated.then_some(None),
        }
    }
}
