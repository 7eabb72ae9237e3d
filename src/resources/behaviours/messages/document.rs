//! The documents of messages.

use super::names::{ATTACHMENTS, DELETED, RECIPIENTS, SENT, WAVE};
use crate::{
    engine::{ElementTree, NamedRecord, find},
    store::Store,
};

/// The fields that begin the document, which every message has.
const FIRST: [&str; 6] = [
    "Subject",
    "Read",
    "Dispatch",
    "Secure",
    "Priority",
    "Sensitivity",
];

/// Returns the path of a message.
pub(super) fn uri(message: &NamedRecord) -> String {
    format!("/vmrest/messages/{}", message.id())
}

/// Returns the size of the sound.
pub(super) fn size(message: &NamedRecord) -> u64 {
    let size = message.get("Size").and_then(|size| size.parse().ok());
    size.unwrap_or_default()
}

/// Returns a message as it is in a list.
pub(super) fn row(message: &NamedRecord) -> ElementTree {
    ElementTree::new("Message", properties(message))
}

/// Returns a message with its recipients and attachments.
pub(super) fn whole(store: &Store, message: &NamedRecord) -> ElementTree {
    let of_message = [("MsgId", message.id())];
    let recipients = find(store, RECIPIENTS, &of_message);
    let recipients = recipients.iter().map(|recipient| {
        let kind = ElementTree::text("Type", recipient.get("Type").unwrap_or("TO"));
        let address = address("Address", recipient, "");
        ElementTree::new("Recipient", [kind].into_iter().chain(address))
    });
    let attachments = find(store, ATTACHMENTS, &of_message);
    let attachments = attachments.iter().map(|attachment| {
        let uri = format!("{}/attachments/{}", uri(message), attachment.id());
        let text = ElementTree::text;
        ElementTree::new(
            "Attachment",
            [
                text("URI", uri),
                text("contentType", WAVE.to_owned()),
                text("contentTransferEncoding", "base64".to_owned()),
                text("contentDisposition", "voice.wav".to_owned()),
            ],
        )
    });
    let mut elements = properties(message);
    elements.push(ElementTree::new("Recipients", recipients));
    elements.push(ElementTree::new("Attachments", attachments));
    ElementTree::new("Message", elements)
}

fn properties(message: &NamedRecord) -> Vec<ElementTree> {
    let value = |name: &'static str| {
        let value = message.get(name).unwrap_or_default();
        ElementTree::text(name, value)
    };
    let mut elements: Vec<_> = FIRST.into_iter().map(value).collect();
    elements.push(ElementTree::text("URI", uri(message)));
    elements.push(value("MsgId"));
    elements.extend(address("From", message, "From"));
    let caller = ["CallerNumber", "CallerName"];
    if caller.iter().any(|name| message.get(name).is_some()) {
        let given = caller
            .into_iter()
            .filter(|name| message.get(name).is_some());
        elements.push(ElementTree::new("CallerId", given.map(value)));
    }
    let folder = message.get("Folder").unwrap_or_default();
    let is_in = |other: &str| (folder == other).to_string();
    elements.extend([
        value("ArrivalTime"),
        value("Size"),
        value("Duration"),
        value("FromSub"),
        value("MsgType"),
        value("IMAPUid"),
        ElementTree::text("Flagged", "false"),
        value("ModificationTime"),
        ElementTree::text("IsDraft", "false"),
        ElementTree::text("IsDeleted", is_in(DELETED)),
        ElementTree::text("IsSent", is_in(SENT)),
        ElementTree::text("IsFuture", "false"),
    ]);
    elements
}

/// Returns an element with the parts of an address that exist, if there is one. `prefix` begins the names of the fields.
fn address(name: &'static str, record: &NamedRecord, prefix: &str) -> Option<ElementTree> {
    let parts = ["DisplayName", "SmtpAddress", "DtmfAccessId"];
    let parts = parts.into_iter().filter_map(|part| {
        let value = record.get(&format!("{prefix}{part}"))?;
        Some(ElementTree::text(part, value))
    });
    let parts: Vec<_> = parts.collect();
    (!parts.is_empty()).then(|| ElementTree::new(name, parts))
}
