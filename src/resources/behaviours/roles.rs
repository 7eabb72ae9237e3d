//! Roles.

use crate::{
    engine::{Creation, Error, NamedRecord, Transaction},
    schema::Provenance,
};

const SYSTEM: &str = "the role is a system role. (Only custom roles can be modified.)";
const NOT_INHERITABLE: &str = "A custom role inherits one of these roles: Audio Text Administrator, Greeting \
                               Administrator, Help Desk Administrator, Technician, User Administrator, Tenant \
                               Administrator";
/// The system roles that a custom role can inherit.
const INHERITABLE: [&str; 6] = [
    "Audio Text Administrator",
    "Greeting Administrator",
    "Help Desk Administrator",
    "Technician",
    "User Administrator",
    "Tenant Administrator",
];
const INHERITED: &str = "InheritedObjectId";

/// Notes the system role that a new custom role inherits.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    if creation.is_loaded {
        return Ok(());
    }
    if let Some(inherited) = &creation.template {
        let id = Some(inherited.id());
        transaction.change(&creation.record, &[(INHERITED, id)])?;
        return check(inherited);
    }
    check_inherited(transaction, &creation.record)
}

/// Checks that only a custom role changes, and what it inherits.
pub(super) fn updated(
    transaction: &mut Transaction<'_>,
    before: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    if before.get("IsSystem") == Some("true") {
        return Err(Error::not_allowed(SYSTEM, Provenance::Inferred));
    }
    check_inherited(transaction, after)
}

fn check_inherited(transaction: &Transaction<'_>, role: &NamedRecord) -> Result<(), Error> {
    let Some(id) = role.get(INHERITED) else {
        return Ok(());
    };
    let inherited = transaction.find("roles", &[("ObjectId", id)]);
    inherited.first().map_or(Ok(()), check)
}

fn check(inherited: &NamedRecord) -> Result<(), Error> {
    let is_system = inherited.get("IsSystem") == Some("true");
    let name = inherited.get("RoleName").unwrap_or_default();
    match is_system && INHERITABLE.contains(&name) {
        true => Ok(()),
        false => Err(Error::refused(NOT_INHERITABLE, Provenance::Documented)),
    }
}
