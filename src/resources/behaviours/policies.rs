//! Policies, which follow the roles of users and the owners of call handlers.

use super::values::values_of;
use crate::{
    engine::{NamedRecord, find},
    schema::Resource,
    store::{Store, Values},
};

const USER_ROLES: &str = "users/{UserObjectId}/userroles";
const OWNERS: &str = "handlers/callhandlers/{TargetHandlerObjectId}/callhandlerowners";
/// The role of the owner of a call handler.
const OWNER_ROLE: &str = "Greeting Administrator";
/// The fields that a policy shares with the assignment of a role, or with the owner of a call handler.
const SHARED: [&str; 5] = [
    "ObjectId",
    "UserObjectId",
    "RoleObjectId",
    "TargetHandlerObjectId",
    "DateCreated",
];

/// Returns the policies.
pub(super) fn rows(store: &Store, resource: &Resource, _: &[(usize, &str)]) -> Vec<Values> {
    let role = find(store, "roles", &[("RoleName", OWNER_ROLE)]).pop();
    let role = role.as_ref().map(NamedRecord::id);
    let assigned = find(store, USER_ROLES, &[]);
    let assigned = assigned
        .iter()
        .map(|assigned| policy(resource, assigned, None));
    let owners = find(store, OWNERS, &[]);
    let owners = owners
        .iter()
        .filter(|owner| owner.get("UserObjectId").is_some());
    let owners = owners.map(|owner| policy(resource, owner, role));
    assigned.chain(owners).collect()
}

/// Returns the policy of an assignment, or of an owner, whose role is another one.
fn policy(resource: &Resource, source: &NamedRecord, role: Option<&str>) -> Values {
    let shared = SHARED
        .iter()
        .filter_map(|name| Some((*name, source.get(name)?.to_owned())));
    let mut values: Vec<_> = shared.collect();
    values.extend(role.map(|role| ("RoleObjectId", role.to_owned())));
    values_of(resource, &values)
}
