//! PINs and passwords, of users and of user templates.

use super::values::RecordValues;
use crate::{
    engine::{NamedRecord, find},
    schema::Resource,
    store::{Store, Values},
};

/// The type of a PIN.
const PIN: &str = "4";
const PIN_RULE: &str = "Recommended Voice Mail Authentication Rule";

/// Gives a new PIN its rule, and unlocks a credential whose time of the last attack a request clears.
pub(super) fn values(
    store: &Store,
    resource: &Resource,
    values: Values,
    before: Option<&Values>,
) -> Values {
    let mut credential = RecordValues { resource, values };
    let has_rule = credential.get("CredentialPolicyObjectId").is_some();
    if before.is_none() && !has_rule && credential.get("CredentialType") == Some(PIN) {
        let rule = find(store, "authenticationrules", &[("DisplayName", PIN_RULE)]).pop();
        let rule = rule.as_ref().map(NamedRecord::id);
        credential.set("CredentialPolicyObjectId", rule);
    }
    if credential.is_empty("TimeHacked") {
        credential.set("TimeHacked", None);
        credential.set("TimeLockout", None);
        credential.set("HackCount", Some("0"));
        credential.set("Locked", Some("false"));
    }
    credential.values
}
