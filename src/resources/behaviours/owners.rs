//! The owners of SMTP proxy addresses and of alternate names.

use crate::{
    engine::{Creation, Error, NamedRecord, Transaction},
    schema::Provenance,
};

const OF_ADDRESS: [&str; 4] = [
    "ObjectGlobalUserObjectId",
    "ObjectContactObjectId",
    "ObjectDistributionListObjectId",
    "ObjectPersonalGroupObjectId",
];
const OF_NAME: [&str; 4] = [
    "GlobalUserObjectId",
    "ContactObjectId",
    "DistributionListObjectId",
    "PersonalGroupObjectId",
];
/// The owners with a first and a last name.
const PERSONS: [&str; 2] = ["GlobalUserObjectId", "ContactObjectId"];

/// Checks that a new address has an owner.
pub(super) fn address_created(_: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    check(&creation.record, &OF_ADDRESS)
}

/// Checks that a new name has an owner, and its last name.
pub(super) fn name_created(_: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    check(&creation.record, &OF_NAME)?;
    check_last_name(&creation.record)
}

/// Checks that a name keeps its last name.
pub(super) fn name_updated(
    _: &mut Transaction<'_>,
    _: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    check_last_name(after)
}

fn check(record: &NamedRecord, fields: &[&str; 4]) -> Result<(), Error> {
    if fields.iter().any(|field| record.get(field).is_some()) {
        return Ok(());
    }
    let [field, others @ ..] = fields;
    let message = format!(
        "Invalid parameter. Parameter = [{field}], Value = []: expected an owner, here or in {}",
        others.join(", ")
    );
    Err(Error::refused(message, Provenance::Documented))
}

/// Checks that the name of a person has two parts.
fn check_last_name(name: &NamedRecord) -> Result<(), Error> {
    const MISSING: &str = "Invalid parameter. Parameter = [LastName], Value = []: expected a value, it is mandatory for a user or a contact";
    let is_of_person = PERSONS.iter().any(|field| name.get(field).is_some());
    match is_of_person && name.get("LastName").is_none() {
        true => Err(Error::refused(MISSING, Provenance::Documented)),
        false => Ok(()),
    }
}
