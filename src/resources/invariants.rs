//! Checks of the embedded descriptions and of the seed.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use super::{
    BEHAVIOURS, DESCRIPTIONS, embedded_catalogue, embedded_descriptions, embedded_seed,
    embedded_sources, empty_resources,
    seed::{MAX_RECORDS, embedded_store},
    separate_resources, system_seed,
};
use crate::{
    engine::{FixtureChunks, Format, description, load, query::Query},
    http::routes,
    schema::{Catalogue, Description, Release, Resource, Source},
    space::SeedSource,
    store::{Collection, LazyStore, Record, Store},
};

#[test]
fn the_embedded_descriptions_have_no_errors() {
    for text in DESCRIPTIONS {
        let errors = description::read(text.as_bytes()).err();
        assert_eq!(errors, None, "{text}");
    }
    let descriptions: Vec<_> = embedded_descriptions().cloned().collect();
    let set = description::DescriptionSet {
        is_embedded: &vec![true; descriptions.len()],
        descriptions: &descriptions,
        is_incomplete: false,
        behaviours: BEHAVIOURS,
    };
    let errors = set.check();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn an_outline_has_everything_but_the_fields() {
    for text in DESCRIPTIONS {
        let complete = description::read(text.as_bytes()).expect("a description");
        let outline = description::read_outline(text).expect("an outline");
        let complete = Description {
            fields: Vec::new(),
            ..complete
        };
        assert_eq!(format!("{outline:?}"), format!("{complete:?}"));
    }
}

#[test]
fn a_reference_contains_the_path_of_its_resource() {
    let paths: Vec<_> = embedded_descriptions()
        .map(|description| &description.path)
        .collect();
    let fields = embedded_descriptions().flat_map(|description| &description.fields);
    for reference in fields.filter_map(|field| field.reference.as_ref()) {
        assert!(paths.contains(&&reference.resource), "{reference:?}");
    }
}

#[test]
fn a_description_is_not_read_before_the_first_use_of_its_fields() {
    const LAMPS: &str = r#"<resource path="users/{User}/lamps" list="Lamps" element="Lamp" key="Number">
        <verb name="list" inferred="invented"/>
        <alias path="lamps" verbs="list" inferred="invented"/>
        <view path="lights" list="Lights" element="Light" inferred="invented"/>
        <order field="Number" inferred="invented"/>
        <text name="User" inferred="invented"><references resource="shelves" on-delete="refuse" inferred="invented"/></text>
    </resource>"#;
    let read = |_: &str| -> Description { panic!("the description is read") };
    let outline = description::read_outline(LAMPS).expect("an outline");
    let lamps = Arc::new(Source::deferred(outline, LAMPS, read));
    let sources = embedded_sources().cloned().chain([lamps]);
    let catalogue = Arc::new(Catalogue::deferred(Release::V10_5, sources));
    let _routes: Vec<_> = catalogue.resources().iter().flat_map(routes).collect();
    let seed: Vec<_> = embedded_seed(Release::V10_5)
        .into_iter()
        .chain(system_seed(Release::V10_5))
        .collect();
    let deferral = load::Deferral {
        separate: &separate_resources(&catalogue),
        empty: &empty_resources(&catalogue),
        has_targets: true,
        deferred: LazyStore::new(usize::MAX, || panic!("the deferred seed is loaded")),
    };
    let set = load::FixtureSet {
        otherwise: &seed,
        deferral: Some(deferral),
        ..load::FixtureSet::new(&catalogue, &[])
    };
    let store = set.load(&load::Progress::default()).expect("no mistake");
    let services = catalogue.resource("externalservices").expect("a resource");
    assert_eq!(store.collection(services.id).len(), 5);
    assert_eq!(catalogue.dependents(services.id).references.len(), 2);
    let users = catalogue.resource("users").expect("a resource");
    let is_read = catch_unwind(AssertUnwindSafe(|| catalogue.dependents(users.id)));
    assert!(is_read.is_err(), "lamps are below users");
}

#[track_caller]
fn loaded(release: Release, documents: &[load::Fixture]) -> Store {
    let catalogue = embedded_catalogue(release);
    let set = load::FixtureSet {
        otherwise: &system_seed(release),
        ..load::FixtureSet::new(&catalogue, documents)
    };
    match set.load(&load::Progress::default()) {
        Ok(store) => store,
        Err(diagnostics) => panic!("{release}: {diagnostics:#?}"),
    }
}

/// Returns the response to a list request for each collection.
fn responses(store: &Store) -> Vec<Vec<u8>> {
    let store = Arc::new(store.clone());
    let lists = store.collections().map(|(resource, _)| {
        let query = Query::parse(resource, "").expect("a valid query");
        let list = Format::Xml.list(&query.run(Arc::clone(&store)));
        list.into_bytes()
    });
    lists.collect()
}

#[test]
fn an_exported_state_loads_and_gives_the_same_responses() {
    for &release in Release::ALL {
        let store = embedded_store(release, true);
        let state = FixtureChunks::new(Arc::clone(&store)).into_document();
        let again = loaded(release, &[load::Fixture::new("state.xml", state)]);
        for (before, after) in responses(&store).iter().zip(responses(&again)) {
            let [before, after] = [before, &after].map(|list| String::from_utf8_lossy(list));
            assert_eq!(before, after, "{release}");
        }
    }
}

#[test]
fn the_independent_records_are_those_of_the_embedded_seed() {
    for &release in Release::ALL {
        let catalogue = embedded_catalogue(release);
        for has_samples in [true, false] {
            let deferred = SeedSource {
                catalogue: Arc::clone(&catalogue),
                is_empty: !has_samples,
                ..SeedSource::default()
            };
            let deferred = deferred
                .read(&load::Progress::default())
                .expect("no mistake");
            let complete = embedded_store(release, has_samples);
            assert!(responses(&deferred) == responses(&complete), "{release}");
            assert!(complete.len() <= MAX_RECORDS, "{}", complete.len());
            for id in empty_resources(&catalogue) {
                let path = &catalogue[id].path;
                assert_eq!(complete.collection(id).len(), 0, "{path}");
            }
        }
    }
}

#[test]
fn no_embedded_record_expires() {
    for &release in Release::ALL {
        let store = embedded_store(release, true);
        assert_eq!(store.next_expiry, None, "{release}");
    }
}

#[test]
fn no_record_of_the_system_is_left_out() {
    for &release in Release::ALL {
        let store = embedded_store(release, false);
        for fixture in system_seed(release) {
            let document = String::from_utf8_lossy(&fixture.document);
            let is_in = |list: &str| document.contains(&format!("<{list} total="));
            let mut collections = store.collections();
            let found = collections.find(|(resource, _)| is_in(&resource.list_element));
            let path = fixture.path.display();
            match found {
                Some((resource, collection)) => {
                    for key in keys(resource, &document) {
                        let is_loaded = has_key(resource, collection, key);
                        assert!(is_loaded, "{release}: {path}: {key} is left out");
                    }
                }
                None => {
                    let mut known = embedded_descriptions();
                    let known = known.find(|description| is_in(&description.list_element));
                    let known = known.unwrap_or_else(|| panic!("{path}: no resource"));
                    assert!(!known.is_in(release), "{release}: {path} is left out");
                }
            }
        }
    }
}

/// Returns the keys of the objects in a fixture.
fn keys<'d>(resource: &Resource, document: &'d str) -> Vec<&'d str> {
    let begin = format!("<{}>", resource.element);
    let objects = document.split(begin.as_str()).skip(1);
    let key = resource
        .key
        .map(|key| format!("<{}>", resource.fields[key].name));
    let keys = objects.map(|object| {
        let value = key
            .as_ref()
            .and_then(|key| object.split(key.as_str()).nth(1));
        let value = value.and_then(|value| value.split('<').next());
        value.unwrap_or_default()
    });
    keys.collect()
}

/// True if a record has this key, or is the only one.
fn has_key(resource: &Resource, collection: &Collection, key: &str) -> bool {
    let mut records = collection.iter();
    records.any(|record| {
        let found = resource.key.and_then(|key| record.values.get(key));
        found.unwrap_or_default().eq_ignore_ascii_case(key)
    })
}

#[test]
fn servers_share_the_embedded_seed_that_the_first_one_loads() {
    for is_empty in [false, true] {
        let source = SeedSource {
            is_empty,
            ..SeedSource::default()
        };
        let read = || source.read(&load::Progress::default()).expect("no mistake");
        assert!(Arc::ptr_eq(&read(), &read()), "{is_empty}");
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
        // Only releases since 12.5 have administrators.
        let administrators = ["administrator", "UnityConnection", "Replication"];
        let mut found = Vec::new();
        let catalogues = [Release::V10_5, Release::V15].map(embedded_catalogue);
        let is_in_all = |resource: &Resource| {
            let mut catalogues = catalogues.iter();
            catalogues.all(|catalogue| catalogue.resource(resource.path.as_str()).is_some())
        };
        let collections = store.collections();
        for (resource, collection) in collections.filter(|(resource, _)| is_in_all(resource)) {
            let alias = resource.position("Alias");
            let is_administrator = |record: &Record| {
                let alias = alias.and_then(|alias| record.values.get(alias));
                alias.is_some_and(|alias| administrators.contains(&alias))
            };
            for record in collection.iter().filter(|record| !is_administrator(record)) {
                let values = named.map(|name| {
                    let position = resource.position(name);
                    let value = position.and_then(|position| record.values.get(position));
                    value.map(str::to_owned)
                });
                found.extend(Some(values).filter(|values| values.iter().any(Option::is_some)));
            }
        }
        found
    };
    assert_eq!(shape(Release::V10_5), shape(Release::V11_5));
    assert_eq!(shape(Release::V10_5), shape(Release::V15));
}
