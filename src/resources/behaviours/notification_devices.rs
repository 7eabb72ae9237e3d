//! Notification devices.

use crate::{
    engine::{Error, NamedRecord, Transaction},
    schema::Provenance,
};

const OWN: &str = "Invalid parameter. Parameter = [FailDeviceObjectId]: expected another device, which is notified \
                   if this one fails";

/// Checks that a device is not notified after a failure of its own.
pub(super) fn updated(
    _: &mut Transaction<'_>,
    _: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    let next = after.get("FailDeviceObjectId");
    match next.is_some_and(|next| next.eq_ignore_ascii_case(after.id())) {
        true => Err(Error::refused(OWN, Provenance::Client)),
        false => Ok(()),
    }
}
