//! The transport settings of smart licensing.

use bytes::Bytes;

use crate::engine::{EndpointFn, EndpointRequest, EndpointResponse, Error, Transaction};

pub(super) const ENDPOINTS: &[(&str, EndpointFn)] = &[("update", EndpointFn::Write(update))];
const SETTINGS: &str = "smartlicense/transportsettings";

/// Changes the settings. The response has the status 200, without a body.
fn update(
    transaction: &mut Transaction<'_>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let settings = transaction.find(SETTINGS, &[]);
    let elements = request.elements()?;
    if let Some(settings) = settings.first() {
        let values = elements.iter();
        let values = values.map(|element| (&*element.name, element.value.as_deref()));
        let values: Vec<_> = values.filter(|(_, value)| value.is_some()).collect();
        transaction.change(settings, &values)?;
    }
    Ok(EndpointResponse::Bytes {
        content_type: "application/xml",
        bytes: Bytes::new(),
    })
}
