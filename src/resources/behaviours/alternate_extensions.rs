//! The extensions of a user. The first one is that of the user itself.

use super::{
    extensions,
    primary_extensions::{PRIMARY, SHARED},
    users,
    values::RecordValues,
};
use crate::{
    engine::{Creation, Error, NamedRecord, Transaction, find},
    schema::{Provenance, Resource},
    store::{Store, Values},
};

const OF_ANOTHER: &str = "Invalid parameter. Parameter = [IdIndex]: expected a number from 1 to 9, the others are those \
                          of the user";

/// Gives a new extension the partition of its user.
pub(super) fn complete(
    store: &Store,
    resource: &Resource,
    values: Values,
    _: Option<&Values>,
) -> Values {
    let mut extension = RecordValues { resource, values };
    if extension.get("PartitionObjectId").is_none() {
        let user = extension.get("UserObjectId");
        let user = user.and_then(|id| find(store, "users", &[("ObjectId", id)]).pop());
        let partition = user.as_ref().and_then(|user| user.get("PartitionObjectId"));
        extension.set("PartitionObjectId", partition);
    }
    extension.values
}

/// Checks the index of a new extension.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    if creation.is_loaded {
        return Ok(());
    }
    let index = creation.record.get("IdIndex").unwrap_or_default();
    // Each user has a primary one, so that a request cannot add a second one.
    if index.len() > 1 {
        return Err(Error::refused(OF_ANOTHER, Provenance::Documented));
    }
    extensions::check(transaction, &creation.record)
}

/// Lets the user follow a change of its primary extension.
pub(super) fn updated(
    transaction: &mut Transaction<'_>,
    before: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    extensions::check_changed(transaction, before, after)?;
    if after.get("IdIndex") != Some(PRIMARY) {
        return Ok(());
    }
    let id = after.get("UserObjectId").unwrap_or_default();
    let find = |transaction: &Transaction<'_>| transaction.find("users", &[("ObjectId", id)]).pop();
    let Some(user) = find(transaction) else {
        return Ok(());
    };
    transaction.change(&user, &SHARED.map(|field| (field, after.get(field))))?;
    match find(transaction) {
        Some(changed) => users::updated(transaction, &user, &changed),
        None => Ok(()),
    }
}
