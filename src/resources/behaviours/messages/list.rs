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

/// The query parameters that select messages, each with the field that has the value, and the values.
const FILTERS: [(&str, &str, &[&str]); 4] = [
    ("read", "Read", &["true", "false"]),
    ("dispatch", "Dispatch", &["true", "false"]),
    ("priority", "Priority", &["low", "normal", "urgent"]),
    ("type", "MsgType", &["voice", "email", "fax", "receipt"]),
];
const ORDERS: [&str; 2] = ["ascending", "descending"];
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
    for (parameter, field, values) in FILTERS {
        if let Some(wanted) = choice(request, parameter, values)? {
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
    let key = choice(request, "sortkey", &KEYS.map(|(key, _)| key))?;
    let mut keys = KEYS.iter();
    let found = keys.find(|(known, _)| key.as_ref().is_none_or(|key| key == known));
    let (_, field) = found.unwrap_or(&KEYS[0]);
    let order = choice(request, "sortorder", &ORDERS)?;
    let is_ascending = order.as_deref() == Some(ORDERS[0]);
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

/// Returns the value of a parameter of the query string in lower case, which is one of these.
fn choice(
    request: &EndpointRequest<'_>,
    name: &str,
    values: &[&str],
) -> Result<Option<String>, Error> {
    let Some(found) = request.query_value(name) else {
        return Ok(None);
    };
    let lower = found.to_lowercase();
    match values.contains(&&*lower) {
        true => Ok(Some(lower)),
        false => {
            let (rule, expected) = (ErrorRule::Choices, values.join(" or "));
            Err(Error::invalid_parameter(rule, name, &found, &expected))
        }
    }
}
