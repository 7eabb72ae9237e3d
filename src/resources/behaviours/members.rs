//! The members of distribution lists and of private lists.

use crate::engine::{Error, NamedRecord, Transaction};

pub(super) const OF_LISTS: &str =
    "distributionlists/{DistributionListObjectId}/distributionlistmembers";
pub(super) const OF_PRIVATE_LISTS: &str =
    "users/{UserObjectId}/privatelists/{PersonalVoiceMailListObjectId}/privatelistmembers";

/// Lets the members that are an object, by its id in a field, follow a change of the names or the extension.
pub(super) fn follow(
    transaction: &mut Transaction<'_>,
    field: &str,
    object: &NamedRecord,
) -> Result<(), Error> {
    let values = shown(object);
    for path in [OF_LISTS, OF_PRIVATE_LISTS] {
        for member in transaction.find(path, &[(field, object.id())]) {
            transaction.change(&member, &values)?;
        }
    }
    Ok(())
}

/// Returns the values of an object that its members show.
pub(super) fn shown(object: &NamedRecord) -> [(&'static str, Option<&str>); 3] {
    [
        ("Alias", object.get("Alias")),
        ("DisplayName", object.get("DisplayName")),
        ("Extension", object.get("DtmfAccessId")),
    ]
}
