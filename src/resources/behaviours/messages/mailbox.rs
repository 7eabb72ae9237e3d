//! The mailboxes of users, and their folders.

use std::sync::Arc;

use super::{
    document,
    names::{DELETED, INBOX, MESSAGES, SENT},
    owner::owner,
};
use crate::{
    engine::{ElementTree, EndpointRequest, EndpointResponse, Error, NamedRecord, find},
    schema::ErrorRule,
    store::Store,
};

const FOLDERS: [&str; 3] = [INBOX, SENT, DELETED];
const ATTRIBUTES: &str = "users/{SubscriberObjectId}/mailboxattributes";

/// Returns the properties of a mailbox.
pub(super) fn mailbox(
    store: &Arc<Store>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let owner = owner(store, request)?;
    let attributes = find(store, ATTRIBUTES, &[("SubscriberObjectId", owner.id())]).pop();
    let attribute = |name: &str| attributes.as_ref().and_then(|found| found.get(name));
    let size: u64 = messages(store, &owner, None)
        .iter()
        .map(document::size)
        .sum();
    let exceeds = |name: &str| {
        let quota = attribute(name).and_then(|quota| quota.parse::<u64>().ok());
        quota.is_some_and(|quota| size > quota).to_string()
    };
    let quota = |name: &'static str| ElementTree::text(name, attribute(name).unwrap_or("-2"));
    let mounted = attribute("Mounted").unwrap_or("true");
    let name = owner.get("DisplayName").unwrap_or_default();
    let text = |name: &'static str, value: &str| ElementTree::text(name, value);
    Ok(EndpointResponse::Document(ElementTree::new(
        "Mailbox",
        [
            text("DisplayName", name),
            text("CurrentSizeInBytes", &size.to_string()),
            text("IsPrimary", "true"),
            text("IsStoreOverFlowed", "false"),
            text("IsStoreMounted", mounted),
            text("IsMailboxMounted", mounted),
            text("IsWarningQuotaExceeded", &exceeds("WarningQuota")),
            text("IsReceiveQuotaExceeded", &exceeds("ReceiveQuota")),
            text("IsSendQuotaExceeded", &exceeds("SendQuota")),
            quota("ReceiveQuota"),
            quota("WarningQuota"),
            quota("SendQuota"),
            text("IsDeletedFolderEnabled", "true"),
        ],
    )))
}

/// Lists the folders of a mailbox.
pub(super) fn folders(
    store: &Arc<Store>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let owner = owner(store, request)?;
    let folders = FOLDERS.iter().map(|folder| tree(store, &owner, folder));
    let list = ElementTree::list("Folders", FOLDERS.len(), folders);
    Ok(EndpointResponse::Document(list))
}

/// Returns a folder of a mailbox.
pub(super) fn folder(
    store: &Arc<Store>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let owner = owner(store, request)?;
    let folder = folder_name(request)?;
    Ok(EndpointResponse::Document(tree(store, &owner, folder)))
}

/// Returns the name of the folder in the path.
pub(super) fn folder_name(request: &EndpointRequest<'_>) -> Result<&'static str, Error> {
    let given = request.parameter("Folder");
    let mut folders = FOLDERS.iter();
    let folder = folders.find(|folder| folder.eq_ignore_ascii_case(given));
    folder.copied().ok_or_else(|| {
        let expected = FOLDERS.join(" or ");
        Error::invalid_parameter(ErrorRule::Choices, "Folder", given, &expected)
    })
}

/// Returns the messages of a user, or those in one folder.
pub(super) fn messages(
    store: &Store,
    owner: &NamedRecord,
    folder: Option<&str>,
) -> Vec<NamedRecord> {
    let mut values = vec![("UserObjectId", owner.id())];
    values.extend(folder.map(|folder| ("Folder", folder)));
    find(store, MESSAGES, &values)
}

fn tree(store: &Store, owner: &NamedRecord, folder: &str) -> ElementTree {
    let count = messages(store, owner, Some(folder)).len();
    ElementTree::new(
        "Folder",
        [
            ElementTree::text("DisplayName", folder),
            ElementTree::text("MessageCount", count.to_string()),
        ],
    )
}
