//! The name of the sender of notifications.

use crate::{
    engine::{Error, NamedRecord, Transaction},
    schema::ErrorRule,
};

const NAME: &str = "DisplayName";

/// Checks that there is a name.
pub(super) fn updated(
    _: &mut Transaction<'_>,
    _: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    match after.get(NAME) {
        Some(_) => Ok(()),
        None => Err(Error::invalid_parameter(
            ErrorRule::Required,
            NAME,
            "",
            "a value, it is mandatory",
        )),
    }
}
