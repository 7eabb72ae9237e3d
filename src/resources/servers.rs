//! The servers of the cluster, as `/vmrest/cluster` lists them in 10.5.

use super::VMS_SERVER;
use crate::schema::{Evidence, Release, Resource, Verb, client, documented, integer, text};

/// The vendor's page has these rows up to its revision of November 2013.
const CLIENTS: Evidence = client("the SDK and two scripts read it");
const PAGE: Evidence = documented("guide, VMS servers");

/// A server of the cluster, with neither a URI nor an ObjectId.
pub(crate) static SERVER: Resource = Resource::new("cluster", "Cluster", "Server")
    .key(0)
    .until(Release::V10_5, &VMS_SERVER, PAGE)
    .takes(Verb::List, CLIENTS)
    .fields(&[
        text("Key", CLIENTS)
            .read_only()
            .required(CLIENTS)
            .unique(CLIENTS),
        integer("DatabaseReplication", CLIENTS).read_only(),
        text("HostName", CLIENTS).read_only(),
        text("Ipv6Name", CLIENTS).read_only(),
        text("MacAddress", CLIENTS).read_only(),
        text("Description", CLIENTS).read_only(),
    ]);
