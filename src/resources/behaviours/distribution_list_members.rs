//! Members of distribution lists.

use crate::{
    engine::{Creation, Error, NamedRecord, Transaction, find},
    schema::{Provenance, Resource},
    store::{Store, Values},
};

const MEMBERS: [&str; 3] = [
    "MemberUserObjectId",
    "MemberDistributionListObjectId",
    "MemberContactObjectId",
];
const NOBODY: &str = "Invalid parameter. Parameter = [MemberUserObjectId], Value = []: expected a member, here, in \
                      MemberDistributionListObjectId or in MemberContactObjectId";

/// Gives a new member the names of its user, user template, list or contact.
pub(super) fn complete(
    store: &Store,
    resource: &Resource,
    values: Values,
    before: Option<&Values>,
) -> Values {
    if before.is_some() {
        return values;
    }
    let value = |name: &str| values.get(resource.position(name)?);
    let object = |path: &str, id: Option<&str>| find(store, path, &[("ObjectId", id?)]).pop();
    let user = value("MemberUserObjectId");
    let list = value("MemberDistributionListObjectId");
    let template = object("usertemplates", user);
    let is_template = template.is_some();
    let member = template
        .or_else(|| object("users", user))
        .or_else(|| object("distributionlists", list))
        .or_else(|| object("contacts", value("MemberContactObjectId")));
    let field = |name: &str| {
        member
            .as_ref()
            .and_then(|member: &NamedRecord| member.get(name))
    };
    let mut completed = values.clone();
    let mut set = |name: &str, value: Option<&str>| {
        if let Some(position) = resource.position(name).filter(|_| value.is_some()) {
            completed = completed.with(position, value);
        }
    };
    set("Alias", field("Alias"));
    set("DisplayName", field("DisplayName"));
    if let Some(user) = user {
        set("MemberGlobalUserObjectId", Some(user));
        set("MemberUserURI", Some(&format!("/vmrest/users/{user}")));
        set(
            "MemberGlobalUserURI",
            Some(&format!("/vmrest/globalusers/{user}")),
        );
        // The two kinds of user have a reference each, so that a member is deleted with either.
        let (own, other) = match is_template {
            true => ("MemberUserTemplateObjectId", "true"),
            false => ("MemberSubscriberObjectId", "false"),
        };
        set(own, Some(user));
        set("IsUserTemplate", Some(other));
    }
    completed
}

/// Checks that a new member is an object.
pub(super) fn created(_: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    let mut members = MEMBERS.iter();
    match members.any(|field| creation.record.get(field).is_some()) {
        true => Ok(()),
        false => Err(Error::refused(NOBODY, Provenance::Documented)),
    }
}
