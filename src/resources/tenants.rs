//! Tenants, `/vmrest/tenants`.
//!
//! Checked against the vendor's guide page "Tenants" (10.0(1) and later) and the vendor's SDK.

use crate::schema::{
    Evidence, Release, Resource, Verb, client, date_time, documented, guid, inferred, integer,
    link, object_id, text, uri,
};

/// Evidence: the list in the guide.
const LISTED: Evidence = documented("guide, Tenants");
/// Evidence for the part of the list that the stored copy of the guide lacks.
const REPORTED: Evidence = client("the SDK reads it");
/// Evidence for the fields that a client may set on create.
const GIVEN: Evidence = client("the SDK sends it on create");
/// Evidence: missing in the guide's request, but present when it is read back.
const FILLED_IN: Evidence = inferred("the value of the guide's sample");

/// A tenant of a system that several customers share.
pub(crate) static TENANT: Resource = Resource::new("tenants", "Tenants", "Tenant")
    .takes(Verb::List, LISTED)
    .takes(Verb::Read, LISTED)
    .takes(Verb::Create, documented("guide, creating a tenant"))
    .takes(
        Verb::Update,
        documented("SDK guide: only Description can be changed"),
    )
    .takes(Verb::Delete, documented("guide, deleting a tenant"))
    .fields(&[
        uri(LISTED),
        object_id(LISTED).create_only(),
        date_time("CreationDate", LISTED)
            .read_only()
            .default_now(LISTED),
        text("Alias", LISTED)
            .create_only()
            .required(GIVEN)
            .unique(inferred("aliases become alias@domain")),
        text("Description", GIVEN),
        text("SmtpDomain", LISTED)
            .create_only()
            .required(GIVEN)
            .unique(documented("Administration guide, Tenant partitioning")),
        integer("TimeZone", LISTED)
            .create_only()
            .default("175", FILLED_IN),
        integer("Language", LISTED)
            .create_only()
            .default("1033", FILLED_IN),
        link("CosesURI", "/coses", LISTED),
        link("PartitionsURI", "/partitions", LISTED),
        link("PhoneSystemURI", "/phonesystems", LISTED),
        link("ScheduleSetsURI", "/schedulesets", LISTED),
        link(
            "ExternalServicesURI",
            "/externalservices",
            REPORTED.since(Release::V11_5),
        ),
        guid("PartitionObjectId", REPORTED).read_only(),
        guid("MediaSwitchObjectId", GIVEN).create_only(),
        guid("PhoneSystemObjectId", REPORTED).read_only(),
        guid("MailboxStoreObjectId", GIVEN).create_only(),
        text("PilotNumber", GIVEN).create_only(),
    ]);
