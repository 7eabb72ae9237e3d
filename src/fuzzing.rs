//! What the fuzz targets call.

use std::sync::{Arc, LazyLock};

use crate::{
    engine::{load, query::Query},
    resources::{RESOURCES, embedded_seed, system_seed},
    schema::Release,
    store::Store,
};

static SEED: LazyLock<Vec<(Release, Arc<Store>)>> = LazyLock::new(|| {
    let seed_of = |release| {
        let seed = embedded_seed(release);
        load::fixtures(RESOURCES, release, &seed, &system_seed(), Vec::new())
            .expect("the seed is sound")
    };
    let releases = Release::ALL.iter();
    releases
        .map(|release| (*release, Arc::new(seed_of(*release))))
        .collect()
});

/// Asks every list of every release for what `encoded` says, as the query string of a request.
///
/// # Panics
///
/// When an answer contradicts itself.
pub fn query(encoded: &str) {
    for (release, store) in SEED.iter() {
        for collection in store.collections() {
            match Query::parse(collection.resource(), *release, encoded) {
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
