//! The operations on messages.

use std::sync::Arc;

use super::{
    document,
    mailbox::folder_name,
    names::{ATTACHMENTS, DELETED, INBOX, MESSAGES, SENT, WAVE},
    owner::{message, message_of, owner, sound},
    submission::Submission,
};
use crate::{
    engine::{EndpointRequest, EndpointResponse, Error, Transaction, find},
    schema::Provenance,
    store::Store,
};

const NOT_DELETED: &str = "The message is not in the folder deleted: expected one that is";
const NOT_SENT: &str = "The message is not in the folder sent: expected one that the user has sent";
const OTHER_METHOD: &str = "method is missing or another one: expected undelete";
const NOT_EMPTIED: &str =
    "The folder cannot be emptied: expected the folder deleted and method=empty";

/// Sends a message: a copy for each recipient with a mailbox, and one in the folder of the sender.
pub(super) fn send(
    transaction: &mut Transaction<'_>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let sender = owner(transaction.store(), request)?;
    let mut submission = Submission::read(transaction.store(), request, &sender)?;
    if let Some(id) = request.query_value("messageid") {
        let forwarded = message_of(transaction.store(), request, &id)?;
        submission.attach_those_of(transaction, &forwarded);
    }
    submission.store_sound(transaction)?;
    let sent = submission.store(transaction, &sender, &sender, SENT, None)?;
    for user in submission.mailboxes() {
        submission.store(transaction, &sender, &user, INBOX, Some(sent.id()))?;
    }
    Ok(EndpointResponse::Created(document::uri(&sent)))
}

pub(super) fn read(
    store: &Arc<Store>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let message = message(store, request)?;
    Ok(EndpointResponse::Document(document::whole(store, &message)))
}

/// Changes the subject and the mark that a message is read.
pub(super) fn update(
    transaction: &mut Transaction<'_>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let message = message(transaction.store(), request)?;
    request.elements()?;
    let now = transaction.now().as_millisecond().to_string();
    let mut values = vec![("ModificationTime", Some(&*now))];
    for name in ["Subject", "Read"] {
        values.extend(request.element(name).map(|value| (name, Some(value))));
    }
    transaction.change(&message, &values)?;
    Ok(EndpointResponse::NoContent)
}

/// Moves a message to the deleted ones, or deletes it for good.
pub(super) fn delete(
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
pub(super) fn undelete(
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
pub(super) fn recall(
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

pub(super) fn attachment(
    store: &Arc<Store>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let message = message(store, request)?;
    let number = request.parameter("Number");
    let values = [("MsgId", message.id()), ("Number", number)];
    let attachment = find(store, ATTACHMENTS, &values).pop();
    let bytes = attachment.and_then(|attachment| sound(store, attachment.get("File")?));
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
pub(super) fn empty(
    transaction: &mut Transaction<'_>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let owner = owner(transaction.store(), request)?;
    let method = request.query_value("method");
    if folder_name(request)? != DELETED || method.as_deref() != Some("empty") {
        return Err(Error::refused(NOT_EMPTIED, Provenance::Client));
    }
    let deleted = [("UserObjectId", owner.id()), ("Folder", DELETED)];
    for message in transaction.find(MESSAGES, &deleted) {
        transaction.remove(&message)?;
    }
    Ok(EndpointResponse::NoContent)
}
