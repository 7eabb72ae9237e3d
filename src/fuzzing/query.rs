//! Query strings.

use std::sync::{Arc, LazyLock};

use crate::{
    engine::{Format, ListDocument, load::Progress, query::Query},
    resources::embedded_catalogue,
    schema::Release,
    space::SeedSource,
    store::Store,
};

static SEED: LazyLock<Vec<Arc<Store>>> = LazyLock::new(|| {
    let seed_of = |release| {
        let source = SeedSource {
            catalogue: embedded_catalogue(release),
            ..SeedSource::default()
        };
        source
            .read(&Progress::default())
            .expect("the seed is valid")
    };
    let releases = Release::ALL.iter();
    releases.map(|release| seed_of(*release)).collect()
});

/// Parses an encoded query string and runs it. The first byte of an input selects the release, and the second one the list.
///
/// # Panics
///
/// Panics if a page contradicts its total, if it cannot be written, or if an error does not name the expected input.
pub fn query(input: &[u8]) {
    let [release, list, encoded @ ..] = input else {
        return;
    };
    let Ok(encoded) = str::from_utf8(encoded) else {
        return;
    };
    let store = &SEED[usize::from(*release) % SEED.len()];
    let number = usize::from(*list) % store.collections().count();
    let (resource, collection) = store.collections().nth(number).expect("there is one");
    match Query::parse(resource, encoded) {
        Ok(query) => {
            let page = query.run(Arc::clone(store));
            assert!(
                page.from(0).count() == page.len()
                    && page.len() <= page.total
                    && page.total <= collection.len()
            );
            for format in [Format::Xml, Format::Json] {
                assert!(!written(format.list(&page)).is_empty());
            }
        }
        Err(error) => assert!(error.message.contains("expected "), "{}", error.message),
    }
}

fn written(document: ListDocument) -> Vec<u8> {
    match document {
        ListDocument::Whole(document) => document.into(),
        ListDocument::Chunks(chunks) => chunks.collect::<Vec<_>>().concat(),
    }
}
