//! Descriptions of resources, which cover all releases.

use super::{
    Access, Choices, Condition, DefaultValue, Evidence, Kind, OnDelete, Release, Verb, path,
};

/// The description of one kind of CUPI object.
#[derive(Clone, Debug)]
pub(crate) struct Description {
    /// The path below `/vmrest`: of the collection, or of the only record.
    pub(crate) path: Box<str>,
    /// The root element of a list.
    pub(crate) list_element: Box<str>,
    /// The element of one object.
    pub(crate) element: Box<str>,
    /// The name of the key, the field whose value identifies a record in its collection. `None` if there is only one
    /// record at the path.
    pub(crate) key: Option<Box<str>>,
    /// True if a record may exist without the record that its path names.
    pub(crate) is_parent_optional: bool,
    /// The form of an empty list in JSON.
    pub(crate) empty_list: EmptyList,
    /// True if the behaviour computes the records, which are never stored.
    pub(crate) is_computed: bool,
    /// The name of the function that completes the creation of a record.
    pub(crate) behaviour: Option<Box<str>>,
    /// The first release that has the resource.
    pub(crate) since: Release,
    /// The last release that has the resource, if it was removed.
    pub(crate) until: Option<Release>,
    /// The supported verbs, each with the evidence for its responses.
    pub(crate) verbs: Vec<(Verb, Evidence)>,
    /// The only fields in a list, if it has fewer than an object.
    pub(crate) list_fields: Option<NameList>,
    /// The evidence for the list, if it has only the records that meet its condition.
    pub(crate) list_condition: Option<Fact>,
    /// Other paths of the collection or of its objects.
    pub(crate) aliases: Vec<AliasDescription>,
    pub(crate) actions: Vec<ActionDescription>,
    pub(crate) audio: Vec<AudioDescription>,
    pub(crate) endpoints: Vec<EndpointDescription>,
    pub(crate) views: Vec<ViewDescription>,
    /// The templates that a new record can be copied from.
    pub(crate) templates: Vec<TemplateDescription>,
    pub(crate) order: Option<OrderDescription>,
    /// The records that a client cannot delete.
    pub(crate) undeletable: Vec<UndeletableDescription>,
    /// The fields, in the order of a response.
    pub(crate) fields: Vec<FieldDescription>,
    /// The parts that are missing because of mistakes in them.
    pub(crate) gaps: Gaps,
    /// The byte at which the description begins.
    pub(crate) at: usize,
}

/// The parts of a description that could not be read. A description with gaps is checked, but never served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Gaps {
    /// True if an attribute of the resource is missing, such as its path.
    pub(crate) lacks_attributes: bool,
    /// True if a field, or a rule of a field, is missing.
    pub(crate) lacks_fields: bool,
    /// True if another child is missing, such as an alias.
    pub(crate) lacks_others: bool,
}

/// The form of an empty list in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EmptyList {
    /// An object with the total.
    Total,
    /// `null`.
    Null,
}

/// Another path of a resource.
#[derive(Clone, Debug)]
pub(crate) struct AliasDescription {
    /// The path below `/vmrest` of the collection.
    pub(crate) path: Box<str>,
    /// The verbs that the path supports.
    pub(crate) verbs: Vec<Verb>,
    /// The only fields in the responses at the path. If there are none, they are those at the resource's own path.
    pub(crate) fields: Option<NameList>,
    /// The evidence for the path, the releases that have it, and the condition on its records.
    pub(crate) fact: Fact,
}

/// Names of fields, and the byte of the description at which they are given.
#[derive(Clone, Debug)]
pub(crate) struct NameList {
    pub(crate) names: Box<[Box<str>]>,
    pub(crate) at: usize,
}

/// An action on an object: a `POST` or `PUT` without a visible effect.
#[derive(Clone, Debug)]
pub(crate) struct ActionDescription {
    pub(crate) selector: ActionSelector,
    pub(crate) fact: Fact,
}

/// The part of a request that selects an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ActionSelector {
    /// The last segment of the path, behind that of the object.
    Segment(Box<str>),
    /// The value of the query parameter `method`.
    Method(Box<str>),
}

/// The records that a client cannot delete.
#[derive(Clone, Debug)]
pub(crate) struct UndeletableDescription {
    /// The end of the sentence that begins with such a record, for the response.
    pub(crate) reason: Option<Box<str>>,
    pub(crate) fact: Fact,
}

/// Audio of an object, which `GET` returns and `PUT` replaces at the path of the object and a segment.
#[derive(Clone, Debug)]
pub(crate) struct AudioDescription {
    pub(crate) segment: Box<str>,
    /// The name of the field that refers to the file with the audio.
    pub(crate) field: Box<str>,
    /// True if `PUT` creates the object.
    pub(crate) creates: bool,
    pub(crate) fact: Fact,
}

/// A method at a path that a function of the resource's behaviour serves.
#[derive(Clone, Debug)]
pub(crate) struct EndpointDescription {
    /// The name of the function.
    pub(crate) name: Box<str>,
    pub(crate) method: &'static str,
    /// The path below `/vmrest`, or an absolute path.
    pub(crate) path: Box<str>,
    pub(crate) fact: Fact,
}

/// A read-only list at another path, with the records of the resource.
#[derive(Clone, Debug)]
pub(crate) struct ViewDescription {
    pub(crate) path: Box<str>,
    pub(crate) list_element: Box<str>,
    pub(crate) element: Box<str>,
    /// The only fields in the list. If there are none, it has all of them.
    pub(crate) fields: Option<NameList>,
    pub(crate) fact: Fact,
}

/// A parameter of the query string that selects a record of another resource to copy a new record from.
#[derive(Clone, Debug)]
pub(crate) struct TemplateDescription {
    pub(crate) parameter: Box<str>,
    /// The path of the other resource.
    pub(crate) resource: Box<str>,
    /// The name of the field that the parameter has the value of.
    pub(crate) field: Box<str>,
    /// The fields that the new record does not get.
    pub(crate) except: Option<NameList>,
    pub(crate) fact: Fact,
}

/// The order of a collection, which `PUT` on it sets.
#[derive(Clone, Debug)]
pub(crate) struct OrderDescription {
    /// The name of the field with the place of a record.
    pub(crate) field: Box<str>,
    pub(crate) new_place: NewPlace,
    pub(crate) fact: Fact,
}

/// The place of a new record in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NewPlace {
    First,
    Last,
}

/// A fact: the evidence for it, and the scope in which it holds.
#[derive(Clone, Debug)]
pub(crate) struct Fact {
    pub(crate) evidence: Evidence,
    /// The condition on another field, given by its name.
    pub(crate) condition: Option<Box<Condition<Box<str>>>>,
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
    /// True if the field gets a drawn id.
    pub(crate) is_object_id: bool,
    /// The evidence for the field itself. On a link, the condition selects the records that show it.
    pub(crate) fact: Fact,
    /// The records that must have a value.
    pub(crate) required: Vec<Fact>,
    /// The values that the server fills in on create. The first that applies is used.
    pub(crate) defaults: Vec<(DefaultValue<NamedField>, Fact)>,
    /// The only values that are accepted, in their canonical form.
    pub(crate) choices: Vec<(Choices, Fact)>,
    /// The maximum number of characters.
    pub(crate) max_length: Option<(usize, Fact)>,
    /// The rule that the value is an extension that a caller can dial.
    pub(crate) extension: Option<Fact>,
    /// The minimum and the maximum of a number.
    pub(crate) range: Option<((i32, i32), Fact)>,
    /// The rule that no two records have the same value, without regard to case. With the name of another field, only
    /// records with the same value in that field must differ.
    pub(crate) unique: Option<(Option<Box<str>>, Fact)>,
    pub(crate) reference: Option<Box<ReferenceDescription>>,
    /// The names of the fields that a value in this one clears.
    pub(crate) clears: Vec<(Box<str>, Fact)>,
    /// The fact that an empty element removes the value.
    pub(crate) clearable: Option<Fact>,
    /// The name of the boolean that is false from the time in this field on.
    pub(crate) expiry: Option<(Box<str>, Fact)>,
    /// The source of the value, if it follows from other values.
    pub(crate) computation: Option<Box<ComputationDescription>>,
}

/// A field of another resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedField {
    /// The path of the other resource.
    pub(crate) resource: Box<str>,
    /// The name of the field.
    pub(crate) field: Box<str>,
}

/// A reference to another record.
#[derive(Clone, Debug)]
pub(crate) struct ReferenceDescription {
    /// The path of the other resource.
    pub(crate) resource: Box<str>,
    /// The name of the field of the other record; `None` for its key.
    pub(crate) field: Option<Box<str>>,
    pub(crate) on_delete: OnDelete,
    pub(crate) message: Option<Box<str>>,
    pub(crate) fact: Fact,
}

/// The source of a value that follows from other values. Fields are given by their names.
#[derive(Clone, Debug)]
pub(crate) enum ComputationDescription {
    /// The path of the record itself, or of the record that the field `through` refers to, followed by an ending.
    Path {
        through: Option<Box<str>>,
        ending: Box<str>,
        /// The field with which a record shows its own path.
        with: Option<Box<str>>,
    },
    /// The list of another path, with those objects whose field has the key of the record.
    Query { list: Box<str>, field: Box<str> },
    /// The value of a field of the record that the field `through` refers to.
    Derived { through: Box<str>, field: Box<str> },
}

impl Fact {
    /// Returns a fact about all records in all releases.
    pub(crate) fn of_all(evidence: Evidence, at: usize) -> Self {
        Self {
            evidence,
            condition: None,
            since: Release::ALL[0],
            until: None,
            at,
        }
    }

    /// True if `release` is in scope, whatever the condition.
    pub(crate) fn covers(&self, release: Release) -> bool {
        is_within(release, self.since, self.until)
    }
}

impl FieldDescription {
    pub(crate) fn is_link(&self) -> bool {
        self.kind == Kind::Link
    }

    /// Returns all facts about the field, beginning with that about the field itself.
    pub(crate) fn facts(&self) -> Vec<&Fact> {
        let mut facts = vec![&self.fact];
        facts.extend(&self.required);
        facts.extend(self.defaults.iter().map(|(_, fact)| fact));
        facts.extend(self.choices.iter().map(|(_, fact)| fact));
        facts.extend(self.max_length.as_ref().map(|(_, fact)| fact));
        facts.extend(self.extension.as_ref());
        facts.extend(self.range.as_ref().map(|(_, fact)| fact));
        facts.extend(self.unique.as_ref().map(|(_, fact)| fact));
        facts.extend(self.reference.as_ref().map(|reference| &reference.fact));
        facts.extend(self.clears.iter().map(|(_, fact)| fact));
        facts.extend(self.clearable.as_ref());
        facts.extend(self.expiry.as_ref().map(|(_, fact)| fact));
        facts
    }
}

impl Description {
    /// True if `release` has the resource.
    pub(crate) fn is_in(&self, release: Release) -> bool {
        is_within(release, self.since, self.until)
    }

    /// True if a fact holds for no record of the release, because its condition requires a value in a field that the
    /// release does not have.
    pub(crate) fn excludes(&self, fact: &Fact, release: Release) -> bool {
        fact.condition.as_ref().is_some_and(|condition| {
            let field = self
                .position(&condition.field)
                .map(|position| &self.fields[position]);
            let exists = field.is_some_and(|field| field.fact.covers(release));
            !exists && !condition.is_negated
        })
    }

    /// True if the collection has this path, too.
    pub(crate) fn has_alias(&self, path: &str) -> bool {
        let mut aliases = self.aliases.iter();
        aliases.any(|alias| path::is_same(&alias.path, path))
    }

    /// Returns the path of the collection whose record the value of a field selects in the path: `users` for the field
    /// `A` in `users/{A}/accounts`.
    pub(crate) fn parent_named_by(&self, field: &str) -> Option<&str> {
        let parameter = self.path.find(&format!("/{{{field}}}"))?;
        Some(&self.path[..parameter])
    }

    /// Returns the position of the field with this name.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| *field.name == *name)
    }
}

fn is_within(release: Release, since: Release, until: Option<Release>) -> bool {
    since <= release && until.is_none_or(|until| release <= until)
}
