//! The associations of a phone system, which follow from the objects that refer to it.

use std::collections::BTreeMap;

use crate::{
    engine::{NamedRecord, find},
    schema::Resource,
    store::{Store, Values},
};

const PHONE_SYSTEM: &str = "MediaSwitchObjectId";
/// The resources whose objects are counted: the field with the user, and the number in an association.
const COUNTED: [(&str, &str, &str); 4] = [
    (
        "users/{SubscriberObjectId}/notificationdevices/phonedevices",
        "SubscriberObjectId",
        DEVICES,
    ),
    (
        "users/{SubscriberObjectId}/notificationdevices/pagerdevices",
        "SubscriberObjectId",
        DEVICES,
    ),
    (
        "users/{SubscriberObjectId}/mwis",
        "SubscriberObjectId",
        "numNotificationMWI",
    ),
    (
        "handlers/callhandlers",
        "PrimaryUserObjectId",
        "numPrimaryCallHandler",
    ),
];
const DEVICES: &str = "numNotificationDevice";

/// Returns the associations of the phone system in the path: one for each of its users, in the order of these. An unknown
/// one has none.
pub(super) fn rows(store: &Store, resource: &Resource, parents: &[(usize, &str)]) -> Vec<Values> {
    let Some((_, id)) = parents.first() else {
        return Vec::new();
    };
    let Some(phone_system) = find(store, "phonesystems", &[("ObjectId", id)]).pop() else {
        return Vec::new();
    };
    let counts = counts(store, &phone_system);
    let users = find(store, "users", &[]).into_iter();
    let associations = users.filter_map(|user| {
        let is_own = user.get(PHONE_SYSTEM) == Some(phone_system.id());
        let counts = counts.get(user.id()).cloned();
        let counts = counts.or_else(|| is_own.then(BTreeMap::new))?;
        Some(association(resource, &phone_system, &user, &counts))
    });
    associations.collect()
}

/// Returns the numbers of objects of each user that refer to a phone system.
fn counts(
    store: &Store,
    phone_system: &NamedRecord,
) -> BTreeMap<String, BTreeMap<&'static str, usize>> {
    let mut counts: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    for (path, owner, number) in COUNTED {
        for object in find(store, path, &[(PHONE_SYSTEM, phone_system.id())]) {
            if let Some(user) = object.get(owner) {
                let of_user = counts.entry(user.to_owned()).or_default();
                *of_user.entry(number).or_default() += 1;
            }
        }
    }
    counts
}

fn association(
    resource: &Resource,
    phone_system: &NamedRecord,
    user: &NamedRecord,
    counts: &BTreeMap<&str, usize>,
) -> Values {
    let fields = resource.fields.iter().map(|field| match &*field.name {
        "Alias" | "DisplayName" | "ObjectId" => user.get(&field.name).map(str::to_owned),
        PHONE_SYSTEM => Some(phone_system.id().to_owned()),
        "MediaSwitchDisplayName" => phone_system.get("DisplayName").map(str::to_owned),
        number if number.starts_with("num") => {
            let count = counts.get(number).copied().unwrap_or_default();
            Some(count.to_string())
        }
        _ => None,
    });
    let values: Vec<_> = fields.collect();
    Values::of(values.iter().map(Option::as_deref))
}
