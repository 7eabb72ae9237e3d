//! Port groups, and the servers and codecs that each of them has at first.

use crate::{
    engine::{Creation, Error, NamedRecord, Transaction},
    schema::Provenance,
};

const SERVERS: &str = "portgroups/{MediaPortGroupObjectId}/portgroupservers";
const CODECS: &str = "portgroups/{MediaPortGroupObjectId}/portgroupcodecs";
const METHOD: &str = "TelephonyIntegrationMethodEnum";
const ADDRESS: &str = "HostOrIPAddress";
/// The number of codecs of a new port group: the first ones of the list.
const COUNT: usize = 2;
const OTHER_METHOD: &str = "Invalid parameter. Parameter = [TelephonyIntegrationMethodEnum]: expected the \
                            CopyTelephonyIntegrationMethodEnum of the port group template";

/// Creates the first server of a new port group, and its codecs. A fixture contains the codecs.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    let group = &creation.record;
    if let Some(address) = group.get(ADDRESS) {
        create_server(transaction, group, address)?;
    }
    if creation.is_loaded {
        return Ok(());
    }
    check_method(transaction, group)?;
    create_codecs(transaction, group)
}

/// Checks that a port group has the integration method of its template.
fn check_method(transaction: &Transaction<'_>, group: &NamedRecord) -> Result<(), Error> {
    let template = group.get("MediaPortGroupTemplateObjectId");
    let template = [("ObjectId", template.unwrap_or_default())];
    let templates = transaction.find("portgrouptemplates", &template);
    let mut methods = templates
        .iter()
        .filter_map(|template| template.get("CopyTelephonyIntegrationMethodEnum"));
    match methods.all(|method| group.get(METHOD) == Some(method)) {
        true => Ok(()),
        false => Err(Error::refused(OTHER_METHOD, Provenance::Inferred)),
    }
}

/// Creates the server with the address of a port group, which loses it.
fn create_server(
    transaction: &mut Transaction<'_>,
    group: &NamedRecord,
    address: &str,
) -> Result<(), Error> {
    let own = ("MediaPortGroupObjectId", group.id());
    if transaction.find(SERVERS, &[own]).is_empty() {
        let service = match group.get(METHOD) {
            Some("1") => "100",
            Some("3") => "104",
            _ => "102",
        };
        let values = [own, ("MediaRemoteServiceEnum", service), (ADDRESS, address)];
        transaction.create_at(SERVERS, None, &values)?;
    }
    transaction.change(group, &[(ADDRESS, None)])
}

fn create_codecs(transaction: &mut Transaction<'_>, group: &NamedRecord) -> Result<(), Error> {
    let definitions = transaction.find("rtpcodecdefs", &[]);
    for (preference, definition) in (1..).zip(definitions.iter().take(COUNT)) {
        let preference = format!("{preference}");
        let values = [
            ("MediaPortGroupObjectId", group.id()),
            ("RtpCodecDefObjectId", definition.id()),
            ("Preference", &preference),
        ];
        transaction.create_at(CODECS, None, &values)?;
    }
    Ok(())
}
