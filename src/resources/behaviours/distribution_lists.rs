//! Distribution lists.

use super::{extensions, keypad::digits, members, values::RecordValues};
use crate::{
    engine::{Creation, Error, NamedRecord, Transaction},
    schema::Resource,
    store::{Store, Values},
};

/// The number of digits by which a caller spells the name of a list.
const MAX_DIGITS: usize = 16;

/// Spells the name of a list, and names a new one that has only an alias.
pub(super) fn complete(
    _: &Store,
    resource: &Resource,
    values: Values,
    before: Option<&Values>,
) -> Values {
    let mut list = RecordValues { resource, values };
    list.trim("Alias");
    let shown = match (list.get("DisplayName"), list.get("Alias")) {
        (Some(name), _) => name.to_owned(),
        (None, Some(alias)) if before.is_none() => alias.to_owned(),
        _ => return list.values,
    };
    let digits = digits(&shown);
    list.set("DisplayName", Some(&shown));
    list.set("DtmfName", Some(&digits[..digits.len().min(MAX_DIGITS)]));
    list.values
}

/// Checks the extension of a new list.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    extensions::check_new(transaction, creation)
}

/// Lets the lists that contain a list follow a change of its names.
pub(super) fn updated(
    transaction: &mut Transaction<'_>,
    before: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    extensions::check_changed(transaction, before, after)?;
    members::follow(transaction, "MemberDistributionListObjectId", after)
}
