//! Routing rules.

use super::{targets, values::RecordValues};
use crate::{
    engine::{Creation, Error, NamedRecord, Transaction, find},
    schema::Resource,
    store::{Store, Values},
};

/// The fields of the target of a rule: the conversation and the handler.
const TARGET: &[(&str, &str)] = &[("RouteTargetConversation", "RouteTargetHandlerObjectId")];

/// Gives a rule the type and the name of the handler that it routes calls to.
pub(super) fn values(
    store: &Store,
    resource: &Resource,
    values: Values,
    _: Option<&Values>,
) -> Values {
    let mut rule = RecordValues { resource, values };
    let (kind, path) = match rule.get("RouteTargetConversation") {
        Some("PHTransfer" | "PHGreeting") => ("3", "handlers/callhandlers"),
        Some("PHInterview") => ("5", "handlers/interviewhandlers"),
        Some("AD") => ("6", "handlers/directoryhandlers"),
        _ => ("0", ""),
    };
    rule.set("RouteTargetHandlerObjectType", Some(kind));
    let id = rule.get("RouteTargetHandlerObjectId");
    let handler = id.and_then(|id| find(store, path, &[("ObjectId", id)]).pop());
    let name = handler
        .as_ref()
        .and_then(|handler| handler.get("DisplayName"));
    // The handlers of a fixture are loaded after the rules.
    if handler.is_some() || rule.get("RouteTargetHandlerObjectId").is_none() {
        rule.set("RouteTargetHandlerDisplayName", name);
    }
    rule.values
}

/// Checks the target of a new rule.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    targets::check_new(transaction, creation, TARGET)
}

/// Checks the target of a rule that changes.
pub(super) fn updated(
    transaction: &mut Transaction<'_>,
    before: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    targets::check_changed(transaction, before, after, TARGET)
}
