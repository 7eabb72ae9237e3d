//! The numbers of used licenses.

use super::{
    user_licenses::{PROFESSIONAL, STANDARD, licensed_users, transcription},
    values::values_of,
};
use crate::{
    engine::{NamedRecord, find},
    schema::Resource,
    store::{Store, Values},
};

const USERS: &str = "LicSubscribersMax";
const STANDARD_USERS: &str = "LicSTTSubscribersMax";
const PROFESSIONAL_USERS: &str = "LicSTTProSubscribersMax";
const CONTACTS: &str = "LicContactsMax";
/// The features: the tag, the id, the name and the description.
const FEATURES: [[&str; 4]; 6] = [
    [
        USERS,
        "b16d2c0e-7f48-4a95-8e3d-61a0f5c79b24",
        "CUC_BasicMessaging",
        "Total Number of Voicemail users",
    ],
    [
        "LicSrsvCuceSubscribersMax",
        "3e97a5d4-0c61-4b2f-95d8-f4b70e1c6a83",
        "CUC_EnhancedMessaging",
        "Total Number of Enhanced Messaging Users",
    ],
    [
        STANDARD_USERS,
        "8c40f1b9-d5e2-4763-a91c-270d6e84f35b",
        "CUC_SpeechView",
        "Speechview Standard users",
    ],
    [
        PROFESSIONAL_USERS,
        "f7036e8d-2a9b-4c14-b650-9de1c38a7f42",
        "CUC_SpeechViewPro",
        "Speechview Professional Users",
    ],
    [
        "LicRealspeakSessionsMax",
        "5d8b42f6-e173-49a0-8c2e-04f96b7da1c5",
        "CUC_SpeechConnectPort",
        "Total Number of speech connect sessions",
    ],
    [
        CONTACTS,
        "a92e71c3-4d06-4f8b-b7a5-c80f3d6e2914",
        "CUC_SpeechConnectGuestUser",
        "Total Number of Contacts",
    ],
];

/// Returns the features, each with the number of used licenses.
pub(super) fn rows(store: &Store, resource: &Resource, _: &[(usize, &str)]) -> Vec<Values> {
    let rows = FEATURES.map(|[tag, id, name, description]| {
        let values = [
            ("TagName", tag.to_owned()),
            ("ObjectId", id.to_owned()),
            ("Count", count(store, tag).to_string()),
            ("featureName", name.to_owned()),
            ("description", description.to_owned()),
        ];
        values_of(resource, &values)
    });
    rows.into()
}

/// Returns the number of used licenses.
fn count(store: &Store, tag: &str) -> usize {
    let users = || {
        let mut users = licensed_users(store);
        users.retain(|user| !is_operator(store, user));
        users
    };
    let with = |service: &str| {
        let users = users().into_iter();
        let users = users.filter(|user| transcription(store, user) == Some(service));
        users.count()
    };
    match tag {
        USERS => users().len(),
        STANDARD_USERS => with(STANDARD),
        PROFESSIONAL_USERS => with(PROFESSIONAL),
        CONTACTS => find(store, "contacts", &[("IsTemplate", "false")]).len(),
        _ => 0,
    }
}

/// True for the operator that was created with a tenant.
fn is_operator(store: &Store, user: &NamedRecord) -> bool {
    let tenant = user.get("TenantObjectId").map(|id| [("ObjectId", id)]);
    let tenant = tenant.and_then(|tenant| find(store, "tenants", &tenant).pop());
    let alias = tenant.as_ref().and_then(|tenant| tenant.get("Alias"));
    alias.is_some_and(|alias| user.get("Alias") == Some(&format!("{alias}_Operator_1")))
}
