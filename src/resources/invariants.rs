//! Checks of the embedded descriptions and of the seed.

use std::sync::Arc;

use super::{
    BEHAVIOURS, DESCRIPTIONS, embedded_catalogue, embedded_descriptions, embedded_seed, system_seed,
};
use crate::{
    engine::{Format, description, load, query::Query},
    schema::Release,
    store::Store,
};

#[test]
fn the_embedded_descriptions_have_no_errors() {
    for text in DESCRIPTIONS {
        let errors = description::read(text.as_bytes()).err();
        assert_eq!(errors, None, "{text}");
    }
    let descriptions = embedded_descriptions();
    let set = description::DescriptionSet {
        is_embedded: &vec![true; descriptions.len()],
        descriptions: &descriptions,
        is_incomplete: false,
        behaviours: BEHAVIOURS,
    };
    let errors = set.check();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[track_caller]
fn loaded(release: Release, documents: &[load::Fixture]) -> Store {
    let catalogue = embedded_catalogue(release);
    let set = load::FixtureSet {
        otherwise: &system_seed(),
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
fn responses_load_as_fixtures_and_give_the_same_responses() {
    for &release in Release::ALL {
        let seed = responses(&loaded(release, &embedded_seed(release)));
        let documents = seed
            .iter()
            .map(|document| load::Fixture::new("answer.xml", document.clone()));
        let again = responses(&loaded(release, &documents.collect::<Vec<_>>()));
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
        let latest = embedded_catalogue(Release::V15);
        let collections = store.collections();
        for (resource, collection) in
            collections.filter(|(resource, _)| latest.resource(resource.path.as_str()).is_some())
        {
            for record in collection.iter() {
                for name in named {
                    let position = resource.position(name);
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
