//! Policies, which follow the roles of users.

use crate::engine::{Creation, Error, Transaction};

const POLICIES: &str = "policies";

/// Creates the policy of a role that a user gets. A fixture may contain it.
pub(super) fn role_assigned(
    transaction: &mut Transaction<'_>,
    creation: &Creation,
) -> Result<(), Error> {
    let assigned = &creation.record;
    let own = ("UserRoleObjectId", assigned.id());
    if !transaction.find(POLICIES, &[own]).is_empty() {
        return Ok(());
    }
    let [user, role] =
        ["UserObjectId", "RoleObjectId"].map(|name| (name, assigned.get(name).unwrap_or_default()));
    let values = [own, ("ObjectId", assigned.id()), user, role];
    transaction.create_at(POLICIES, None, &values)?;
    Ok(())
}
