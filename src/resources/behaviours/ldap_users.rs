//! The import of users from an LDAP directory.

use std::{borrow::Cow, sync::Arc};

use crate::{
    engine::{
        Element, EndpointBody, EndpointFn, EndpointRequest, EndpointResponse, Error, NamedRecord,
        Target, Transaction, find,
        query::{Query, number},
    },
    schema::{ErrorRule, Provenance, Resource},
    store::Store,
};

pub(super) const ENDPOINTS: &[(&str, EndpointFn)] = &[
    ("list", EndpointFn::Read(list)),
    ("import", EndpointFn::Write(import)),
];
const USERS: &str = "users";
const ENTRIES: &str = "import/users/ldap";
/// The maximum number of entries in a response without a limit.
const MAX_ENTRIES: usize = 2_000;
/// The `LdapType` of an imported user.
const IMPORTED: &str = "3";
const NOT_ACTIVATED: &str = "LDAP_DIRECTORY_SYNCH_NOT_ACTIVATED";
const INACTIVE: &str = "LDAP_DIRECTORY_SYNCH_NOT_ACTIVATED: no LDAP directory is set up; a fixture with ImportUsers sets \
                        one up";
const TOO_MANY: &str = "The directory has more than 2000 users: expected the parameter limit";
const NO_TEMPLATE: &str =
    "templateAlias is missing or unknown, expected the Alias of a UserTemplate";

/// Lists the users that can be imported: those from `offset` on, up to `limit`.
fn list(store: &Arc<Store>, request: &EndpointRequest<'_>) -> Result<EndpointResponse, Error> {
    expect_directory(store)?;
    let target = Target::collection(request.resource);
    let query = Query::parse_for(&target, None, request.query)?;
    let parameter = |name: &str| {
        let value = request.query_value(name);
        value.map(|value| number(name, &value)).transpose()
    };
    let (offset, limit) = (parameter("offset")?, parameter("limit")?);
    let page = match (offset, limit) {
        (None, None) => query.run(Arc::clone(store)),
        _ => {
            let window = (offset.unwrap_or(0), limit.unwrap_or(usize::MAX));
            query.run_window(Arc::clone(store), window)
        }
    };
    if offset.is_some_and(|offset| offset > page.total) {
        let (found, expected) = (offset.unwrap_or_default(), page.total);
        let expected = format!("at most {expected}, the number of users");
        return Err(Error::invalid_query(
            "offset",
            &found.to_string(),
            &expected,
        ));
    }
    if page.len() > MAX_ENTRIES && limit.is_none() {
        return Err(Error::refused(TOO_MANY, Provenance::Documented));
    }
    Ok(EndpointResponse::List(page))
}

/// Creates a user from an entry of the directory, which is then no longer among those to import.
fn import(
    transaction: &mut Transaction<'_>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    expect_directory(transaction.store())?;
    request.elements()?;
    let template = request.query_value("templateAlias").unwrap_or_default();
    let template = transaction.find("usertemplates", &[("Alias", &template)]);
    let Some(template) = template.into_iter().next() else {
        return Err(Error::refused(NO_TEMPLATE, Provenance::Client));
    };
    let pkid = request.element("pkid").unwrap_or_default().trim();
    let entry = transaction.find(ENTRIES, &[("pkid", pkid)]);
    let Some(entry) = entry.into_iter().next() else {
        let (rule, expected) = (ErrorRule::References, "the pkid of a user in the directory");
        return Err(Error::invalid_parameter(rule, "pkid", pkid, expected));
    };
    let catalogue = transaction.catalogue();
    let users = catalogue.resource(USERS);
    let given = users.map_or_else(Vec::new, |users| given(users, request));
    let values = values(&entry, &given);
    let user = transaction.create_requested(USERS, &template, &given, &values)?;
    transaction.remove(&entry)?;
    Ok(EndpointResponse::Created(user))
}

/// Checks that there is a directory: that it has entries, or that a user was imported from it.
fn expect_directory(store: &Store) -> Result<(), Error> {
    let entries = store.catalogue().resource(ENTRIES);
    let has_entries = entries.is_some_and(|entries| store.collection(entries.id).len() > 0);
    if !has_entries && find(store, USERS, &[("LdapType", IMPORTED)]).is_empty() {
        let error = Error::refused(INACTIVE, Provenance::Client);
        return Err(error.with_code(NOT_ACTIVATED));
    }
    Ok(())
}

/// Returns the elements of the request that are fields of a user, under the names that these have.
fn given<'r>(users: &'r Resource, request: &'r EndpointRequest<'_>) -> Vec<Element<'r>> {
    let EndpointBody::Elements(elements) = &request.body else {
        return Vec::new();
    };
    let known = elements.iter().filter_map(|element| {
        let position = users.column(&element.name)?;
        Some(Element {
            name: Cow::Borrowed(&users.fields[position].name),
            ..element.clone()
        })
    });
    known.collect()
}

/// Returns the values that a user gets from the directory, unless the request has them.
fn values<'e>(entry: &'e NamedRecord, given: &[Element<'_>]) -> Vec<(&'static str, &'e str)> {
    let from_directory = [
        ("Alias", entry.get("alias")),
        ("FirstName", entry.get("firstName")),
        ("LastName", entry.get("lastName")),
        ("DtmfAccessId", entry.get("telephoneNumber")),
        ("LdapCcmPkid", entry.get("pkid")),
        ("LdapCcmUserId", entry.get("alias")),
        ("LdapType", Some(IMPORTED)),
    ];
    let is_missing = |name: &str| given.iter().all(|element| element.name != name);
    let values = from_directory.into_iter();
    let values = values.filter(|(name, _)| is_missing(name) || *name == "LdapType");
    values
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}
