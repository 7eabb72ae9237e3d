//! Tests of every reference of the embedded resources: the effect of deleting the record that it refers to.

use std::sync::Arc;

use uuid::Uuid;

use super::{BEHAVIOURS, embedded_catalogue, seed::embedded_store};
use crate::{
    engine::{Clock, RandomStream, Records, Target, crud},
    schema::{Field, Kind, OnDelete, Release, Resource},
    store::{Identity, Record, Store, Values},
};

/// Returns the values of a record like the first one of a resource, with another identity and other unique values. `number`
/// distinguishes it from others.
fn copy(store: &Store, resource: &Resource, number: u128) -> Values {
    let first = store.collection(resource.id).iter().next();
    let id = Uuid::from_u128(number).to_string();
    let values = resource.fields.iter().enumerate().map(|(position, field)| {
        let value = first.and_then(|first| first.values.get(position));
        if resource.parameters.contains(&position) {
            let value = value.map(str::to_owned);
            return value.or_else(|| Some(parent_value(store, resource, position)));
        }
        let is_own = field.unique.is_some() || resource.key == Some(position);
        match (is_own, &*field.name) {
            (true, _) if field.kind == Kind::Guid => Some(id.clone()),
            (true, _) if field.kind == Kind::Integer || field.extension.is_some() => {
                Some(number.to_string())
            }
            (true, name) => Some(format!("{name} {number}")),
            // Such a record could not be deleted.
            (false, "Undeletable" | "IsPrimary" | "IsSystem") => Some("false".to_owned()),
            (false, _) => value.map(str::to_owned).or_else(|| sample(field)),
        }
    });
    let values: Vec<_> = values.collect();
    Values::of(values.iter().map(Option::as_deref))
}

/// Returns a value of a field that a record must have.
fn sample(field: &Field) -> Option<String> {
    let required = field.required.first()?;
    let choice = field
        .choices
        .first()
        .and_then(|(choices, _)| choices.first());
    let value = choice.map_or_else(|| field.name.to_string(), ToString::to_string);
    let is_text = field.kind == Kind::Text && field.reference.is_none();
    Some(value).filter(|_| is_text && required.condition.is_none())
}

/// Returns the value of the field in the path for a record below the first one of the parent.
fn parent_value(store: &Store, resource: &Resource, position: usize) -> String {
    let parameters = resource.parameters.iter();
    let fields = parameters.zip(&resource.parent_fields);
    let field = fields.filter(|(parameter, _)| **parameter == position);
    let parent = resource.parent.map(|parent| store.collection(parent));
    let parent = parent.and_then(|parent| parent.iter().next());
    let mut values = field.filter_map(|(_, field)| parent?.values.get(*field));
    // Some parents have no records.
    values
        .next()
        .map_or_else(|| Uuid::nil().to_string(), str::to_owned)
}

/// Deletes a new record that a new one of `resource` refers to; asserts the effect.
fn check(store: &Store, resource: &Resource, position: usize, field: &Field) {
    let reference = field.reference.as_ref().expect("a reference");
    let name = format!("{} of {}", field.name, resource.path);
    let mut store = store.clone();
    let catalogue = Arc::clone(store.catalogue());
    let target = &catalogue[reference.resource];
    let deleted = copy(&store, target, 1);
    let value = deleted.get(reference.field).expect("a value to refer to");
    let referrer = copy(&store, resource, 2).with(position, Some(value));
    for (resource, values) in [(target, &deleted), (resource, &referrer)] {
        let record = Arc::new(Record::new(values.clone()));
        let collection = store.collection_mut(resource.id);
        // All keys of a part may be taken.
        let same = collection.find(&Identity::of(resource, values));
        if let Some(ordinal) = same.map(|(ordinal, _)| ordinal) {
            collection.remove(ordinal);
        }
        collection.insert(record);
    }
    let ids = RandomStream::new(1, "test", "ids");
    let records = Records::new(Clock::default(), Arc::new(store), ids).with_behaviours(BEHAVIOURS);
    let before = records.read();
    let identity = Identity::of(target, &deleted);
    let request = Target {
        key: target.key.and_then(|key| deleted.get(key)),
        parents: identity.path(),
        ..Target::collection(target)
    };
    let result = crud::delete(&records, &request);
    let after = records.read();
    let found = after.collection(resource.id);
    let found = found.find(&Identity::of(resource, &referrer));
    let found = found.map(|(_, record)| record.values.get(position));
    match reference.on_delete {
        OnDelete::Refuse => {
            let error = result.expect_err(&name);
            if let Some(message) = &reference.message {
                assert_eq!(error.message, **message, "{name}");
            } else {
                let referrer = format!("the {} of a {}", field.name, resource.element);
                assert!(error.message.contains(&referrer), "{}", error.message);
            }
            assert!(Arc::ptr_eq(&before, &after), "{name} has changed the store");
        }
        OnDelete::Cascade => {
            result.unwrap_or_else(|error| panic!("{name}: {}", error.message));
            assert_eq!(found, None, "{name}");
        }
        OnDelete::Clear => {
            result.unwrap_or_else(|error| panic!("{name}: {}", error.message));
            assert_eq!(found, Some(None), "{name}");
        }
    }
}

#[test]
fn the_deletion_of_a_record_has_the_effect_that_each_reference_to_it_describes() {
    for release in [Release::V10_5, Release::V15] {
        let catalogue = embedded_catalogue(release);
        let store = embedded_store(release, true);
        let mut count = 0;
        for resource in catalogue.resources() {
            for (position, field) in resource.fields.iter().enumerate() {
                let target = field
                    .reference
                    .as_ref()
                    .map(|found| &catalogue[found.resource]);
                // A new record is a copy of the first one.
                if target.is_some_and(|target| store.collection(target.id).len() > 0) {
                    check(&store, resource, position, field);
                    count += 1;
                }
            }
        }
        assert!(count > 80, "{release}: {count} references");
    }
}
