//! The targets of actions: a conversation, and the handler that it begins with.

use super::values::has_default;
use crate::{
    engine::{Creation, Error, NamedRecord, Transaction},
    schema::Provenance,
};

/// The conversations that begin with a handler: their names, and the collection and the element of the handler, with its
/// article.
const HANDLERS: [(&str, &str, &str); 4] = [
    ("AD", "handlers/directoryhandlers", "a DirectoryHandler"),
    (
        "PHInterview",
        "handlers/interviewhandlers",
        "an InterviewHandler",
    ),
    ("PHGreeting", "handlers/callhandlers", "a Callhandler"),
    ("PHTransfer", "handlers/callhandlers", "a Callhandler"),
];

/// Checks that the handler in one field of a record is of the kind that the conversation in another one begins with. Any
/// handler is accepted beside another conversation.
pub(super) fn check(
    transaction: &Transaction<'_>,
    record: &NamedRecord,
    conversation_field: &str,
    handler_field: &str,
) -> Result<(), Error> {
    let conversation = record.get(conversation_field);
    let mut handlers = HANDLERS.iter();
    let known = handlers.find(|(name, ..)| Some(*name) == conversation);
    let (Some((name, path, element)), Some(handler)) = (known, record.get(handler_field)) else {
        return Ok(());
    };
    if !transaction.find(path, &[("ObjectId", handler)]).is_empty() {
        return Ok(());
    }
    let message = format!(
        "Invalid parameter. Parameter = [{handler_field}], Value = [{handler}]: expected the ObjectId of {element}, as \
         {conversation_field} is {name}"
    );
    Err(Error::refused(message, Provenance::Client))
}

/// Checks the targets of a new record. A fixture, a template and a default may name a handler that no longer exists.
pub(super) fn check_new(
    transaction: &Transaction<'_>,
    creation: &Creation,
    targets: &[(&str, &str)],
) -> Result<(), Error> {
    if creation.is_loaded {
        return Ok(());
    }
    let template = creation.template.as_ref();
    for (conversation, handler) in targets {
        let is_copied = template.is_some_and(|template| {
            [conversation, handler].map(|field| template.get(field))
                == [conversation, handler].map(|field| creation.record.get(field))
        });
        if !is_copied && !has_default(&creation.record, handler) {
            check(transaction, &creation.record, conversation, handler)?;
        }
    }
    Ok(())
}

/// Checks the targets of a record that a request changes. One that does not change may be a handler that no longer exists.
pub(super) fn check_changed(
    transaction: &Transaction<'_>,
    before: &NamedRecord,
    after: &NamedRecord,
    targets: &[(&str, &str)],
) -> Result<(), Error> {
    for (conversation, handler) in targets {
        let is_changed = [conversation, handler]
            .into_iter()
            .any(|field| before.get(field) != after.get(field));
        if is_changed {
            check(transaction, after, conversation, handler)?;
        }
    }
    Ok(())
}
