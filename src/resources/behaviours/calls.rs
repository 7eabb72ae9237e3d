//! Calls, by which a client records and plays sound on a telephone.

use std::sync::Arc;

use crate::{
    engine::{
        ElementTree, EndpointFn, EndpointRequest, EndpointResponse, Error, NamedRecord,
        Transaction, files, find, wave,
    },
    schema::{ErrorRule, Provenance},
    store::Store,
};

pub(super) const ENDPOINTS: &[(&str, EndpointFn)] = &[
    ("dial", EndpointFn::Write(dial)),
    ("read", EndpointFn::Read(read)),
    ("operate", EndpointFn::Write(operate)),
    ("hang-up", EndpointFn::Write(hang_up)),
];
const CALLS: &str = "calls";
const FILES: &str = "voicefiles";
const NOT_CONNECTED: &str = "The call is not connected: nobody has answered it";
const OTHER_OPERATION: &str = "op is missing or another one: expected RECORD or PLAY";
/// The results of an operation.
const DONE: &str = "0";
const FAILED: &str = "1";

/// Dials a number. The telephone answers at once if it may ring.
fn dial(
    transaction: &mut Transaction<'_>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    request.elements()?;
    let number = request.element("number").unwrap_or_default().trim();
    let can_be_dialled = |c: char| c.is_ascii_digit() || "+*#,".contains(c);
    if number.is_empty() || !number.chars().all(can_be_dialled) {
        let (rule, expected) = (ErrorRule::Type, "digits that can be dialled");
        return Err(Error::invalid_parameter(rule, "number", number, expected));
    }
    let calls = transaction.find(CALLS, &[]);
    let ids = calls
        .iter()
        .filter_map(|call| call.id().parse::<u32>().ok());
    let id = ids.max().map_or(1, |last| last + 1).to_string();
    let rings = request.element("maximumRings");
    let connected = (rings.map(str::trim) != Some("0")).to_string();
    let mut values = vec![
        ("CallId", &*id),
        ("number", number),
        ("connected", &connected),
    ];
    for name in ["maximumRings", "callType"] {
        values.extend(request.element(name).map(|value| (name, value)));
    }
    transaction.create_at(CALLS, None, &values)?;
    Ok(EndpointResponse::Created(format!("/vmrest/calls/{id}")))
}

fn read(store: &Arc<Store>, request: &EndpointRequest<'_>) -> Result<EndpointResponse, Error> {
    let call = call(store, request)?;
    let elements = ["number", "maximumRings", "callType", "connected"];
    let elements = elements.into_iter().filter_map(|name| {
        let value = call.get(name)?;
        Some(ElementTree::text(name, value))
    });
    Ok(EndpointResponse::Document(ElementTree::new(
        "Call", elements,
    )))
}

/// Records a short silence, or plays a recording or a message.
fn operate(
    transaction: &mut Transaction<'_>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let call = call(transaction.store(), request)?;
    if call.get("connected") != Some("true") {
        return Err(Error::refused(NOT_CONNECTED, Provenance::Inferred));
    }
    request.elements()?;
    let operation = request.element("op").unwrap_or_default().trim();
    let given = request.element("resourceId").unwrap_or_default().trim();
    let (resource, result) = match operation.to_ascii_uppercase().as_str() {
        "RECORD" => (record(transaction)?, DONE),
        "PLAY" => (
            given.to_owned(),
            played(transaction.store(), request, given),
        ),
        _ => return Err(Error::refused(OTHER_OPERATION, Provenance::Client)),
    };
    let echo = ["resourceType", "speed", "volume", "startPosition"];
    let echo = echo.into_iter().filter_map(|name| {
        let value = request.element(name)?;
        Some(ElementTree::text(name, value))
    });
    let elements = [
        ElementTree::text("op", operation),
        ElementTree::text("resourceId", resource),
        ElementTree::text("lastResult", result),
    ];
    Ok(EndpointResponse::Document(ElementTree::new(
        "CallControl",
        elements.into_iter().chain(echo),
    )))
}

fn hang_up(
    transaction: &mut Transaction<'_>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let call = call(transaction.store(), request)?;
    transaction.remove(&call)?;
    Ok(EndpointResponse::NoContent)
}

fn call(store: &Store, request: &EndpointRequest<'_>) -> Result<NamedRecord, Error> {
    let id = request.parameter("CallId");
    let found = find(store, CALLS, &[("CallId", id)]).pop();
    found.ok_or_else(|| request.not_found(id))
}

/// Stores a recording of a call; returns its name.
fn record(transaction: &mut Transaction<'_>) -> Result<String, Error> {
    let catalogue = transaction.catalogue();
    let files = catalogue.resource(FILES);
    let files = files.ok_or_else(|| Error::unknown_resource(FILES, catalogue.release))?;
    transaction.create_file(files, Some(files::encoded(&wave::silence())))
}

/// Returns the result of playing a recording or a message.
fn played(store: &Store, request: &EndpointRequest<'_>, id: &str) -> &'static str {
    let kind = request.element("resourceType").unwrap_or_default();
    let found = match kind.trim().eq_ignore_ascii_case("MESSAGE") {
        true => find(store, "messages", &[("MsgId", id)]),
        false => find(store, FILES, &[("Name", id)]),
    };
    if found.is_empty() { FAILED } else { DONE }
}
