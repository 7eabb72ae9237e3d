//! The servers of the cluster, `/vmrest/vmsservers` (9.0 and later).

use crate::schema::{
    Evidence, Resource, Verb, boolean, documented, guid, integer, object_id, text, uri,
};

const LISTED: Evidence = documented("guide, VMS servers");

/// A server of the cluster.
pub(crate) static VMS_SERVER: Resource = Resource::new("vmsservers", "VmsServers", "VmsServer")
    .takes(Verb::List, LISTED)
    .takes(Verb::Read, LISTED)
    .fields(&[
        uri(LISTED),
        object_id(LISTED),
        text("ServerName", LISTED).read_only(),
        text("IpAddress", LISTED).read_only(),
        guid("VmsServerObjectId", LISTED).read_only(),
        integer("ClusterMemberId", LISTED).read_only(),
        integer("ServerState", LISTED).read_only(),
        text("HostName", LISTED).read_only(),
        integer("ServerDisplayState", LISTED).read_only(),
        text("IpAddressV6", LISTED).read_only(),
        boolean("SubToPerformReplicationRole", LISTED).read_only(),
    ]);
