//! The licenses of users.

use super::{users::is_administrator, values::values_of};
use crate::{
    engine::{NamedRecord, find},
    schema::Resource,
    store::{Store, Values},
};

const TENANT: &str = "TenantObjectId";

/// Returns the licenses of all users. The list of a tenant has other fields.
pub(super) fn rows(store: &Store, resource: &Resource, parents: &[(usize, &str)]) -> Vec<Values> {
    let users = licensed_users(store);
    let licenses = users.iter().map(|user| {
        let tenant = tenant(store, user);
        let of_user = |name: &'static str| user.get(name).map(|value| (name, value.to_owned()));
        let mut license = license(store, user, tenant.as_ref());
        license.extend(of_user(TENANT));
        if parents.is_empty() {
            let name = tenant.as_ref().and_then(|tenant| tenant.get("Name"));
            license.extend(name.map(|name| ("TenantId", name.to_owned())));
        } else {
            license.extend(
                ["DtmfAccessId", "PartitionObjectId"]
                    .into_iter()
                    .filter_map(of_user),
            );
        }
        values_of(resource, &license)
    });
    licenses.collect()
}

/// Returns the users with a mailbox, without those that every system has.
pub(super) fn licensed_users(store: &Store) -> Vec<NamedRecord> {
    let mut users = find(store, "users", &[]);
    users.retain(|user| user.get("Undeletable") != Some("true") && !is_administrator(user));
    users
}

fn tenant(store: &Store, user: &NamedRecord) -> Option<NamedRecord> {
    let tenant = [("ObjectId", user.get(TENANT)?)];
    find(store, "tenants", &tenant).pop()
}

/// Returns the license of a user: the alias of that of a tenant has a domain.
fn license(
    store: &Store,
    user: &NamedRecord,
    tenant: Option<&NamedRecord>,
) -> Vec<(&'static str, String)> {
    let alias = user.get("Alias").unwrap_or_default();
    let domain = tenant.and_then(|tenant| tenant.get("SmtpDomain"));
    let alias = domain.map_or_else(|| alias.to_owned(), |domain| format!("{alias}@{domain}"));
    let mut license = vec![
        ("UserObjectId", user.id().to_owned()),
        ("Alias", alias),
        ("Messaging", "Basic".to_owned()),
    ];
    let speech = transcription(store, user);
    license.extend(speech.map(|speech| ("SpeechView", speech.to_owned())));
    license
}

/// Returns the transcription service that the class of service of a user allows.
pub(super) fn transcription(store: &Store, user: &NamedRecord) -> Option<&'static str> {
    let cos = find(store, "coses", &[("ObjectId", user.get("CosObjectId")?)]).pop()?;
    (cos.get("AccessSTT") == Some("true")).then(|| match cos.get("SttType") {
        Some("2") => PROFESSIONAL,
        _ => STANDARD,
    })
}

pub(super) const STANDARD: &str = "Speech View Standard";
pub(super) const PROFESSIONAL: &str = "Speech View Pro";
