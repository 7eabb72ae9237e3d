//! Unified Messaging Services, `/vmrest/externalservices`.
//!
//! Checked against the vendor's guide page "User Template External Services" of release 10.5 and
//! later.

use super::tenants::TENANT;
use crate::schema::{
    Evidence, Release, Resource, Verb, boolean, client, documented, guid, inferred, integer, link,
    object_id, text, uri,
};

// The values of ServerType.
const MEETING_PLACE: &[&str] = &["1"];
const EXCHANGE: &[&str] = &["4"];
const OFFICE_365: &[&str] = &["5"];
const EXCHANGE_OR_OFFICE_365: &[&str] = &["4", "5"];
const MEETING_PLACE_OR_EXCHANGE: &[&str] = &["1", "4"];

/// The AuthenticationMode that needs a ClientId and the fields that belong to it.
const OAUTH2: &[&str] = &["4"];

/// Evidence: the list in the guide of every release.
const LISTED: Evidence = documented("guide, Listing External Services");
/// Evidence: the list in the guide of 11.5 and later.
const LISTED_LATER: Evidence = LISTED.since(Release::V11_5);

/// Evidence: the lists of mandatory parameters of all types.
const ALL: Evidence = documented("guide, Adding Unified Messaging Service");
const EXCHANGE_PAGE: Evidence =
    documented("guide, Adding Exchange/BPOS-D External Service").when("ServerType", EXCHANGE);
const MEETING_PLACE_PAGE: Evidence =
    documented("guide, Adding Meeting Place External Service").when("ServerType", MEETING_PLACE);
const OFFICE_365_PAGE: Evidence =
    documented("guide, Adding Office 365 External Service").when("ServerType", OFFICE_365);
const OFFICE_365_FIRST_PAGE: Evidence = OFFICE_365_PAGE.until(Release::V10_5);
const OFFICE_365_LATER_PAGE: Evidence = OFFICE_365_PAGE.since(Release::V11_5);
const OAUTH2_PAGE: Evidence = documented("guide, Office 365 with OAuth2").since(Release::V12_5);
const WITH_OAUTH2: Evidence = OAUTH2_PAGE.when("AuthenticationMode", OAUTH2);
/// Evidence: from 14 on, OAuth2 needs no alias and no password.
const WITHOUT_OAUTH2: Evidence = ALL.since(Release::V14).unless("AuthenticationMode", OAUTH2);

/// Evidence: missing in the guide's request, but present when it is read back.
const FILLED_IN: Evidence = documented("guide, posted and returned values");
const ON_MEETING_PLACE: Evidence = FILLED_IN.when("ServerType", MEETING_PLACE);
const ON_EXCHANGE: Evidence = FILLED_IN.when("ServerType", EXCHANGE);
const ON_OFFICE_365: Evidence = FILLED_IN.when("ServerType", OFFICE_365);
const ON_BOTH: Evidence = FILLED_IN.when("ServerType", EXCHANGE_OR_OFFICE_365);

const HTTP_HTTPS: &[&str] = &["0", "1"];
const SYNCH_ACTIONS: &[&str] = &["0", "1", "2", "3"];
const SYNCH_ACTIONS_KNOWN: Evidence = client("0 none, 1 deliver, 2 relay, 3 accept and relay");

/// A Unified Messaging Service: Exchange/BPOS-D, MeetingPlace or Office 365.
pub(crate) static EXTERNAL_SERVICE: Resource =
    Resource::new("externalservices", "ExternalServices", "ExternalService")
        .takes(Verb::List, LISTED)
        .takes(Verb::Read, LISTED)
        .takes(Verb::Create, ALL)
        .takes(
            Verb::Update,
            documented("guide, Modifying Unified Messaging Service"),
        )
        .takes(
            Verb::Delete,
            client("the guide prints another path, clients use this one"),
        )
        .fields(&[
            uri(LISTED),
            object_id(LISTED),
            guid("TenantObjectId", LISTED).read_only().owned_by(
                &TENANT,
                documented("deleting a tenant removes all that it owns"),
            ),
            integer("AuthenticationMode", LISTED)
                .required(EXCHANGE_PAGE)
                .default("1", OFFICE_365_LATER_PAGE)
                .choices(&["1", "2", "3"], EXCHANGE_PAGE)
                .choices(
                    &["1", "2", "3"],
                    inferred("as Exchange").when("ServerType", MEETING_PLACE),
                )
                .choices(
                    &["1", "2", "3"],
                    inferred("as Exchange")
                        .when("ServerType", OFFICE_365)
                        .until(Release::V10_5),
                )
                .choices(&["1", "3"], OFFICE_365_LATER_PAGE.until(Release::V11_5))
                .choices(&["1", "3", "4"], OAUTH2_PAGE.when("ServerType", OFFICE_365)),
            text("DisplayName", LISTED)
                .required(ALL)
                .max_length(64, inferred("as many as a display name has elsewhere"))
                .unique(client(
                    "services have names of their own; without regard to case is inferred",
                )),
            boolean("IsEnabled", LISTED).default("true", FILLED_IN),
            integer("SecurityTransportType", LISTED)
                .required(EXCHANGE_PAGE)
                .choices(HTTP_HTTPS, documented("guide, HTTP (0) and HTTPS (1)")),
            integer(
                "LdapSecurityTransportType",
                client("older releases have it"),
            )
            .choices(HTTP_HTTPS, inferred("as SecurityTransportType")),
            text("Server", LISTED)
                .required(ALL.when("ServerType", MEETING_PLACE_OR_EXCHANGE))
                .required(OFFICE_365_FIRST_PAGE),
            text("ServiceAlias", LISTED)
                .required(ALL.until(Release::V12_5))
                .required(WITHOUT_OAUTH2),
            text("ServicePassword", LISTED)
                .secret()
                .required(ALL.until(Release::V12_5))
                .required(WITHOUT_OAUTH2)
                .default("", WITH_OAUTH2.since(Release::V14)),
            integer("ServerType", LISTED)
                .required(ALL)
                .choices(&["1", "4", "5"], ALL),
            boolean("SupportsCalendarCapability", LISTED).default("true", FILLED_IN),
            boolean("SupportsTtsOfEmailCapability", LISTED).default("true", ON_BOTH),
            boolean("SupportsMeetingCapability", LISTED).default("true", ON_MEETING_PLACE),
            boolean("ValidateServerCertificate", LISTED).default("false", ON_BOTH),
            boolean(
                "LdapValidateServerCertificate",
                client("older releases have it"),
            ),
            boolean("UseServiceCredentials", LISTED).default("true", ON_BOTH),
            boolean("SupportsMailboxSynchCapability", LISTED).default("true", ON_BOTH),
            boolean("ExchDoAutodiscover", LISTED)
                .default("false", ON_EXCHANGE)
                .default("false", ON_OFFICE_365.until(Release::V10_5))
                .required(OFFICE_365_LATER_PAGE)
                .choices(&["true"], OFFICE_365_LATER_PAGE),
            integer("ExchServerType", LISTED)
                .required(EXCHANGE_PAGE.until(Release::V10_5))
                .choices(
                    &["0", "1"],
                    documented("guide, Exchange 2003 (0) and later (1)"),
                ),
            text("ExchOrgDomain", LISTED_LATER).required(OFFICE_365_LATER_PAGE),
            text("ExchSite", LISTED_LATER).default("", ON_OFFICE_365.since(Release::V11_5)),
            integer("MailboxSynchFaxAction", LISTED)
                .default("1", ON_BOTH)
                .choices(SYNCH_ACTIONS, SYNCH_ACTIONS_KNOWN),
            integer("MailboxSynchEmailAction", LISTED)
                .default("2", ON_BOTH)
                .choices(SYNCH_ACTIONS, SYNCH_ACTIONS_KNOWN),
            text("ProxyServer", LISTED).default("", ON_OFFICE_365),
            text("TransferExtensionDialString", LISTED).required(MEETING_PLACE_PAGE),
            text("ClientId", OAUTH2_PAGE).required(WITH_OAUTH2),
            text("ClientSecret", OAUTH2_PAGE)
                .secret()
                .required(WITH_OAUTH2),
            text("DirectoryID", OAUTH2_PAGE).required(WITH_OAUTH2),
            text("AdAuthenticationEndpoint", OAUTH2_PAGE)
                .default("https://login.microsoftonline.com", WITH_OAUTH2),
            text("ResourceURI", OAUTH2_PAGE).default("https://outlook.office365.com", WITH_OAUTH2),
            link(
                "ExternalServiceResetURI",
                "/reset",
                LISTED_LATER.when("ServerType", EXCHANGE_OR_OFFICE_365),
            ),
        ]);
