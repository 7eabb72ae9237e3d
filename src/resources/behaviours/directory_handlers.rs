//! Directory handlers.

use super::{extensions, targets};
use crate::engine::{Creation, Error, NamedRecord, Transaction};

/// The fields of the targets of the actions: the conversations and the handlers.
const TARGETS: &[(&str, &str)] = &[
    ("ExitTargetConversation", "ExitTargetHandlerObjectId"),
    ("NoInputTargetConversation", "NoInputTargetHandlerObjectId"),
    (
        "NoSelectionTargetConversation",
        "NoSelectionTargetHandlerObjectId",
    ),
    ("ZeroTargetConversation", "ZeroTargetHandlerObjectId"),
];

/// Checks the targets and the extension of a new handler.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    targets::check_new(transaction, creation, TARGETS)?;
    extensions::check_new(transaction, creation)
}

/// Checks the targets and the extension of a handler that changes.
pub(super) fn updated(
    transaction: &mut Transaction<'_>,
    before: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    targets::check_changed(transaction, before, after, TARGETS)?;
    extensions::check_changed(transaction, before, after)
}
