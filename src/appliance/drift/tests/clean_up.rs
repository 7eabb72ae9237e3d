//! No object remains on a server.

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

use expect_test::expect;
use ureq::http::Method;

use super::servers::{Servers, builder, client, tenants};
use crate::{
    Fault, Release, RequestPattern,
    appliance::{
        client::{Client, Request},
        drift::{
            CleanUp, CreationLog, Exchange, Leftovers, Prefix, Stop, creation_log::NamelessCreate,
            object_paths,
        },
    },
};

/// Returns the names of the probes with other statuses.
fn other_statuses(exchanges: &[Exchange]) -> Vec<&str> {
    let different = exchanges
        .iter()
        .filter(|exchange| exchange.mock.status != exchange.server.status);
    different.map(|exchange| &*exchange.probe.name).collect()
}

/// Kills a run at an exchange, and cleans up.
fn kill(servers: &Servers, number: usize) {
    let before = servers.states();
    let folder = tempfile::tempdir().unwrap();
    let log = CreationLog::of(folder.path(), &servers.server.uri());
    let mut count = 0;
    let killed = catch_unwind(AssertUnwindSafe(|| {
        servers.write(&log, |_| {
            count += 1;
            if count == number {
                resume_unwind(Box::new("killed"));
            }
            false
        })
    }));
    assert!(killed.is_err());
    let client = client(&servers.server);
    let leftovers = clean_up(servers, &client, &log);
    assert_eq!(leftovers.failures, &[] as &[String], "at {number}");
    assert_eq!(servers.server.state(), before[1], "at {number}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    servers.mock.set_state(&before[0]);
}

fn clean_up(servers: &Servers, client: &Client, log: &CreationLog) -> Leftovers {
    let clean_up = CleanUp {
        client,
        catalogue: &servers.catalogue(),
        prefix: &Prefix::default(),
        log,
    };
    clean_up.run()
}

#[test]
fn a_killed_run_is_cleaned_up() {
    let servers = Servers::start(Release::V14, &tenants(Release::V14));
    for number in [1, 333, 900, 1400] {
        kill(&servers, number);
    }
}

#[test]
fn an_interrupted_run_leaves_both_servers_as_they_were() {
    let servers = Servers::start(Release::V10_5, &tenants(Release::V10_5));
    let before = servers.states();
    let folder = tempfile::tempdir().unwrap();
    let log = CreationLog::of(folder.path(), &servers.server.uri());
    let mut count = 0;
    let written = servers.write(&log, |_| {
        count += 1;
        count == 300
    });
    assert!(matches!(written.result, Err(Stop::Interrupted)));
    assert_eq!(written.exchanges.len(), 300);
    assert_eq!(servers.states(), before);
}

#[test]
fn objects_without_a_name_are_cleaned_up_by_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let description = folder.path().join("partitions.xml");
    let text = include_str!("../../../resources/partitions.xml");
    let lax = text.replace("<required by=\"listed\"/>", "");
    assert_ne!(lax, text);
    fs::write(&description, lax).unwrap();
    let server = builder(Release::V10_5, 2).resources(&description);
    let servers = Servers::of(builder(Release::V10_5, 1).empty(), server);
    let before = servers.states();
    let log = CreationLog::of(folder.path(), &servers.server.uri());
    let written = servers.write(&log, |_| false);
    written.result.unwrap();
    assert_eq!(servers.states(), before);
    expect![[r#"
        [
            "POST /vmrest/partitions without Name",
            "PUT /vmrest/partitions/{id} with an empty Name",
        ]
    "#]]
    .assert_debug_eq(&other_statuses(&written.exchanges));
    // Another run is killed after the server has created the object, and before its response.
    let client = client(&servers.server);
    let collection = "/vmrest/partitions";
    let others = object_paths::paths(&client, collection).unwrap();
    let create = NamelessCreate {
        collection: collection.to_owned(),
        others,
        name: "Name".to_owned(),
    };
    log.add_nameless(&create).unwrap();
    let post = Request::new(Method::POST, collection);
    let named = post
        .clone()
        .xml("<Partition><Name>of another administrator</Name></Partition>");
    let other = client.send(&named).unwrap();
    let response = client.send(&post.xml("<Partition/>")).unwrap();
    assert_eq!((other.status, response.status), (201, 201));
    let leftovers = clean_up(&servers, &client, &log);
    assert_eq!(leftovers.failures, &[] as &[String]);
    assert_eq!(leftovers.deleted, 1);
    let other = String::from_utf8(other.body).unwrap();
    let deletion = client.send(&Request::new(Method::DELETE, other)).unwrap();
    assert_eq!(deletion.status, 204);
    assert_eq!(servers.states(), before);
}

#[test]
fn objects_that_a_server_refuses_to_delete_are_reported_and_deleted_later() {
    let servers = Servers::start(Release::V10_5, &tenants(Release::V10_5));
    let before = servers.states();
    let folder = tempfile::tempdir().unwrap();
    let log = CreationLog::of(folder.path(), &servers.server.uri());
    let pattern = RequestPattern::delete("searchspaces/*");
    let refusal = servers.server.fault(Fault::answer(400, "no").on(pattern));
    let written = servers.write(&log, |_| false);
    written.result.unwrap();
    assert!(!written.left.is_empty());
    let client = client(&servers.server);
    let leftovers = clean_up(&servers, &client, &log);
    assert_eq!(leftovers.failures.len(), written.left.len());
    refusal.end();
    let leftovers = clean_up(&servers, &client, &log);
    assert_eq!(leftovers.failures, &[] as &[String]);
    assert_eq!(leftovers.deleted, written.left.len());
    assert_eq!(servers.states(), before);
}

#[test]
fn other_objects_with_the_prefix_are_reported() {
    let servers = Servers::start(Release::V10_5, &tenants(Release::V10_5));
    let folder = tempfile::tempdir().unwrap();
    let log = CreationLog::of(folder.path(), &servers.server.uri());
    let client = client(&servers.server);
    let body = "<Partition><Name>Probes-of-others</Name></Partition>";
    let post = Request::new(Method::POST, "/vmrest/partitions").xml(body);
    let path = String::from_utf8(client.send(&post).unwrap().body).unwrap();
    let prefix = "probes-".parse().unwrap();
    let clean_up = CleanUp {
        client: &client,
        catalogue: &servers.catalogue(),
        prefix: &prefix,
        log: &log,
    };
    let leftovers = clean_up.run();
    let failure = format!("{path}: its name begins with probes-, expected names of a run only");
    assert_eq!(
        (leftovers.deleted, &leftovers.failures[..]),
        (0, &[failure][..])
    );
    log.add_prefix(&prefix).unwrap();
    let leftovers = clean_up.run();
    assert_eq!((leftovers.deleted, &leftovers.failures[..]), (1, &[][..]));
}

#[test]
fn a_lost_response_leaves_nothing() {
    let servers = Servers::start(Release::V10_5, &tenants(Release::V10_5));
    let before = servers.states();
    let folder = tempfile::tempdir().unwrap();
    let log = CreationLog::of(folder.path(), &servers.server.uri());
    let lost = Fault::close().handled();
    servers
        .server
        .fault(lost.on(RequestPattern::post("coses")).nth(1));
    servers
        .server
        .fault(Fault::busy().on(RequestPattern::any()).probability(0.01));
    let written = servers.write(&log, |_| false);
    assert!(matches!(written.result, Err(Stop::NoResponse(_))));
    assert_ne!(servers.server.state(), before[1]);
    let leftovers = clean_up(&servers, &client(&servers.server), &log);
    assert_eq!(leftovers.failures, &[] as &[String]);
    assert_eq!(leftovers.deleted, 1);
    assert_eq!(servers.states(), before);
}
