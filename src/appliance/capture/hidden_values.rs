//! Values that no response shows, but other values reveal.

use std::collections::BTreeMap;

use super::CapturedKind;
use crate::{
    appliance::object::Object,
    schema::{Access, Catalogue, Computation, DefaultValue, Field, Kind, Resource},
    store::fold,
};

/// A value of a field of another object, which a captured object reveals.
struct RevealedValue {
    /// The path of the other resource.
    path: String,
    /// The field that identifies the other object, and its value.
    identity: (String, String),
    field: String,
    value: String,
}

/// Fills in the values that other values reveal, an empty text for each mandatory secret, and keys that no
/// response shows.
/// `witnesses` are lists that the server computes from others.
pub(super) fn fill_in(
    catalogue: &Catalogue,
    kinds: &mut [CapturedKind],
    witnesses: &[CapturedKind],
) {
    for kind in kinds.iter_mut() {
        if let Some(resource) = kind.resource(catalogue) {
            for object in &mut kind.objects {
                fill_in_references(resource, object);
                fill_in_secrets(resource, object);
                fill_in_key(resource, object);
                fill_in_defaults(resource, object);
            }
        }
    }
    let mut revealed = Vec::new();
    for kind in kinds.iter() {
        if let Some(resource) = kind.resource(catalogue) {
            for object in &kind.objects {
                revealed.extend(revealed_values(catalogue, resource, object));
            }
            revealed.extend(sources(catalogue, resource, kind, kinds));
            revealed.extend(owners(catalogue, resource, kind, kinds));
        }
    }
    for witness in witnesses {
        revealed.extend(shown_values(catalogue, witness, kinds));
    }
    let mut indexes: BTreeMap<(String, String), BTreeMap<String, usize>> = BTreeMap::new();
    for RevealedValue {
        path,
        identity: (name, id),
        field,
        value,
    } in revealed
    {
        let Some(kind) = kinds.iter_mut().find(|kind| kind.path == path) else {
            continue;
        };
        let index = indexes.entry((path, name));
        let index = index.or_insert_with_key(|(_, name)| kind.index(name));
        let found = index
            .get(&*fold(&id))
            .map(|number| &mut kind.objects[*number]);
        if let Some(object) = found.filter(|object| object.get(&field).is_none()) {
            object.set(&field, value);
        }
    }
}

/// Returns the internal values of objects that a computed list shows, under the same id.
fn shown_values(
    catalogue: &Catalogue,
    witness: &CapturedKind,
    kinds: &[CapturedKind],
) -> Vec<RevealedValue> {
    const OBJECT_ID: &str = "ObjectId";
    let mut revealed = Vec::new();
    for resource in kinds.iter().filter_map(|kind| kind.resource(catalogue)) {
        let internal = resource
            .fields
            .iter()
            .filter(|field| field.access == Access::Internal);
        let internal: Vec<_> = internal.collect();
        let has_id = resource
            .key
            .is_some_and(|key| *resource.fields[key].name == *OBJECT_ID);
        for object in witness
            .objects
            .iter()
            .filter(|_| has_id && !internal.is_empty())
        {
            let Some(id) = object.get(OBJECT_ID) else {
                continue;
            };
            let shown = internal
                .iter()
                .filter_map(|field| Some((field, object.get(&field.name)?)));
            revealed.extend(shown.map(|(field, value)| RevealedValue {
                path: resource.path.to_string(),
                identity: (OBJECT_ID.to_owned(), id.to_owned()),
                field: field.name.to_string(),
                value: value.to_owned(),
            }));
        }
    }
    revealed
}

/// Fills in references that only a link to the other object shows.
pub(super) fn fill_in_references(resource: &Resource, object: &mut Object) {
    for field in &resource.fields {
        let Some(Computation::PathThrough {
            through,
            collection,
            ending,
        }) = field.computation.as_deref()
        else {
            continue;
        };
        let name = &resource.fields[*through].name;
        let link = object
            .get(&field.name)
            .filter(|_| object.get(name).is_none());
        let value = link.and_then(|link| link.strip_prefix(&**collection)?.strip_suffix(&**ending));
        let value = value.filter(|value| !value.is_empty() && !value.contains('/'));
        if let Some(value) = value.map(str::to_owned) {
            object.set(name, value);
        }
    }
}

/// Fills in an empty text for each secret that the object must have.
fn fill_in_secrets(resource: &Resource, object: &mut Object) {
    let is_missing = |field: &Field| {
        let value = |position: usize| object.get(&resource.fields[position].name);
        let mut required = field.required.iter();
        field.access.is_hidden()
            && object.get(&field.name).is_none()
            && required.any(|rule| rule.applies(value))
    };
    let missing = resource.fields.iter().filter(|field| is_missing(field));
    let missing: Vec<_> = missing.map(|field| field.name.clone()).collect();
    for name in missing {
        object.set(&name, "");
    }
}

/// Fills in the defaults of internal fields.
fn fill_in_defaults(resource: &Resource, object: &mut Object) {
    for field in &resource.fields {
        if field.access != Access::Internal || object.get(&field.name).is_some() {
            continue;
        }
        let value = |position: usize| object.get(&resource.fields[position].name);
        let mut defaults = field.defaults.iter();
        let default = defaults.find(|(_, rule)| rule.applies(value));
        if let Some((DefaultValue::Value(default), _)) = default {
            object.set(&field.name, default.to_string());
        }
    }
}

/// Fills in a key that no response shows: the values of the object, which differ from those of the others.
fn fill_in_key(resource: &Resource, object: &mut Object) {
    let Some(field) = resource.key.map(|key| &resource.fields[key]) else {
        return;
    };
    if !field.access.is_shown() && field.kind == Kind::Text && object.get(&field.name).is_none() {
        let values: Vec<_> = object
            .fields
            .iter()
            .map(|(_, value)| value.as_str())
            .collect();
        let key = values.join("-");
        object.set(&field.name, key);
    }
}

/// Returns the values of other objects that an object reveals: that of a field derived from one, and the object above it,
/// which owns one that it refers to.
fn revealed_values<'r>(
    catalogue: &'r Catalogue,
    resource: &'r Resource,
    object: &'r Object,
) -> impl Iterator<Item = RevealedValue> + 'r {
    let value = |position: usize| object.get(&resource.fields[position].name);
    let derived = resource.fields.iter().filter_map(move |field| {
        let Some(Computation::Derived {
            through,
            field: source,
        }) = field.computation.as_deref()
        else {
            return None;
        };
        let reference = resource.fields[*through].reference.as_ref()?;
        let other = &catalogue[reference.resource];
        Some(RevealedValue {
            path: other.path.to_string(),
            identity: (
                other.fields[reference.field].name.to_string(),
                value(*through)?.to_owned(),
            ),
            field: other.fields[*source].name.to_string(),
            value: object.get(&field.name)?.to_owned(),
        })
    });
    let parameters = resource.parameters.iter();
    let owned = parameters.flat_map(move |&parameter| {
        let name = &resource.fields[parameter].name;
        resource.fields.iter().filter_map(move |field| {
            let reference = field.reference.as_ref()?;
            let other = &catalogue[reference.resource];
            let position = other.position(name)?;
            let is_hidden = !other.fields[position].access.is_shown();
            Some(RevealedValue {
                path: other.path.to_string(),
                identity: (
                    other.fields[reference.field].name.to_string(),
                    object.get(&field.name)?.to_owned(),
                ),
                field: name.to_string(),
                value: value(parameter)?.to_owned(),
            })
            .filter(|_| is_hidden)
        })
    });
    derived.chain(owned)
}

/// Returns the references that a derived value reveals, because one object has the value.
fn sources(
    catalogue: &Catalogue,
    resource: &Resource,
    kind: &CapturedKind,
    kinds: &[CapturedKind],
) -> Vec<RevealedValue> {
    let mut revealed = Vec::new();
    let Some(key) = resource.key.map(|key| &resource.fields[key].name) else {
        return revealed;
    };
    for field in &resource.fields {
        let Some(Computation::Derived {
            through,
            field: source,
        }) = field.computation.as_deref()
        else {
            continue;
        };
        let through = &resource.fields[*through];
        let Some(reference) = through
            .reference
            .as_ref()
            .filter(|_| !through.access.is_shown())
        else {
            continue;
        };
        let other = &catalogue[reference.resource];
        let Some(others) = kinds.iter().find(|kind| kind.path == other.path.as_str()) else {
            continue;
        };
        let source = &other.fields[*source].name;
        let by_value = others.index(source);
        // The value of several objects reveals none of them.
        if by_value.len() < others.objects.len() {
            continue;
        }
        for object in &kind.objects {
            let (Some(id), Some(value)) = (object.get(key), object.get(&field.name)) else {
                continue;
            };
            let found = by_value
                .get(&*fold(value))
                .map(|number| &others.objects[*number]);
            let found = found.and_then(|found| found.get(&other.fields[reference.field].name));
            revealed.extend(found.map(|found| RevealedValue {
                path: resource.path.to_string(),
                identity: (key.to_string(), id.to_owned()),
                field: through.name.to_string(),
                value: found.to_owned(),
            }));
        }
    }
    revealed
}

/// Returns the hidden references of other objects to those of a kind: an object belongs to the one that refers to it, if
/// no two refer to the same one.
fn owners(
    catalogue: &Catalogue,
    resource: &Resource,
    kind: &CapturedKind,
    kinds: &[CapturedKind],
) -> Vec<RevealedValue> {
    let mut revealed = Vec::new();
    let Some(key) = resource.key.map(|key| &resource.fields[key].name) else {
        return revealed;
    };
    for owned in kinds.iter().filter_map(|kind| kind.resource(catalogue)) {
        let mut hidden = owned.fields.iter().filter(|field| {
            let reference = field.reference.as_ref();
            let is_to_kind = reference.is_some_and(|reference| reference.resource == resource.id);
            is_to_kind && !field.access.is_shown()
        });
        let Some(back) = hidden.next() else { continue };
        let referring = resource.fields.iter().find(|field| {
            let reference = field.reference.as_ref();
            reference.is_some_and(|reference| reference.resource == owned.id)
                && differs_in_each(kind, &field.name)
        });
        let Some(referring) = referring else { continue };
        let Some(owned_key) = owned.key.map(|key| &owned.fields[key].name) else {
            continue;
        };
        for object in &kind.objects {
            if let (Some(id), Some(owner)) = (object.get(&referring.name), object.get(key)) {
                revealed.push(RevealedValue {
                    path: owned.path.to_string(),
                    identity: (owned_key.to_string(), id.to_owned()),
                    field: back.name.to_string(),
                    value: owner.to_owned(),
                });
            }
        }
    }
    revealed
}

/// True if no two objects have the same value in a field, and one has a value.
fn differs_in_each(kind: &CapturedKind, field: &str) -> bool {
    let values = kind.objects.iter().filter_map(|object| object.get(field));
    let mut values: Vec<_> = values.filter(|value| !value.is_empty()).map(fold).collect();
    let count = values.len();
    values.sort();
    values.dedup();
    count > 0 && values.len() == count
}
