//! Call handlers and their templates.

use super::{extensions, handler_parts, recipients, targets};
use crate::engine::{Creation, Error, NamedRecord, Transaction};

/// The fields of the target of the action after a message: the conversation and the handler.
const AFTER_MESSAGE: &[(&str, &str)] = &[(
    "AfterMessageTargetConversation",
    "AfterMessageTargetHandlerObjectId",
)];

/// Checks the targets and the extension of a new handler, or of the template of a user's handler, and creates its parts.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    let handler = &creation.record;
    targets::check_new(transaction, creation, AFTER_MESSAGE)?;
    extensions::check_new(transaction, creation)?;
    handler_parts::create(transaction, handler, creation.template.as_ref())
}

/// Checks the recipient and the targets of a new template, and creates its parts.
pub(super) fn template_created(
    transaction: &mut Transaction<'_>,
    creation: &Creation,
) -> Result<(), Error> {
    recipients::check(&creation.record)?;
    created(transaction, creation)
}

/// Checks the targets and the extension of a handler or a template that changes.
pub(super) fn updated(
    transaction: &mut Transaction<'_>,
    before: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    targets::check_changed(transaction, before, after, AFTER_MESSAGE)?;
    extensions::check_changed(transaction, before, after)
}
