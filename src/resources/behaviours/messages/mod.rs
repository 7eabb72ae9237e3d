//! Messages: the mailboxes of users, and the messages in their folders.

mod document;
mod list;
mod mailbox;
mod submission;

use std::sync::Arc;

use submission::Submission;

use crate::{
    engine::{
        EndpointFn, EndpointRequest, EndpointResponse, Error, NamedRecord, Transaction, find,
    },
    schema::{ErrorRule, Provenance},
    store::Store,
};

pub(super) const ENDPOINTS: &[(&str, EndpointFn)] = &[
    ("send", EndpointFn::Write(send)),
    ("list-inbox", EndpointFn::Read(list::inbox)),
    ("read", EndpointFn::Read(read)),
    ("update", EndpointFn::Write(update)),
    ("delete", EndpointFn::Write(delete)),
    ("undelete", EndpointFn::Write(undelete)),
    ("recall", EndpointFn::Write(recall)),
    ("attachment", EndpointFn::Read(attachment)),
    ("mailbox", EndpointFn::Read(mailbox::mailbox)),
    ("folders", EndpointFn::Read(mailbox::folders)),
    ("folder", EndpointFn::Read(mailbox::folder)),
    ("list", EndpointFn::Read(list::folder)),
    ("empty", EndpointFn::Write(empty)),
];
const MESSAGES: &str = "messages";
const RECIPIENTS: &str = "messages/{MsgId}/recipients";
const ATTACHMENTS: &str = "messages/{MsgId}/attachments";
const INBOX: &str = "inbox";
const SENT: &str = "sent";
const DELETED: &str = "deleted";
const WAVE: &str = "audio/wav";
/// The query parameter with the owner of the mailbox.
const USER: &str = "userobjectid";
const NOT_DELETED: &str = "The message is not in the folder deleted: expected one that is";
const NOT_SENT: &str = "The message is not in the folder sent: expected one that the user has sent";
const OTHER_METHOD: &str = "method is missing or another one: expected undelete";
const NOT_EMPTIED: &str =
    "The folder cannot be emptied: expected the folder deleted and method=empty";

/// Returns the user whose mailbox a request is about: the one that the query string names, or the user who sends it.
fn owner(store: &Store, request: &EndpointRequest<'_>) -> Result<NamedRecord, Error> {
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
fn message(store: &Store, request: &EndpointRequest<'_>) -> Result<NamedRecord, Error> {
    message_of(store, request, request.parameter("MsgId"))
}

fn message_of(
    store: &Store,
    request: &EndpointRequest<'_>,
    id: &str,
) -> Result<NamedRecord, Error> {
    let owner = owner(store, request)?;
    let values = [("MsgId", id), ("UserObjectId", owner.id())];
    let found = find(store, MESSAGES, &values).pop();
    found.ok_or_else(|| {
        let key = request.resource.key.map(|key| (key, id));
        Error::not_found(request.resource, key)
    })
}

/// Sends a message: a copy for each recipient with a mailbox, and one in the folder of the sender.
fn send(
    transaction: &mut Transaction<'_>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let sender = owner(transaction.store(), request)?;
    let mut submission = Submission::read(transaction.store(), request)?;
    if let Some(id) = request.query_value("messageid") {
        let forwarded = message_of(transaction.store(), request, &id)?;
        submission.attach_those_of(transaction, &forwarded);
    }
    let sent = submission.store(transaction, &sender, &sender, SENT, None)?;
    for user in submission.mailboxes(transaction) {
        submission.store(transaction, &sender, &user, INBOX, Some(sent.id()))?;
    }
    Ok(EndpointResponse::Created(document::uri(&sent)))
}

fn read(store: &Arc<Store>, request: &EndpointRequest<'_>) -> Result<EndpointResponse, Error> {
    let message = message(store, request)?;
    Ok(EndpointResponse::Document(document::whole(store, &message)))
}

/// Changes the subject and the mark that a message is read.
fn update(
    transaction: &mut Transaction<'_>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let message = message(transaction.store(), request)?;
    let now = transaction.now().as_millisecond().to_string();
    let mut values = vec![("ModificationTime", Some(&*now))];
    for name in ["Subject", "Read"] {
        values.extend(request.element(name).map(|value| (name, Some(value))));
    }
    transaction.change(&message, &values)?;
    Ok(EndpointResponse::NoContent)
}

/// Moves a message to the deleted ones, or deletes it for good.
fn delete(
    transaction: &mut Transaction<'_>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let message = message(transaction.store(), request)?;
    let is_hard = request.query_value("harddelete");
    let is_hard = is_hard.is_some_and(|value| value.eq_ignore_ascii_case("true"));
    if is_hard || message.get("Folder") == Some(DELETED) {
        transaction.remove(&message)?;
    } else {
        transaction.change(&message, &[("Folder", Some(DELETED))])?;
    }
    Ok(EndpointResponse::NoContent)
}

/// Moves a deleted message back to the inbox.
fn undelete(
    transaction: &mut Transaction<'_>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let message = message(transaction.store(), request)?;
    if request.query_value("method").as_deref() != Some("undelete") {
        return Err(Error::refused(OTHER_METHOD, Provenance::Client));
    }
    if message.get("Folder") != Some(DELETED) {
        return Err(Error::refused(NOT_DELETED, Provenance::Inferred));
    }
    transaction.change(&message, &[("Folder", Some(INBOX))])?;
    Ok(EndpointResponse::NoContent)
}

/// Deletes the copies of a sent message that nobody has read.
fn recall(
    transaction: &mut Transaction<'_>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let message = message(transaction.store(), request)?;
    if message.get("Folder") != Some(SENT) {
        return Err(Error::refused(NOT_SENT, Provenance::Inferred));
    }
    let unread = [("SentMsgId", message.id()), ("Read", "false")];
    for copy in transaction.find(MESSAGES, &unread) {
        transaction.remove(&copy)?;
    }
    Ok(EndpointResponse::NoContent)
}

fn attachment(
    store: &Arc<Store>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let message = message(store, request)?;
    let number = request.parameter("Number");
    let values = [("MsgId", message.id()), ("Number", number)];
    let attachment = find(store, ATTACHMENTS, &values).pop();
    let bytes = attachment.and_then(|attachment| attachment.bytes("Content"));
    let bytes = bytes.ok_or_else(|| {
        let attachments = store.catalogue().resource(ATTACHMENTS);
        let attachments = attachments.unwrap_or(request.resource);
        let key = attachments.key.map(|key| (key, number));
        Error::not_found(attachments, key)
    })?;
    Ok(EndpointResponse::Bytes {
        content_type: WAVE,
        bytes,
    })
}

/// Deletes the messages in the folder with the deleted ones.
fn empty(
    transaction: &mut Transaction<'_>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let owner = owner(transaction.store(), request)?;
    let method = request.query_value("method");
    if request.parameter("Folder") != DELETED || method.as_deref() != Some("empty") {
        return Err(Error::refused(NOT_EMPTIED, Provenance::Client));
    }
    let deleted = [("UserObjectId", owner.id()), ("Folder", DELETED)];
    for message in transaction.find(MESSAGES, &deleted) {
        transaction.remove(&message)?;
    }
    Ok(EndpointResponse::NoContent)
}
