//! The caller input keys of call handlers and of their templates.

use super::{targets, values::RecordValues};
use crate::{
    engine::{Error, NamedRecord, Transaction},
    schema::Resource,
    store::{Store, Values},
};

/// The fields of the target of a key: the conversation and the handler.
const TARGET: &[(&str, &str)] = &[("TargetConversation", "TargetHandlerObjectId")];
/// The action of a key that transfers calls to an alternate contact number.
const TRANSFER: &str = "7";

/// Gives a key that transfers calls the values of a transfer.
pub(super) fn complete(
    _: &Store,
    resource: &Resource,
    values: Values,
    _: Option<&Values>,
) -> Values {
    let mut key = RecordValues { resource, values };
    for (field, value) in [("TransferType", "0"), ("TransferRings", "4")] {
        if key.get("Action") == Some(TRANSFER) && key.get(field).is_none() {
            key.set(field, Some(value));
        }
    }
    key.values
}

/// Checks the target of a key that changes.
pub(super) fn updated(
    transaction: &mut Transaction<'_>,
    before: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    targets::check_changed(transaction, before, after, TARGET)
}
