//! The licenses of users.

use std::sync::Arc;

use crate::{
    engine::{
        ComputedValues, EndpointFn, EndpointRequest, EndpointResponse, Error, NamedRecord, find,
    },
    store::Store,
};

pub(super) const ENDPOINTS: &[(&str, EndpointFn)] = &[
    ("list", EndpointFn::Read(list)),
    ("list-of-tenant", EndpointFn::Read(list_of_tenant)),
];
const TENANT: &str = "TenantObjectId";

/// Lists the licenses of all users.
fn list(store: &Arc<Store>, request: &EndpointRequest<'_>) -> Result<EndpointResponse, Error> {
    let users = licensed_users(store, &[]);
    let licenses = users.iter().map(|user| {
        let tenant = tenant(store, user);
        let mut license = license(store, user, tenant.as_ref());
        let name = tenant.as_ref().and_then(|tenant| tenant.get("Name"));
        license.extend(name.map(|name| ("TenantId", name.to_owned())));
        license
    });
    request.page(store, licenses)
}

/// Lists the licenses of the users of a tenant.
fn list_of_tenant(
    store: &Arc<Store>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let users = licensed_users(store, &[(TENANT, request.parameter(TENANT))]);
    let licenses = users.iter().map(|user| {
        let mut license = license(store, user, tenant(store, user).as_ref());
        for name in ["DtmfAccessId", "PartitionObjectId"] {
            license.extend(user.get(name).map(|value| (name, value.to_owned())));
        }
        license
    });
    request.page(store, licenses)
}

/// Returns the users with these values, without those that every system has.
pub(super) fn licensed_users(store: &Store, values: &[(&str, &str)]) -> Vec<NamedRecord> {
    let mut users = find(store, "users", values);
    users.retain(|user| user.get("Undeletable") != Some("true"));
    users
}

fn tenant(store: &Store, user: &NamedRecord) -> Option<NamedRecord> {
    let tenant = [("ObjectId", user.get(TENANT)?)];
    find(store, "tenants", &tenant).pop()
}

/// Returns the license of a user: the alias of that of a tenant has a domain.
fn license(store: &Store, user: &NamedRecord, tenant: Option<&NamedRecord>) -> ComputedValues {
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
