//! Names of spaces.

use unicase::UniCase;

/// The name of the space that always exists.
pub(crate) const DEFAULT_SPACE: &str = "default";
/// The maximum length of a space's name, in bytes.
pub(crate) const MAX_NAME_LENGTH: usize = 256;

/// Returns the name in the form in which names are compared: without regard to case.
pub(super) fn normalize(name: &str) -> String {
    UniCase::unicode(name).to_folded_case()
}

/// Returns true if a space can have this normalized name.
pub(super) fn is_valid(name: &str) -> bool {
    !name.is_empty() && name != "*" && name.len() <= MAX_NAME_LENGTH
}
