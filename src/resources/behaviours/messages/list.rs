//! Lists of messages: filters, order and pages.

use std::sync::Arc;

use super::{document, mailbox, names::INBOX, owner::owner};
use crate::{
    engine::{
        ElementTree, EndpointRequest, EndpointResponse, Error, NamedRecord,
        query::{MAX_ROWS, number},
    },
    schema::ErrorRule,
    store::Store,
};

/// The query parameters that select messages, each with the field that has the value.
const FILTERS: [(&str, &str); 4] = [
    ("read", "Read"),
    ("dispatch", "Dispatch"),
    ("priority", "Priority"),
    ("type", "MsgType"),
];
/// The sort keys, each with its field.
const KEYS: [(&str, &str); 2] = [("arrivaltime", "ArrivalTime"), ("priority", "Priority")];
/// The priorities, from the lowest one.
const PRIORITIES: [&str; 3] = ["Low", "Normal", "Urgent"];

/// Lists the messages in the inbox of a user.
pub(super) fn inbox(
    store: &Arc<Store>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    list(store, request, INBOX)
}

/// Lists the messages in the folder that the path names.
pub(super) fn folder(
    store: &Arc<Store>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    list(store, request, mailbox::folder_name(request)?)
}

fn list(
    store: &Store,
    request: &EndpointRequest<'_>,
    folder: &str,
) -> Result<EndpointResponse, Error> {
    let owner = owner(store, request)?;
    let mut messages = mailbox::messages(store, &owner, Some(folder));
    for (parameter, field) in FILTERS {
        if let Some(wanted) = request.query_value(parameter) {
            messages.retain(|message| {
                let found = message.get(field).unwrap_or_default();
                found.eq_ignore_ascii_case(&wanted)
            });
        }
    }
    sort(request, &mut messages)?;
    let parameter = |name: &str, usual: usize| {
        let value = request.query_value(name);
        value.map_or(Ok(usual), |value| number(name, &value))
    };
    let (page, rows) = (
        parameter("pageNumber", 1)?,
        parameter("rowsPerPage", MAX_ROWS)?,
    );
    let total = messages.len();
    let (skip, take) = match page.checked_sub(1) {
        Some(before) => (before.saturating_mul(rows), rows),
        None => (0, 0),
    };
    let shown = messages.iter().skip(skip).take(take);
    let rows = shown.map(document::row);
    let list = ElementTree::list("Messages", total, rows);
    Ok(EndpointResponse::Document(list))
}

/// Sorts messages as the request wants it: the newest first, unless it has a key or an order.
fn sort(request: &EndpointRequest<'_>, messages: &mut [NamedRecord]) -> Result<(), Error> {
    let key = request.query_value("sortkey");
    let key = key.as_deref().unwrap_or(KEYS[0].0);
    let mut keys = KEYS.iter();
    let Some((_, field)) = keys.find(|(known, _)| known.eq_ignore_ascii_case(key)) else {
        let expected = KEYS.map(|(key, _)| key).join(" or ");
        return Err(Error::invalid_parameter(
            ErrorRule::Choices,
            "sortkey",
            key,
            &expected,
        ));
    };
    let order = request.query_value("sortorder");
    let is_ascending = order.is_some_and(|order| order.eq_ignore_ascii_case("ascending"));
    let rank = |message: &NamedRecord| {
        let value = message.get(field).unwrap_or_default();
        let priority = PRIORITIES.iter().position(|known| *known == value);
        priority.map_or_else(
            || value.parse().unwrap_or_default(),
            |rank| rank.try_into().unwrap_or_default(),
        )
    };
    if !is_ascending {
        // Of several that arrived at the same time, the last one is the newest.
        messages.reverse();
    }
    messages.sort_by_key(|message: &NamedRecord| -> i64 {
        let rank: i64 = rank(message);
        if is_ascending { rank } else { -rank }
    });
    Ok(())
}
