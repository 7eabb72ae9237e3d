//! Contacts, and the call handler that each of them has.

use super::{members, names, users, values::RecordValues};
use crate::{
    engine::{Creation, Error, NamedRecord, Transaction},
    schema::Resource,
    store::{Store, Values},
};

/// Names a new contact, and spells the names of any.
pub(super) fn complete(
    _: &Store,
    resource: &Resource,
    values: Values,
    before: Option<&Values>,
) -> Values {
    let mut contact = RecordValues { resource, values };
    contact.trim("Alias");
    if before.is_none() {
        names::complete(&mut contact);
    }
    names::spell(&mut contact);
    contact.values
}

/// Creates the call handler of a new contact, unless a fixture contains it.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    let contact = &creation.record;
    let has_handler = contact.get("CallHandlerObjectId").is_some();
    if has_handler || contact.get("AutoCreateCallHandler") != Some("true") {
        return Ok(());
    }
    let values = vec![
        ("IsPrimary", "true"),
        ("UseDefaultTimeZone", "true"),
        ("PrimaryContactObjectId", contact.id()),
        ("RecipientContactObjectId", contact.id()),
    ];
    users::create_handler(transaction, contact, None, "handlers/callhandlers", values)
}

/// Lets the call handler and the lists of a contact follow a change of its names.
pub(super) fn updated(
    transaction: &mut Transaction<'_>,
    _: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    let names = ["DisplayName", "PartitionObjectId"].map(|name| (name, after.get(name)));
    let own = [("PrimaryContactObjectId", after.id())];
    for handler in transaction.find("handlers/callhandlers", &own) {
        transaction.change(&handler, &names)?;
    }
    members::follow(transaction, "MemberContactObjectId", after)
}
