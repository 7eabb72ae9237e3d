//! Resources: the kinds of CUPI objects, compiled for one release.

use std::{borrow::Cow, ops::Deref, panic::UnwindSafe, sync::LazyLock};

use super::{
    ActionSelector, Condition, EmptyList, Evidence, Field, Kind, NewPlace, PathTemplate, Release,
    ResourceId, Rule, Verb, path,
};

/// The length of most keys.
const GUID_LENGTH: usize = 36;

/// One kind of CUPI object, with the fields and rules of one release. It dereferences to its shape, which is compiled at its
/// first use.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) id: ResourceId,
    pub(crate) release: Release,
    /// The path of the collection, or of the only record.
    pub(crate) path: PathTemplate,
    /// The root element of a list.
    pub(crate) list_element: Box<str>,
    /// The element of one object.
    pub(crate) element: Box<str>,
    pub(super) is_singleton: bool,
    /// The resource of the records below which there are collections of this one, if it exists.
    pub(crate) parent: Option<ResourceId>,
    /// True if a record may exist without its parent.
    pub(crate) is_parent_optional: bool,
    /// The form of an empty list in JSON.
    pub(crate) empty_list: EmptyList,
    /// True if the behaviour computes the records, which are never stored.
    pub(crate) is_computed: bool,
    pub(crate) behaviour: Option<Box<str>>,
    pub(crate) aliases: Box<[Alias]>,
    pub(crate) actions: Box<[Action]>,
    pub(crate) audio: Box<[Audio]>,
    pub(crate) endpoints: Box<[Endpoint]>,
    pub(crate) views: Box<[View]>,
    /// The evidence for `PUT` on the collection, if that sets the order of the records.
    pub(crate) order_evidence: Option<Evidence>,
    /// The evidence for the responses to each verb, in the order of [`Verb::ALL`].
    pub(super) verbs: [Option<Evidence>; Verb::ALL.len()],
    /// The paths of the resources that a description refers to which may not have been read yet.
    pub(super) mentioned: Option<Mentions>,
    pub(super) shape: LazyShape,
}

/// The paths that the text of a description mentions as those of resources, found at the first use.
pub(super) type Mentions =
    LazyLock<Vec<&'static str>, Box<dyn FnOnce() -> Vec<&'static str> + Send + Sync + UnwindSafe>>;

/// The shape of a resource, compiled at its first use.
pub(super) type LazyShape =
    LazyLock<Box<Shape>, Box<dyn FnOnce() -> Box<Shape> + Send + Sync + UnwindSafe>>;

/// The fields of a resource, and their positions.
#[derive(Debug)]
pub(crate) struct Shape {
    /// The fields, in the order of a response. A record has its values in the same order.
    pub(crate) fields: Box<[Field]>,
    /// The position of the key, the field whose value identifies a record in its collection. `None` if there is only one
    /// record at the path.
    pub(crate) key: Option<usize>,
    /// The position of the field that gets a drawn id.
    pub(crate) object_id: Option<usize>,
    /// The positions of the fields whose values are in the path.
    pub(crate) parameters: Box<[usize]>,
    /// The positions of the same values in the parent, if it exists.
    pub(crate) parent_fields: Box<[usize]>,
    /// The shape of each alias.
    pub(crate) alias_shapes: Box<[PathShape]>,
    /// The positions of the only fields in a list, if it has fewer than an object.
    pub(crate) list_fields: Option<Box<[usize]>>,
    /// The condition on the records in a list, unless it has all of them.
    pub(crate) list_condition: Option<Box<Condition<usize>>>,
    /// The positions of the fields that refer to the files with audio, of each [`Audio`].
    pub(crate) audio_fields: Box<[usize]>,
    /// The positions of the fields that refer to files: records with bytes.
    pub(crate) file_fields: Box<[usize]>,
    /// The shape of each view.
    pub(crate) view_shapes: Box<[PathShape]>,
    pub(crate) templates: Box<[Template]>,
    pub(crate) order: Option<RecordOrder>,
    /// The rules for the records that a client cannot delete.
    pub(crate) undeletable: Box<[UndeletableRule]>,
    pub(crate) expiries: Box<[Expiry]>,
    /// True if a field has the value of another record's field.
    pub(crate) has_derived_fields: bool,
    /// The positions of the fields, grouped by the lengths of their names.
    pub(super) positions: Box<[Box<[usize]>]>,
    /// The names of the fields that only other releases have.
    pub(super) other_fields: Box<[Box<str>]>,
}

/// A rule for the records that a client cannot delete, and the reason in the response.
pub(crate) type UndeletableRule = (Rule, Option<Box<str>>);

/// The rule that a boolean of a record is false from a time on.
#[derive(Debug)]
pub(crate) struct Expiry {
    /// The position of the field with the time.
    pub(crate) time: usize,
    /// The position of the boolean.
    pub(crate) switch: usize,
    pub(crate) rule: Rule,
}

/// The order of the records of a collection, which `PUT` on it sets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RecordOrder {
    /// The position of the field with the place of a record.
    pub(crate) field: usize,
    pub(crate) new_place: NewPlace,
}

/// Another path of a resource.
#[derive(Debug)]
pub(crate) struct Alias {
    /// The path of the collection.
    pub(crate) path: PathTemplate,
    pub(crate) verbs: Box<[Verb]>,
    pub(crate) evidence: Evidence,
}

/// An action on an object: a `POST` or `PUT` without a visible effect.
#[derive(Debug)]
pub(crate) struct Action {
    pub(crate) selector: ActionSelector,
    pub(crate) evidence: Evidence,
}

/// Audio of an object, at the path of the object and a segment.
#[derive(Debug)]
pub(crate) struct Audio {
    pub(crate) segment: Box<str>,
    /// True if `PUT` creates the object.
    pub(crate) creates: bool,
    pub(crate) evidence: Evidence,
}

/// A method at a path that a function of the resource's behaviour serves.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// The name of the function.
    pub(crate) name: Box<str>,
    pub(crate) method: &'static str,
    /// The path below `/vmrest`, or an absolute path.
    pub(crate) path: Box<str>,
    pub(crate) evidence: Evidence,
}

/// A read-only list at another path, with the records of a resource.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) path: PathTemplate,
    pub(crate) list_element: Box<str>,
    pub(crate) element: Box<str>,
    pub(crate) evidence: Evidence,
}

/// The positions of the fields at another path of a resource: that of a view or of an alias.
#[derive(Debug)]
pub(crate) struct PathShape {
    /// Those whose values are in the path.
    pub(crate) parameters: Box<[usize]>,
    /// The only ones in responses, if they are given.
    pub(crate) fields: Option<Box<[usize]>>,
    /// The condition on the records at the path, unless it has all of them.
    pub(crate) condition: Option<Box<Condition<usize>>>,
}

/// A parameter of the query string that selects a record of another resource to copy a new record from.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) parameter: Box<str>,
    pub(crate) resource: ResourceId,
    /// The position of the field of the other resource that the parameter has the value of.
    pub(crate) field: usize,
    /// The positions of the fields that the new record does not get.
    pub(crate) except: Box<[usize]>,
    pub(crate) evidence: Evidence,
}

impl Deref for Resource {
    type Target = Shape;

    fn deref(&self) -> &Shape {
        &self.shape
    }
}

impl Resource {
    /// True if there is only one record at the path.
    pub(crate) fn is_singleton(&self) -> bool {
        self.is_singleton
    }

    /// True if a field may refer to a record of `other`, or be derived from one. It is not exact, so that a description need
    /// not be read to find out.
    pub(super) fn may_refer_to(&self, other: &Self) -> bool {
        let mentions = |paths: &Mentions| paths.contains(&other.path.as_str());
        self.parent == Some(other.id) || self.mentioned.as_ref().is_none_or(mentions)
    }

    /// Returns the rule by which a client cannot delete a record; `value` returns its value at a position.
    pub(crate) fn undeletable_rule<'v>(
        &self,
        value: impl Fn(usize) -> Option<&'v str> + Copy,
    ) -> Option<&UndeletableRule> {
        let mut rules = self.undeletable.iter();
        rules.find(|(rule, _)| rule.applies(value))
    }

    /// Returns the positions of the fields that a copy of a record of `other` takes over: in that resource, and in this one.
    pub(crate) fn fields_shared_with<'r>(
        &'r self,
        other: &'r Self,
    ) -> impl Iterator<Item = (usize, usize)> + 'r {
        let fields = self.fields.iter().enumerate();
        fields.filter_map(move |(position, field)| {
            let is_own = field.unique.is_some()
                || field.computation.is_some()
                || field.access.is_read_only()
                || self.object_id == Some(position)
                || self.identity().any(|part| part == position)
                || self.order.is_some_and(|order| order.field == position);
            let from = other.position(&field.name).filter(|_| !is_own)?;
            let source = &other.fields[from];
            // A secret is not copied to a field that shows it.
            let is_alike =
                source.kind == field.kind && source.access.is_hidden() == field.access.is_hidden();
            is_alike.then_some((from, position))
        })
    }

    /// Returns the positions of the fields whose values identify a record, beginning with those in the path.
    pub(crate) fn identity(&self) -> impl Iterator<Item = usize> {
        let parents = self.parameters.iter().copied();
        parents.chain(self.key)
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

    /// True if the last field in the path has a reference of its own.
    pub(crate) fn has_reference_to_parent(&self) -> bool {
        let last = self.parameters.last();
        last.is_some_and(|position| self.fields[*position].reference.is_some())
    }

    /// Returns the resource of the record that the field at a position refers to.
    pub(crate) fn target(&self, position: usize) -> Option<ResourceId> {
        match &self.fields[position].reference {
            Some(reference) => Some(reference.resource),
            None => self
                .parent
                .filter(|_| self.parameters.last() == Some(&position)),
        }
    }

    /// Returns the positions of the fields in the list of a view.
    pub(crate) fn view_fields(&self, view: usize) -> Cow<'_, [usize]> {
        match &self.view_shapes[view].fields {
            Some(fields) => Cow::Borrowed(fields),
            None => (0..self.fields.len()).collect(),
        }
    }

    /// Returns the absolute path of a record, followed by an ending; `value` returns its value at a position.
    pub(crate) fn record_path<'v>(
        &self,
        ending: &str,
        value: impl Fn(usize) -> Option<&'v str>,
    ) -> String {
        let length = self.path.as_str().len() + GUID_LENGTH + ending.len();
        let mut path = String::with_capacity("/vmrest//".len() + length);
        let values = self.parameters.iter();
        self.path
            .fill(&mut path, values.map(|position| value(*position)));
        if let Some(key) = self.key {
            path.push('/');
            let value = value(key).unwrap_or_default();
            match self.fields[key].kind {
                Kind::Guid => path.push_str(value),
                _ => path.push_str(&path::encoded(value)),
            }
        }
        path.push_str(ending);
        path
    }
}

pub(super) fn positions_by_length(fields: &[Field]) -> Box<[Box<[usize]>]> {
    let max_length = fields.iter().map(|field| field.name.len()).max();
    let mut positions = vec![Vec::new(); max_length.map_or(0, |length| length + 1)];
    for (position, field) in fields.iter().enumerate() {
        positions[field.name.len()].push(position);
    }
    positions.into_iter().map(Vec::into_boxed_slice).collect()
}
