//! Query strings.

use std::sync::{Arc, LazyLock};

use crate::{
    engine::{load::Progress, query::Query},
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

/// Parses an encoded query string and runs it on every list of every release.
///
/// # Panics
///
/// Panics if a page contradicts its total, or an error does not name the expected input.
pub fn query(encoded: &str) {
    for store in SEED.iter() {
        for (resource, collection) in store.collections() {
            match Query::parse(resource, encoded) {
                Ok(query) => {
                    let page = query.run(Arc::clone(store));
                    assert!(
                        page.from(0).count() == page.len()
                            && page.len() <= page.total
                            && page.total <= collection.len()
                    );
                }
                Err(error) => assert!(error.message.contains("expected ")),
            }
        }
    }
}
