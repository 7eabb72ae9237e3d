//! Checks that hold for every table. Each message names the field at fault.

use std::{collections::HashSet, sync::Arc};

use super::{RESOURCES, embedded_seed, system_seed};
use crate::{
    engine::{Format, load, query::Query},
    schema::{Access, Condition, DefaultValue, Evidence, Field, Kind, Release, Resource, Verb},
    store::Store,
};

fn fields() -> impl Iterator<Item = (&'static Resource, &'static Field)> {
    let all = RESOURCES.iter().copied();
    all.flat_map(|resource| resource.fields.iter().map(move |field| (resource, field)))
}

/// Returns all evidence of a field, beginning with that of the field itself.
fn all_evidence(field: &Field) -> Vec<Evidence> {
    let mut all = vec![field.evidence];
    all.extend(field.rules.iter().map(|(_, evidence)| *evidence));
    all.extend(field.max_length.map(|(_, evidence)| evidence));
    all.extend(field.unique);
    all.extend(field.owner.map(|(_, evidence)| evidence));
    all
}

fn condition(evidence: &Evidence) -> Option<(&'static str, &'static [&'static str])> {
    match evidence.condition {
        Condition::Always => None,
        Condition::When(field, values) | Condition::Unless(field, values) => Some((field, values)),
    }
}

#[test]
fn a_resource_with_an_object_id_begins_with_its_uri_and_object_id() {
    let keyed_by_id = RESOURCES
        .iter()
        .filter(|resource| resource.position("ObjectId").is_some());
    for resource in keyed_by_id {
        assert_eq!(resource.position("ObjectId"), Some(resource.key));
        let first: Vec<_> = resource
            .fields
            .iter()
            .take(2)
            .map(|field| field.name)
            .collect();
        assert_eq!(first, ["URI", "ObjectId"], "{}", resource.element);
    }
}

#[test]
fn every_record_has_a_key_of_its_own() {
    for resource in RESOURCES {
        let key = &resource.fields[resource.key];
        let mut required = key.required_rules();
        let is_required = required.any(|evidence| {
            let covered = Release::ALL.iter().all(|release| evidence.covers(*release));
            covered && evidence.condition == Condition::Always
        });
        assert!(is_required && key.unique.is_some(), "{}", key.name);
    }
}

#[test]
fn a_resource_that_ends_and_its_successor_can_be_listed_and_no_more() {
    for resource in RESOURCES {
        let Some((successor, _)) = &resource.successor else {
            continue;
        };
        let verbs = [true, false].map(|collection| resource.verbs(collection));
        let verbs: Vec<_> = verbs.into_iter().flatten().collect();
        assert_eq!(verbs, [Verb::List], "{}", resource.path);
        assert!(successor.verb(Verb::List).is_some(), "{}", resource.path);
        assert!(successor.is_in(Release::V15), "{}", resource.path);
    }
}

#[test]
fn names_and_paths_are_given_once() {
    let mut names = HashSet::new();
    for resource in RESOURCES {
        for name in [resource.path, resource.list_element, resource.element] {
            assert!(names.insert(name.to_owned()), "{name}");
        }
    }
    for (resource, field) in fields() {
        let name = format!("{}/{}", resource.element, field.name);
        assert!(names.insert(name.clone()), "{name}");
        assert!(
            field.name.chars().all(|c| c.is_ascii_alphanumeric()),
            "{name}"
        );
    }
}

#[test]
fn a_condition_names_a_field_of_the_same_resource_and_its_choices() {
    for (resource, field) in fields() {
        for (name, values) in all_evidence(field).iter().filter_map(condition) {
            let about = format!("{} when {name}", field.name);
            let position = resource.position(name).expect(&about);
            for value in values {
                let mut choices = resource.fields[position].choices_rules();
                assert!(
                    choices.any(|(choices, _)| choices.contains(value)),
                    "{about} is {value}"
                );
            }
        }
    }
}

#[test]
fn all_evidence_has_a_source_and_holds_in_some_release() {
    for (_, field) in fields() {
        for evidence in all_evidence(field) {
            assert!(!evidence.source.is_empty(), "{}", field.name);
            assert!(
                evidence.until.is_none_or(|until| evidence.since <= until),
                "{}: {}",
                field.name,
                evidence.source
            );
        }
    }
}

#[test]
fn evidence_has_a_condition_only_if_the_engine_evaluates_it() {
    for (_, field) in fields() {
        let is_link = matches!(field.kind, Kind::Link(_));
        assert!(
            is_link || condition(&field.evidence).is_none(),
            "{}",
            field.name
        );
        let unscoped = [
            field.unique,
            field.max_length.map(|(_, evidence)| evidence),
            field.owner.map(|(_, evidence)| evidence),
        ];
        for evidence in unscoped.into_iter().flatten() {
            let scoped = condition(&evidence).is_some()
                || !Release::ALL.iter().all(|release| evidence.covers(*release));
            // The evidence of a unique ObjectId is that of the field itself.
            assert!(!scoped, "{}: {}", field.name, evidence.source);
        }
    }
}

/// True if two facts can hold for one record at the same time.
fn overlap(one: &Evidence, other: &Evidence) -> bool {
    let releases = Release::ALL.iter();
    let share_a_release = releases
        .filter(|release| one.covers(**release) && other.covers(**release))
        .count()
        > 0;
    let exclude_each_other = match (one.condition, other.condition) {
        (Condition::When(field, values), Condition::When(other, others)) => {
            field == other && values.iter().all(|value| !others.contains(value))
        }
        _ => false,
    };
    share_a_release && !exclude_each_other
}

#[test]
fn a_default_is_among_the_choices_of_its_field() {
    for (_, field) in fields() {
        for (default, evidence) in field.default_rules() {
            let DefaultValue::Value(value) = default else {
                assert_eq!(field.kind, Kind::DateTime, "{}", field.name);
                continue;
            };
            for (choices, choice) in field.choices_rules() {
                let fits = choices.contains(&value) || !overlap(evidence, choice);
                assert!(fits, "{} = {value}", field.name);
            }
        }
    }
}

#[test]
fn only_a_secret_can_be_mandatory_and_have_a_default_at_the_same_time() {
    for (_, field) in fields() {
        for (_, default) in field.default_rules() {
            let mut required = field.required_rules();
            let both = required.any(|required| overlap(required, default));
            assert!(!both || field.access == Access::Secret, "{}", field.name);
        }
    }
}

#[test]
fn an_owner_is_a_resource_and_precedes_those_that_it_owns() {
    let place = |resource| {
        RESOURCES
            .iter()
            .position(|other| std::ptr::eq(*other, resource))
    };
    for (resource, field) in fields() {
        if let Some((owner, _)) = field.owner {
            assert!(place(owner).is_some(), "{}", field.name);
            assert!(place(owner) < place(resource), "{}", field.name);
        }
    }
}

#[track_caller]
fn loaded(release: Release, documents: &[load::Fixture]) -> Store {
    let set = load::FixtureSet {
        otherwise: &system_seed(),
        ..load::FixtureSet::new(RESOURCES, release, documents)
    };
    match set.load(&load::Progress::default()) {
        Ok(store) => store,
        Err(diagnostics) => panic!("{release}: {diagnostics:#?}"),
    }
}

/// Returns the response to a list request for each collection.
fn responses(release: Release, store: &Store) -> Vec<Vec<u8>> {
    let store = Arc::new(store.clone());
    let collections = store.collections().iter();
    let collections = collections.filter(|collection| collection.resource().is_in(release));
    let lists = collections.map(|collection| {
        let resource = collection.resource();
        let query = Query::parse(resource, release, "").expect("a valid query");
        let list = Format::Xml.list(resource, &query.run(Arc::clone(&store)));
        list.into_bytes()
    });
    lists.collect()
}

#[test]
fn responses_load_as_fixtures_and_give_the_same_responses() {
    for &release in Release::ALL {
        let seed = responses(release, &loaded(release, &embedded_seed(release)));
        let documents = seed.iter().map(|document| load::Fixture {
            path: "answer.xml".into(),
            document: document.clone().into(),
        });
        let again = responses(release, &loaded(release, &documents.collect::<Vec<_>>()));
        assert_eq!(seed, again, "{release}");
    }
}

#[test]
fn the_seeds_of_all_releases_have_the_same_ids_and_names() {
    let shape = |release| {
        let store = loaded(release, &embedded_seed(release));
        let named = [
            "ObjectId",
            "TenantObjectId",
            "DisplayName",
            "Alias",
            "IsEnabled",
        ];
        let mut found = Vec::new();
        let collections = store.collections().iter();
        for collection in collections.filter(|collection| collection.resource().is_in(Release::V15))
        {
            for record in collection.iter() {
                for name in named {
                    let position = collection.resource().position(name);
                    let value = position.and_then(|position| record.values.get(position));
                    found.push(value.map(str::to_owned));
                }
            }
        }
        found
    };
    assert_eq!(shape(Release::V10_5), shape(Release::V11_5));
    assert_eq!(shape(Release::V10_5), shape(Release::V15));
}
