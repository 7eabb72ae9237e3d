//! The associations of a phone system, which follow from the objects that refer to it.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    engine::{
        EndpointFn, EndpointRequest, EndpointResponse, Error, NamedRecord, Target, find,
        query::Query,
    },
    schema::Resource,
    store::{Record, Store, Values},
};

pub(super) const ENDPOINTS: &[(&str, EndpointFn)] = &[("list", EndpointFn::Read(list))];
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

/// Lists the associations of the phone system in the path. An unknown one has none.
fn list(store: &Arc<Store>, request: &EndpointRequest<'_>) -> Result<EndpointResponse, Error> {
    let resource = request.resource;
    let id = request.parameter(PHONE_SYSTEM);
    let parents: Vec<_> = resource
        .parameters
        .iter()
        .map(|position| (*position, id))
        .collect();
    let target = Target {
        resource,
        parents: &parents,
        key: None,
    };
    let query = Query::parse_for(&target, None, request.query)?;
    // The rows are records of a copy of the store, which only this response sees.
    let mut copy = Store::clone(store);
    let collection = copy.collection_mut(resource.id);
    // A fixture may contain a list that a server returned.
    let given: Vec<_> = collection.numbered().map(|(ordinal, _)| ordinal).collect();
    for ordinal in given {
        collection.remove(ordinal);
    }
    for values in phone_system_associations(store, resource, id) {
        collection.insert(Arc::new(Record::new(values)));
    }
    Ok(EndpointResponse::List(query.run(Arc::new(copy))))
}

/// Returns the associations of a phone system: one for each of its users, in the order of these.
fn phone_system_associations(store: &Store, resource: &Resource, id: &str) -> Vec<Values> {
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
