//! Descriptions of resources, which cover all releases.

use super::{Access, Choices, Condition, DefaultValue, Evidence, Kind, Release, Verb};

/// The description of one kind of CUPI object.
#[derive(Clone, Debug)]
pub(crate) struct Description {
    /// The collection's path below `/vmrest`.
    pub(crate) path: Box<str>,
    /// The root element of a list.
    pub(crate) list_element: Box<str>,
    /// The element of one object.
    pub(crate) element: Box<str>,
    /// The name of the key, the field whose value identifies a record.
    pub(crate) key: Box<str>,
    /// The first release that has the resource.
    pub(crate) since: Release,
    /// The last release that has the resource, if it was removed.
    pub(crate) until: Option<Release>,
    /// The supported verbs, each with the evidence for its responses.
    pub(crate) verbs: Vec<(Verb, Evidence)>,
    /// Other paths of the collection or of its objects.
    pub(crate) aliases: Vec<AliasDescription>,
    /// The actions on an object, each the last segment of a path, without a visible effect.
    pub(crate) actions: Vec<(Box<str>, Evidence)>,
    /// The fields, in the order of a response.
    pub(crate) fields: Vec<FieldDescription>,
    /// The byte at which the description begins.
    pub(crate) at: usize,
}

/// Another path of a resource.
#[derive(Clone, Debug)]
pub(crate) struct AliasDescription {
    /// The path below `/vmrest` of the collection.
    pub(crate) path: Box<str>,
    /// The verbs that the path supports.
    pub(crate) verbs: Vec<Verb>,
    /// The evidence for the path, and the releases that have it.
    pub(crate) fact: Fact,
}

/// A fact: the evidence for it, and the scope in which it holds.
#[derive(Clone, Debug)]
pub(crate) struct Fact {
    pub(crate) evidence: Evidence,
    /// The condition on another field, given by its name.
    pub(crate) condition: Option<Condition<Box<str>>>,
    /// The first release in which it holds.
    pub(crate) since: Release,
    /// The last release in which it holds, if it has ended.
    pub(crate) until: Option<Release>,
    /// The byte of the description at which the fact is given.
    pub(crate) at: usize,
}

/// The description of a field: its name, kind, access and rules.
#[derive(Clone, Debug)]
pub(crate) struct FieldDescription {
    pub(crate) name: Box<str>,
    pub(crate) kind: Kind,
    pub(crate) access: Access,
    /// The evidence for the field itself. On a link, the condition selects the records that show it.
    pub(crate) fact: Fact,
    /// The records that must have a value.
    pub(crate) required: Vec<Fact>,
    /// The values that the server fills in on create. The first that applies is used.
    pub(crate) defaults: Vec<(DefaultValue, Fact)>,
    /// The only values that are accepted, in their canonical form.
    pub(crate) choices: Vec<(Choices, Fact)>,
    /// The maximum number of characters.
    pub(crate) max_length: Option<(usize, Fact)>,
    /// The fact that no two records have the same value, without regard to case.
    pub(crate) unique: Option<Fact>,
    /// The path of the resource of the owner. The value is the owner's ObjectId; the record is deleted with its owner.
    pub(crate) owner: Option<(Box<str>, Fact)>,
}

impl Fact {
    /// True if `release` is in scope, whatever the condition.
    pub(crate) fn covers(&self, release: Release) -> bool {
        is_within(release, self.since, self.until)
    }
}

impl FieldDescription {
    pub(crate) fn is_link(&self) -> bool {
        matches!(self.kind, Kind::Link(_))
    }

    /// Returns all facts about the field, beginning with that about the field itself.
    pub(crate) fn facts(&self) -> impl Iterator<Item = &Fact> {
        let required = self.required.iter();
        let defaults = self.defaults.iter().map(|(_, fact)| fact);
        let choices = self.choices.iter().map(|(_, fact)| fact);
        let max_length = self.max_length.iter().map(|(_, fact)| fact);
        let owner = self.owner.iter().map(|(_, fact)| fact);
        [&self.fact]
            .into_iter()
            .chain(required)
            .chain(defaults)
            .chain(choices)
            .chain(max_length)
            .chain(&self.unique)
            .chain(owner)
    }
}

impl Description {
    /// True if `release` has the resource.
    pub(crate) fn is_in(&self, release: Release) -> bool {
        is_within(release, self.since, self.until)
    }

    /// True if `release` has the field, and some record can show it: none has a value in a field that the release does not
    /// have, so a condition on such a field holds only if it is negated.
    pub(super) fn has_field(&self, field: &FieldDescription, release: Release) -> bool {
        let condition = field.fact.condition.as_ref();
        let can_hold = condition.is_none_or(|condition| {
            let mut fields = self.fields.iter();
            condition.is_negated
                || fields.any(|field| field.name == condition.field && field.fact.covers(release))
        });
        field.fact.covers(release) && can_hold
    }

    /// Returns the position of the field with this name.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| *field.name == *name)
    }
}

fn is_within(release: Release, since: Release, until: Option<Release>) -> bool {
    since <= release && until.is_none_or(|until| release <= until)
}
