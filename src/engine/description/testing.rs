//! Catalogues of invented resources, for tests.

use std::sync::Arc;

use super::{check, read};
use crate::schema::{Catalogue, Release};

/// Returns the catalogue of descriptions without errors.
#[track_caller]
pub(crate) fn catalogue(release: Release, descriptions: &[&str]) -> Arc<Catalogue> {
    let read = |text: &&str| read(text.as_bytes()).unwrap_or_else(|errors| panic!("{errors:?}"));
    let descriptions: Vec<_> = descriptions.iter().map(read).collect();
    let errors = check(&descriptions);
    assert!(errors.is_empty(), "{errors:?}");
    Arc::new(Catalogue::new(release, &descriptions))
}
