//! The extensions of a partition, by which a caller reaches one object.

use crate::{
    engine::{Creation, Error, NamedRecord, Transaction},
    schema::Provenance,
};

/// The collection with the extensions of users, also the primary ones.
pub(super) const OF_USERS: &str = "users/{UserObjectId}/alternateextensions";
/// The collections of the objects with an extension.
const OWNERS: [&str; 5] = [
    OF_USERS,
    "handlers/callhandlers",
    "handlers/directoryhandlers",
    "handlers/interviewhandlers",
    "distributionlists",
];
const EXTENSION: &str = "DtmfAccessId";
const PARTITION: &str = "PartitionObjectId";

/// Checks that an object of another kind does not have the extension of a new object.
pub(super) fn check(transaction: &Transaction<'_>, object: &NamedRecord) -> Result<(), Error> {
    let (Some(extension), Some(partition)) = (object.get(EXTENSION), object.get(PARTITION)) else {
        return Ok(());
    };
    let own = object.resource().path.as_str();
    let wanted = [(EXTENSION, extension), (PARTITION, partition)];
    let others = OWNERS.iter().filter(|path| **path != own);
    let mut found = others.flat_map(|path| transaction.find(path, &wanted));
    match found.next() {
        Some(other) => {
            let element = &other.resource().element;
            let message = format!(
                "Invalid parameter. Parameter = [{EXTENSION}], Value = [{extension}]: expected an extension that no \
                 {element} with the same {PARTITION} has"
            );
            Err(Error::refused(message, Provenance::Documented))
        }
        None => Ok(()),
    }
}

/// Checks the extension of an object that a request creates.
pub(super) fn check_new(transaction: &Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    match creation.is_loaded {
        true => Ok(()),
        false => check(transaction, &creation.record),
    }
}

/// Checks the extension of an object that a request changes.
pub(super) fn check_changed(
    transaction: &Transaction<'_>,
    before: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    let mut fields = [EXTENSION, PARTITION].into_iter();
    match fields.any(|field| before.get(field) != after.get(field)) {
        true => check(transaction, after),
        false => Ok(()),
    }
}
