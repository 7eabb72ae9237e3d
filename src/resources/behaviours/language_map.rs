//! The language map.

use crate::{
    engine::{NamedRecord, find},
    store::Store,
};

/// Returns the code of the language with this abbreviation.
pub(super) fn code(store: &Store, name: &str) -> Option<String> {
    let found = find(store, "languagemap", &[("LanguageAbbreviation", name)]);
    found.first().map(NamedRecord::id).map(str::to_owned)
}
