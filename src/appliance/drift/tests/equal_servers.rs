//! Servers with the same state respond alike.

use std::sync::atomic::AtomicBool;

use super::servers::{Servers, USERS, Written, client, tenants};
use crate::{
    Release,
    appliance::drift::{Comparison, CreationLog, Exchange, Ignored, ReadProbes, Run, SENT_SECRET},
    schema::Catalogue,
};

/// Checks that both servers have responded alike, without a failure.
fn assert_same(catalogue: &Catalogue, exchanges: &[Exchange]) {
    let ignored = Ignored::default();
    let comparison = Comparison {
        catalogue,
        ignored: &ignored,
        secrets: &[SENT_SECRET.to_owned()],
    };
    for exchange in exchanges {
        let Exchange {
            probe,
            mock,
            server,
        } = exchange;
        let name = &probe.name;
        assert!(mock.status < 500, "{name}: {}", mock.status);
        assert_eq!(mock.status, server.status, "{name}");
        let [one, other] = [mock, server].map(|side| String::from_utf8_lossy(&side.body));
        assert_eq!(one, other, "{name}");
        assert_eq!(comparison.compare(exchange).findings, [], "{name}");
    }
}

/// Returns all reads of both servers.
fn reads(servers: &Servers, complete: Option<&[String]>) -> Vec<Exchange> {
    let catalogue = servers.catalogue();
    let mut exchanges = Vec::new();
    let mut compare = |exchange| exchanges.push(exchange);
    let interruption = AtomicBool::new(false);
    let ids = servers.objects.ids().into_iter();
    let (mock, server) = (client(&servers.mock), client(&servers.server));
    let mut run = Run::new(mock, server, ids, &interruption, &mut compare);
    let probes = ReadProbes {
        catalogue: &catalogue,
        objects: &servers.objects,
        complete,
        kinds: &[],
    };
    probes.send(&mut run).unwrap();
    exchanges
}

/// Checks that two servers with the same state respond alike. `omitted` are the resources that no probe can write.
fn assert_equal_servers(release: Release, fixtures: &[&str], omitted: &[&str]) {
    let servers = Servers::start(release, fixtures);
    let before = servers.states();
    let exchanges = reads(&servers, None);
    assert!(exchanges.len() > 1000);
    assert_same(&servers.catalogue(), &exchanges);
    assert_eq!(servers.states(), before);
    let folder = tempfile::tempdir().unwrap();
    let log = CreationLog::of(folder.path(), &servers.server.uri());
    let Written {
        exchanges,
        result,
        left,
    } = servers.write(&log, |_| false);
    assert_eq!(left, &[] as &[String]);
    let result = result.unwrap();
    let paths = result.iter().filter_map(|text| text.split(": ").next());
    assert_eq!(paths.collect::<Vec<_>>(), omitted);
    assert!(exchanges.len() > 1000);
    assert_same(&servers.catalogue(), &exchanges);
    assert_eq!(servers.states(), before);
}

#[test]
fn equal_servers_with_tenants_respond_alike_and_remain_as_they_were() {
    assert_equal_servers(Release::V10_5, &tenants(Release::V10_5), &[]);
    assert_equal_servers(Release::V14, &tenants(Release::V14), &[]);
}

#[test]
fn equal_servers_with_users_respond_alike_and_remain_as_they_were() {
    // The users belong to no tenant, and there is no service.
    let omitted = [
        "tenants",
        "usertemplates/{UserTemplateObjectId}/templateexternalserviceaccounts",
        "users/{SubscriberObjectId}/externalserviceaccounts",
    ];
    assert_equal_servers(Release::V15, USERS, &omitted);
}

#[test]
fn of_incomplete_lists_only_objects_are_read() {
    let servers = Servers::start(Release::V10_5, &tenants(Release::V10_5));
    let complete = ["tenants".to_owned()];
    let exchanges = reads(&servers, Some(&complete));
    assert_same(&servers.catalogue(), &exchanges);
    let names = exchanges
        .iter()
        .map(|exchange| exchange.probe.name.as_str());
    let lists: Vec<_> = names.filter(|name| name.contains("pageNumber")).collect();
    assert!(!lists.is_empty());
    assert!(
        lists
            .iter()
            .all(|name| name.starts_with("GET /vmrest/tenants?"))
    );
}
