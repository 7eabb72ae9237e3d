//! The primary extension of a user, which is the first one of its extensions.

use super::extensions::{self, OF_USERS};
use crate::engine::{Error, NamedRecord, Transaction};

/// The index of the primary extension.
pub(super) const PRIMARY: &str = "0";
/// The fields that a user and its primary extension have in common.
pub(super) const SHARED: [&str; 2] = ["DtmfAccessId", "PartitionObjectId"];

/// Adds the primary extension of a new user, unless a fixture contains it.
pub(super) fn create(transaction: &mut Transaction<'_>, user: &NamedRecord) -> Result<(), Error> {
    if primary(transaction, user).is_some() {
        return Ok(());
    }
    let mut values = vec![("UserObjectId", user.id()), ("IdIndex", PRIMARY)];
    values.extend(
        SHARED
            .iter()
            .filter_map(|field| Some((*field, user.get(field)?))),
    );
    transaction.create_at(OF_USERS, None, &values)?;
    Ok(())
}

/// Lets the primary extension follow its user.
pub(super) fn follow(transaction: &mut Transaction<'_>, user: &NamedRecord) -> Result<(), Error> {
    let Some(extension) = primary(transaction, user) else {
        return Ok(());
    };
    let values = SHARED.map(|field| (field, user.get(field)));
    if values
        .iter()
        .all(|(field, value)| extension.get(field) == *value)
    {
        return Ok(());
    }
    transaction.change(&extension, &values)?;
    match primary(transaction, user) {
        Some(changed) => extensions::check(transaction, &changed),
        None => Ok(()),
    }
}

fn primary(transaction: &Transaction<'_>, user: &NamedRecord) -> Option<NamedRecord> {
    let wanted = [("UserObjectId", user.id()), ("IdIndex", PRIMARY)];
    transaction.find(OF_USERS, &wanted).pop()
}
