//! Fixtures, and states that were exported.

use std::sync::Arc;

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
        Err(diagnostics) => check(&diagnostics, document),
    }
}

fn load(document: &[u8]) -> Result<Store, Diagnostics> {
    let catalogue = embedded_catalogue(Release::V14);
    let fixtures = [Fixture::new("fixture.xml", document.to_vec())];
    FixtureSet::new(&catalogue, &fixtures).load(&Progress::default())
}

/// Panics unless each error has a place in the document, and a message.
pub(super) fn check(diagnostics: &Diagnostics, document: &[u8]) {
    assert!(!diagnostics.is_empty());
    for diagnostic in diagnostics {
        assert!(!diagnostic.message().is_empty(), "{diagnostics}");
        let line = diagnostic.line().unwrap_or(1);
        let lines = 1 + document.iter().filter(|byte| **byte == b'\n').count();
        assert!(line >= 1 && line <= lines, "{diagnostics}");
        assert!(diagnostic.column().unwrap_or(1) >= 1, "{diagnostics}");
    }
}
