//! Conditions of routing rules.
//!
//! The guide has two tables of parameters: 5 is a phone system in one and a port in the other, where 9 is a phone system,
//! 7 a schedule set; in the first one, 9 is a trunk, 7 a reason and 8 a schedule. A condition therefore refers to the
//! object that the operand identifies.

use super::values::RecordValues;
use crate::{
    engine::{Creation, Error, NamedRecord, Transaction, find},
    schema::{Provenance, Resource},
    store::{Store, Values},
};

/// The fields that follow the operand: the field, the collection of the object, and the parameters.
const OBJECTS: [(&str, &str, [&str; 2]); 2] = [
    ("MediaSwitchObjectId", "phonesystems", ["5", "9"]),
    ("MediaPortObjectId", "ports", ["5", "6"]),
];
/// The parameter whose operand is an object in both tables.
const OBJECT: &str = "5";
const EQUALS: &str = "2";
const UNKNOWN: &str = "Invalid parameter. Parameter = [OperandValue]: expected the ObjectId of a PhoneSystem or a Port, as Parameter is 5";
const OPERATOR: &str = "Invalid parameter. Parameter = [Operator]: expected 2, as the condition is a phone system, a port or a schedule set";

/// Lets the object of a condition follow the operand.
pub(super) fn values(
    store: &Store,
    resource: &Resource,
    values: Values,
    _: Option<&Values>,
) -> Values {
    let mut condition = RecordValues { resource, values };
    let parameter = condition.get("Parameter").unwrap_or_default().to_owned();
    let operand = condition.get("OperandValue").unwrap_or_default().to_owned();
    for (field, path, parameters) in OBJECTS {
        let is_known = || !find(store, path, &[("ObjectId", &operand)]).is_empty();
        let is_object = parameters.contains(&&*parameter) && is_known();
        condition.set(field, Some(&*operand).filter(|_| is_object));
    }
    condition.values
}

/// Checks a new condition.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    check(transaction, &creation.record)
}

/// Checks a condition that changes.
pub(super) fn updated(
    transaction: &mut Transaction<'_>,
    _: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    check(transaction, after)
}

/// Checks that the operand identifies an object where it must, and that it is compared for equality.
fn check(transaction: &Transaction<'_>, condition: &NamedRecord) -> Result<(), Error> {
    let operand = condition.get("OperandValue").unwrap_or_default();
    let is_schedule_set = || {
        ["7", "8"].contains(&condition.get("Parameter").unwrap_or_default())
            && !transaction
                .find("schedulesets", &[("ObjectId", operand)])
                .is_empty()
    };
    let has_object = OBJECTS
        .iter()
        .any(|(field, ..)| condition.get(field).is_some());
    if !has_object && condition.get("Parameter") == Some(OBJECT) {
        return Err(Error::refused(UNKNOWN, Provenance::Documented));
    }
    if condition.get("Operator") != Some(EQUALS) && (has_object || is_schedule_set()) {
        return Err(Error::refused(OPERATOR, Provenance::Documented));
    }
    Ok(())
}
