//! Fixtures, and states that were exported.

use std::sync::Arc;

use super::place::check_diagnostics;
use crate::{
    engine::{
        FixtureChunks,
        load::{Diagnostics, Fixture, FixtureSet, Progress},
    },
    resources::embedded_catalogue,
    schema::Release,
    store::Store,
};

/// Loads a fixture.
///
/// # Panics
///
/// Panics if the export of the records cannot be loaded or differs after that, or if an error has no place in the
/// document.
pub fn fixture(document: &[u8]) {
    match load(document) {
        Ok(store) => {
            let exported = FixtureChunks::new(Arc::new(store)).into_document();
            let again =
                load(&exported).unwrap_or_else(|errors| panic!("an export has errors: {errors}"));
            let again = FixtureChunks::new(Arc::new(again)).into_document();
            assert_eq!(String::from_utf8(exported), String::from_utf8(again));
        }
        Err(diagnostics) => check_diagnostics(&diagnostics, document),
    }
}

fn load(document: &[u8]) -> Result<Store, Diagnostics> {
    let catalogue = embedded_catalogue(Release::V14);
    let fixtures = [Fixture::new("fixture.xml", document.to_vec())];
    FixtureSet::new(&catalogue, &fixtures).load(&Progress::default())
}
