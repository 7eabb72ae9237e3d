//! Members that are absent.

use serde::de::{Error, Expected};

/// Adds the accepted values to the error of an absent member, which serde reports without them.
pub(super) fn with_expected<E: Error>(error: E, expected: &dyn Expected) -> E {
    let message = error.to_string();
    if message.starts_with("missing field ") {
        E::custom(format!("{message}, expected {expected}"))
    } else {
        error
    }
}
