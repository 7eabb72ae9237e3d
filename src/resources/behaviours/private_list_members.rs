//! Members of private lists.

use super::{members, private_lists::LISTS, values::RecordValues};
use crate::{
    engine::{Creation, Error, Transaction, find},
    schema::{Provenance, Resource},
    store::{Store, Values},
};

/// The fields with the id of a member, and the collection of each.
const MEMBERS: [(&str, &str); 4] = [
    ("MemberSubscriberObjectId", "users"),
    ("MemberDistributionListObjectId", "distributionlists"),
    ("MemberPersonalVoiceMailListObjectId", LISTS),
    ("MemberContactObjectId", "contacts"),
];
const NOBODY: &str = "Invalid parameter. Parameter = [MemberSubscriberObjectId], Value = []: expected a member, here, in \
                      MemberDistributionListObjectId, in MemberPersonalVoiceMailListObjectId or in MemberContactObjectId";

/// Gives a new member the names and the extension of its user, list or contact, and the paths of private lists.
pub(super) fn complete(
    store: &Store,
    resource: &Resource,
    values: Values,
    before: Option<&Values>,
) -> Values {
    let mut member = RecordValues { resource, values };
    if before.is_some() {
        return member.values;
    }
    let find = |path: &str, id: Option<&str>| find(store, path, &[("ObjectId", id?)]).pop();
    let mut found = MEMBERS.iter();
    let found = found.find_map(|(field, path)| find(path, member.get(field)));
    if let Some(found) = &found {
        for (name, value) in members::shown(found) {
            member.set(name, value);
        }
    }
    for (field, link) in [
        ("PersonalVoiceMailListObjectId", "PrivateListURI"),
        (
            "MemberPersonalVoiceMailListObjectId",
            "MemberPrivateListURI",
        ),
    ] {
        let list = find(LISTS, member.get(field));
        let path = list.as_ref().and_then(|list| {
            let user = list.get("UserObjectId")?;
            Some(format!("/vmrest/users/{user}/privatelists/{}", list.id()))
        });
        member.set(link, path.as_deref());
    }
    member.values
}

/// Checks that a new member is an object.
pub(super) fn created(_: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    let mut fields = MEMBERS.iter();
    match fields.any(|(field, _)| creation.record.get(field).is_some()) {
        true => Ok(()),
        false => Err(Error::refused(NOBODY, Provenance::Documented)),
    }
}
