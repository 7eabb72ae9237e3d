//! Resetting spaces.

use cuc_mock::{CucMock, Fault};

use crate::support::{Client, exchange};

const SERVICES: &str = "/vmrest/externalservices";

#[test]
fn a_reset_restores_the_seed_and_repeats_the_ids() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let seed = client.get(SERVICES).body;
    let first = client.create(SERVICES, exchange().xml());
    assert_ne!(client.get(SERVICES).body, seed);
    let answer = client.control("POST", "/__mock/reset", "");
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(client.get(SERVICES).body, seed);
    assert_eq!(client.create(SERVICES, exchange().xml()), first);
}

#[test]
fn a_reset_keeps_only_sessions_snapshots_and_coverage() {
    let mock = CucMock::builder()
        .frozen_clock("2026-01-31T12:00:00Z")
        .start_blocking();
    let client = Client::of(&mock);
    let first = client.get(SERVICES);
    mock.snapshot("kept");
    mock.fault(Fault::busy().times(1));
    mock.advance_clock(std::time::Duration::from_secs(1));
    let coverage = mock.coverage().touched();
    assert!(coverage > 0);
    mock.reset();
    assert!(mock.requests().is_empty());
    assert!(mock.faults().is_empty());
    let again = client.get(SERVICES);
    assert_eq!(again.status, 200);
    assert_eq!(again.header("Date"), first.header("Date"));
    assert!(again.cookies().eq(first.cookies()));
    assert_eq!(mock.requests()[0].number(), 1);
    assert_eq!(mock.fault(Fault::busy()).number(), 1);
    assert_eq!(mock.snapshot_names(), ["kept"]);
    assert_eq!(mock.coverage().touched(), coverage);
}
