//! A loop over every resource of every release, through HTTP: all facts of the descriptions hold.

mod audio;
mod client;
mod creates;
mod deletion;
mod document;
mod exceptions;
mod objects;
mod reading;
mod run;
mod state;
mod updates;
mod values;

use std::thread::{self, ScopedJoinHandle};

use exceptions::EXCEPTIONS;
use run::Run;

use crate::{CucMock, schema::Release};

/// The time of the servers, so that both give new records the same.
const NOW: &str = "2030-01-01T00:00:00Z";

/// Returns a server with the objects that a client cannot create and a fresh system lacks.
fn server(release: Release) -> CucMock {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    let services = match release {
        Release::V10_5 => "externalservices.xml",
        _ => "11.5/externalservices.xml",
    };
    let builder = CucMock::builder().release(release).seed(1).journal(1);
    let builder = builder.frozen_clock(NOW);
    [services, "tenants.xml", "configured/smppproviders.xml"]
        .iter()
        .fold(builder, |builder, path| {
            builder.fixtures(format!("{root}/{path}"))
        })
        .start_blocking()
}

/// Returns the problems of a release, and the numbers of the exceptions that it needs.
fn report(release: Release) -> (Vec<String>, Vec<usize>) {
    let builder = CucMock::builder().release(release).empty().journal(1);
    let other = builder.frozen_clock(NOW).start_blocking();
    Run::of(release, &server(release)).report(&other)
}

#[test]
fn the_facts_of_every_description_hold_in_every_release() {
    let reports: Vec<_> = thread::scope(|scope| {
        let releases = Release::ALL.iter();
        let threads: Vec<_> = releases
            .map(|release| scope.spawn(|| report(*release)))
            .collect();
        let reports = threads.into_iter().map(ScopedJoinHandle::join);
        reports.map(|report| report.expect("a report")).collect()
    });
    let (problems, needed): (Vec<_>, Vec<_>) = reports.into_iter().unzip();
    let (problems, needed) = (problems.concat(), needed.concat());
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    for (number, exception) in EXCEPTIONS.iter().enumerate() {
        let name = exception.name();
        assert!(needed.contains(&number), "{name:?} is not needed");
    }
}
