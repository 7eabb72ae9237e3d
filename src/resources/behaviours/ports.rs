//! Ports, which are created several at a time and counted by their port group and phone system.

use super::values::RecordValues;
use crate::{
    engine::{Creation, Error, NamedRecord, Transaction, find},
    schema::{Provenance, Resource},
    store::{Store, Values},
};

const PORTS: &str = "ports";
const GROUPS: &str = "portgroups";
const GROUP: &str = "MediaPortGroupObjectId";
const PHONE_SYSTEM: &str = "MediaSwitchObjectId";
const SERVERS: &str = "vmsservers";
const SERVER: &str = "VmsServerObjectId";
const NUMBER: &str = "NumberOfPorts";
/// The settings that only ports of SCCP have.
const SKINNY: [&str; 2] = ["SkinnySecurityModeEnum", "HuntOrder"];
const UNKNOWN_SERVER: &str = "Invalid parameter. Parameter = [VmsServerObjectId]: expected the VmsServerObjectId of a VmsServer";
const ODD: &str =
    "Invalid parameter. Parameter = [NumberOfPorts]: expected the even number of ports to create";

/// Gives a port the name of its server, and one of SCCP its settings. Others do not have them.
pub(super) fn complete(
    store: &Store,
    resource: &Resource,
    values: Values,
    _: Option<&Values>,
) -> Values {
    let mut port = RecordValues { resource, values };
    let servers = match port.get(SERVER) {
        Some(server) => find(store, SERVERS, &[(SERVER, server)]),
        None => find(store, SERVERS, &[]),
    };
    if let Some(server) = servers.first() {
        port.set(SERVER, server.get(SERVER));
        port.set("VmsServerName", server.get("ServerName"));
    }
    let group = [("ObjectId", port.get(GROUP).unwrap_or_default())];
    let group = find(store, GROUPS, &group).pop();
    let method = group
        .as_ref()
        .and_then(|group| group.get("TelephonyIntegrationMethodEnum"));
    for name in SKINNY {
        match method {
            Some("1") if port.get(name).is_none() => port.set(name, Some("0")),
            Some("1") => {}
            // A value that no port has is refused.
            _ if port.has_other_choice(name) => {}
            _ => port.set(name, None),
        }
    }
    port.values
}

/// Creates the other ports of a request, and counts those of the port group. A copy is one of the others.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    if creation.template.is_some() {
        return Ok(());
    }
    let port = &creation.record;
    let group = port.get(GROUP).unwrap_or_default();
    match creation.is_loaded {
        true => transaction.change(port, &[(NUMBER, None)])?,
        false => create_all(transaction, port, group)?,
    }
    count(transaction, group, None)
}

/// Counts the ports that are left.
pub(super) fn deleted(transaction: &mut Transaction<'_>, port: &NamedRecord) -> Result<(), Error> {
    let group = port.get(GROUP).unwrap_or_default();
    count(transaction, group, port.get(PHONE_SYSTEM))
}

/// Names the first port of a request, and creates the others like it.
fn create_all(
    transaction: &mut Transaction<'_>,
    port: &NamedRecord,
    group: &str,
) -> Result<(), Error> {
    let server = port.get(SERVER).unwrap_or_default();
    if transaction.find(SERVERS, &[(SERVER, server)]).is_empty() {
        return Err(Error::refused(UNKNOWN_SERVER, Provenance::Inferred));
    }
    let number = port.get(NUMBER).and_then(|number| number.parse().ok());
    let Some(number) = number.filter(|number: &usize| number.is_multiple_of(2)) else {
        return Err(Error::refused(ODD, Provenance::Documented));
    };
    let names = free_names(transaction, group, number);
    let name = names.first().map(String::as_str);
    transaction.change(port, &[(NUMBER, None), ("DisplayName", name)])?;
    let Some(first) = transaction.find(PORTS, &[("ObjectId", port.id())]).pop() else {
        return Ok(());
    };
    for name in names.iter().skip(1) {
        transaction.create_at(PORTS, Some(&first), &[("DisplayName", name)])?;
    }
    Ok(())
}

/// Returns the first names of the form `NAME-001` that no port of a port group has.
fn free_names(transaction: &Transaction<'_>, group: &str, number: usize) -> Vec<String> {
    let taken = transaction.find(PORTS, &[(GROUP, group)]);
    let is_free = |name: &String| {
        taken
            .iter()
            .all(|port| port.get("DisplayName") != Some(name))
    };
    let group = transaction.find(GROUPS, &[("ObjectId", group)]).pop();
    let group = group.as_ref().and_then(|group| group.get("DisplayName"));
    let group = group.unwrap_or_default();
    let names = (1_u32..).map(|place| format!("{group}-{place:03}"));
    names.filter(is_free).take(number).collect()
}

/// Sets the numbers of ports of a port group and of its phone system. If the port group is deleted, too, the latter is
/// `phone_system`.
fn count(
    transaction: &mut Transaction<'_>,
    group: &str,
    phone_system: Option<&str>,
) -> Result<(), Error> {
    let groups = transaction.find(GROUPS, &[("ObjectId", group)]);
    if let Some(group) = groups.first() {
        let ports = transaction.find(PORTS, &[(GROUP, group.id())]).len();
        set_count(transaction, group, ports)?;
    }
    let phone_system = groups
        .first()
        .and_then(|group| group.get(PHONE_SYSTEM))
        .or(phone_system)
        .unwrap_or_default();
    let groups = transaction.find(GROUPS, &[(PHONE_SYSTEM, phone_system)]);
    let ports = groups
        .iter()
        .filter_map(|group| group.get("PortCount")?.parse::<usize>().ok())
        .sum();
    for phone_system in transaction.find("phonesystems", &[("ObjectId", phone_system)]) {
        set_count(transaction, &phone_system, ports)?;
    }
    Ok(())
}

fn set_count(
    transaction: &mut Transaction<'_>,
    object: &NamedRecord,
    ports: usize,
) -> Result<(), Error> {
    let ports = ports.to_string();
    transaction.change(object, &[("PortCount", Some(&ports))])
}
