//! Users of the store that sign in with their own passwords.

use subtle::{Choice, ConstantTimeEq};

use crate::{engine::find, store::Store};

/// True if a user of the store has this name and this password, and is not locked. The name is the alias, or for a user of a
/// tenant `ALIAS@DOMAIN`, in any letter case. A user with an empty password cannot sign in.
///
/// The time depends on the existence of the user, but not on the password.
pub(crate) fn can_sign_in(store: &Store, name: &str, password: &str) -> bool {
    let Some(id) = user_id(store, name) else {
        return false;
    };
    let credentials = find(
        store,
        "users/{UserObjectId}/credential/password",
        &[("UserObjectId", &id)],
    );
    credentials.first().is_some_and(|credential| {
        let known = credential.get("Credentials").unwrap_or_default();
        let is_open = !known.is_empty() && credential.get("Locked") != Some("true");
        (Choice::from(u8::from(is_open)) & known.as_bytes().ct_eq(password.as_bytes())).into()
    })
}

/// Returns the id of the user with this name.
fn user_id(store: &Store, name: &str) -> Option<String> {
    let user_of = |alias: &str| find(store, "users", &[("Alias", alias)]).pop();
    if let Some(user) = user_of(name)
        && user.get("TenantObjectId").is_none()
    {
        return Some(user.id().to_owned());
    }
    let (alias, domain) = name.rsplit_once('@')?;
    let user = user_of(alias)?;
    let tenant = [("ObjectId", user.get("TenantObjectId")?)];
    let tenant = find(store, "tenants", &tenant).pop()?;
    let is_own = tenant.get("SmtpDomain")?.eq_ignore_ascii_case(domain);
    is_own.then(|| user.id().to_owned())
}
