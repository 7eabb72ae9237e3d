//! Generates a fixture with a number of services, the same each time.

use std::fmt::Write;

/// The tenant of the first three services.
pub const SMALL_TENANT: &str = "fe6541fb-b42c-44f2-8404-ded14cbf7438";
/// The tenant of all others.
const LARGE_TENANT: &str = "069b8e41-8051-4eee-b653-1854f7e68cd8";

/// Returns the ObjectId of the service at `position`.
pub fn id(position: usize) -> String {
    format!("{position:08x}-5c4e-4b8a-9d3f-1a2b3c4d5e6f")
}

/// Returns a fixture with two tenants and a number of Exchange services, whose names are not in the order of creation.
pub fn fixture(services: usize) -> Vec<u8> {
    let mut xml = "<UnityConnection><Tenants>".to_owned();
    for (tenant, alias) in [(SMALL_TENANT, "small"), (LARGE_TENANT, "large")] {
        write!(
            xml,
            "<Tenant><ObjectId>{tenant}</ObjectId><Alias>{alias}</Alias>\
             <SmtpDomain>{alias}.example.com</SmtpDomain></Tenant>"
        )
        .expect("writing to a string does not fail");
    }
    xml += "</Tenants><ExternalServices>";
    for position in 0..services {
        let id = id(position);
        let tenant = match position {
            0..3 => SMALL_TENANT,
            _ => LARGE_TENANT,
        };
        // An odd factor shuffles the numbers below 2³² without collisions.
        let name = u32::try_from(position)
            .unwrap_or_default()
            .wrapping_mul(0x9e37_79b1);
        write!(
            xml,
            "<ExternalService><URI>/vmrest/externalservices/{id}</URI><ObjectId>{id}</ObjectId>\
             <TenantObjectId>{tenant}</TenantObjectId><AuthenticationMode>1</AuthenticationMode>\
             <DisplayName>Exchange {name:08x}</DisplayName><IsEnabled>true</IsEnabled>\
             <SecurityTransportType>1</SecurityTransportType><Server>10.65.156.190</Server>\
             <ServiceAlias>operator{position}</ServiceAlias><ServicePassword/>\
             <ServerType>4</ServerType><SupportsCalendarCapability>true</SupportsCalendarCapability>\
             <SupportsTtsOfEmailCapability>true</SupportsTtsOfEmailCapability>\
             <ValidateServerCertificate>false</ValidateServerCertificate>\
             <UseServiceCredentials>true</UseServiceCredentials>\
             <SupportsMailboxSynchCapability>true</SupportsMailboxSynchCapability>\
             <ExchDoAutodiscover>false</ExchDoAutodiscover><ExchServerType>1</ExchServerType>\
             <MailboxSynchFaxAction>1</MailboxSynchFaxAction>\
             <MailboxSynchEmailAction>2</MailboxSynchEmailAction></ExternalService>"
        )
        .expect("writing to a string does not fail");
    }
    xml += "</ExternalServices></UnityConnection>";
    xml.into_bytes()
}

/// Returns the body of a POST of a service with this name.
pub fn body(name: &str) -> String {
    format!(
        "<ExternalService><DisplayName>{name}</DisplayName><ServiceAlias>admin</ServiceAlias>\
         <ServicePassword>ecsbulab</ServicePassword><ServerType>4</ServerType>\
         <Server>10.65.156.190</Server><AuthenticationMode>1</AuthenticationMode>\
         <ExchServerType>1</ExchServerType><SecurityTransportType>1</SecurityTransportType>\
         </ExternalService>"
    )
}
