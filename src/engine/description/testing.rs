//! Catalogues of invented resources, for tests.

use std::sync::Arc;

use super::{DescriptionSet, read};
use crate::{
    engine::Behaviours,
    schema::{Catalogue, Release},
};

/// Returns the catalogue of descriptions without errors.
#[track_caller]
pub(crate) fn catalogue(release: Release, descriptions: &[&str]) -> Arc<Catalogue> {
    catalogue_with(Behaviours::NONE, release, descriptions)
}

/// Returns the catalogue of descriptions without errors, which may name these behaviours.
#[track_caller]
pub(crate) fn catalogue_with(
    behaviours: Behaviours,
    release: Release,
    descriptions: &[&str],
) -> Arc<Catalogue> {
    let read = |text: &&str| read(text.as_bytes()).unwrap_or_else(|errors| panic!("{errors:?}"));
    let descriptions: Vec<_> = descriptions.iter().map(read).collect();
    let set = DescriptionSet {
        descriptions: &descriptions,
        is_embedded: &vec![false; descriptions.len()],
        is_incomplete: false,
        behaviours,
    };
    let errors = set.check();
    assert!(errors.is_empty(), "{errors:?}");
    Arc::new(Catalogue::new(release, descriptions))
}
