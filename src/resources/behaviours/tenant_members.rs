//! The classes of service and the schedule sets that are associated with a tenant: it owns them.

use crate::engine::{Creation, Error, NamedRecord, Transaction};

/// Lets a tenant own its new class of service.
pub(super) fn cos_created(
    transaction: &mut Transaction<'_>,
    creation: &Creation,
) -> Result<(), Error> {
    set_tenant(transaction, &creation.record, "coses", "CosObjectId")
}

/// Makes a class of service independent that is no longer associated with a tenant.
pub(super) fn cos_deleted(
    transaction: &mut Transaction<'_>,
    member: &NamedRecord,
) -> Result<(), Error> {
    clear_tenant(transaction, member, "coses", "CosObjectId")
}

/// Lets a tenant own its new schedule set.
pub(super) fn schedule_set_created(
    transaction: &mut Transaction<'_>,
    creation: &Creation,
) -> Result<(), Error> {
    let set = "ScheduleSetObjectId";
    set_tenant(transaction, &creation.record, "schedulesets", set)
}

/// Makes a schedule set independent that is no longer associated with a tenant.
pub(super) fn schedule_set_deleted(
    transaction: &mut Transaction<'_>,
    member: &NamedRecord,
) -> Result<(), Error> {
    clear_tenant(transaction, member, "schedulesets", "ScheduleSetObjectId")
}

/// Sets the tenant of the object that the field of a member refers to.
fn set_tenant(
    transaction: &mut Transaction<'_>,
    member: &NamedRecord,
    path: &str,
    field: &str,
) -> Result<(), Error> {
    change(
        transaction,
        member,
        path,
        field,
        member.get("TenantObjectId"),
    )
}

/// Removes the tenant of the object that the field of a member refers to.
fn clear_tenant(
    transaction: &mut Transaction<'_>,
    member: &NamedRecord,
    path: &str,
    field: &str,
) -> Result<(), Error> {
    change(transaction, member, path, field, None)
}

fn change(
    transaction: &mut Transaction<'_>,
    member: &NamedRecord,
    path: &str,
    field: &str,
    tenant: Option<&str>,
) -> Result<(), Error> {
    let id = member.get(field).unwrap_or_default();
    for object in transaction.find(path, &[("ObjectId", id)]) {
        if object.get("TenantObjectId") != tenant {
            transaction.change(&object, &[("TenantObjectId", tenant)])?;
        }
    }
    Ok(())
}
