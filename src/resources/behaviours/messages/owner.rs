//! The user whose mailbox a request is about, and the message that it names.

use bytes::Bytes;

use super::names::{FILES, MESSAGES};
use crate::{
    engine::{EndpointRequest, Error, NamedRecord, files, find},
    schema::ErrorRule,
    store::Store,
};

/// The query parameter with the owner of the mailbox.
const USER: &str = "userobjectid";

/// Returns the user whose mailbox a request is about: the one that the query string names, or the user who sends it.
pub(super) fn owner(store: &Store, request: &EndpointRequest<'_>) -> Result<NamedRecord, Error> {
    let id = request.query_value(USER);
    let user = match (&id, request.user) {
        (Some(id), _) => find(store, "users", &[("ObjectId", id)]).pop(),
        (None, Some(alias)) => find(store, "users", &[("Alias", alias)]).pop(),
        (None, None) => None,
    };
    user.ok_or_else(|| {
        let found = id.as_deref().unwrap_or_default();
        let expected = "the ObjectId of a User, or a request of a user with a mailbox";
        Error::invalid_parameter(ErrorRule::References, USER, found, expected)
    })
}

/// Returns the message that the path names, in the mailbox of the user of the request.
pub(super) fn message(store: &Store, request: &EndpointRequest<'_>) -> Result<NamedRecord, Error> {
    message_of(store, request, request.parameter("MsgId"))
}

pub(super) fn message_of(
    store: &Store,
    request: &EndpointRequest<'_>,
    id: &str,
) -> Result<NamedRecord, Error> {
    let owner = owner(store, request)?;
    let values = [("MsgId", id), ("UserObjectId", owner.id())];
    let found = find(store, MESSAGES, &values).pop();
    found.ok_or_else(|| request.not_found(id))
}

/// Returns the sound in the file with a name.
pub(super) fn sound(store: &Store, file: &str) -> Option<Bytes> {
    let resource = store.catalogue().resource(FILES)?;
    let (_, found) = files::find(store, resource, file)?;
    files::content(resource, found)
}
