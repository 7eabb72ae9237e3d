//! Greetings of call handlers and of their templates.

use super::{expiry, targets};
use crate::engine::{Error, NamedRecord, Transaction};

/// The fields of the target of the action after a greeting: the conversation and the handler.
const AFTER_GREETING: &[(&str, &str)] = &[(
    "AfterGreetingTargetConversation",
    "AfterGreetingTargetHandlerObjectId",
)];

/// Checks the target of a greeting that changes, and enables or disables it.
pub(super) fn updated(
    transaction: &mut Transaction<'_>,
    before: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    targets::check_changed(transaction, before, after, AFTER_GREETING)?;
    expiry::follow(transaction, before, after, &["Standard", "Error"])
}
