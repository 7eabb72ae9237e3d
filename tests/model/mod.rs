//! A model of the store that every history must agree with.
//!
//! A history is a list of operations: requests that create, change, delete, read and query records, snapshots, restores,
//! resets, exports and imports of the state, and faults. The server and the model carry out each, and must agree on the
//! response and on all records. The model knows the descriptions of the resources, and keeps plain lists.
//!
//! `MODEL_SECONDS` is the time of each test. `MODEL_SEED` is the number of the first history; a failure prints its own.

mod concurrent;
mod document;
mod draws;
mod generator;
mod history;
mod imported;
mod query;
mod rows;
mod server;

use std::{
    collections::BTreeMap,
    env,
    time::{Duration, Instant},
};

use history::{Counts, History, Operation};
use proptest::{
    collection::vec,
    prelude::{Strategy, any},
    test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner},
};
use server::Server;

use crate::schema::Release;

/// The time of each test, in seconds. That of concurrent histories takes a quarter.
const SECONDS: u64 = 40;
/// The number of histories with one release, before those with the next one.
const BATCH: usize = 200;
/// The time for the search of a shorter history that fails, too.
const MAX_SHRINK_MILLISECONDS: u32 = 8_000;
/// The maximum number of operations in a history.
const MAX_OPERATIONS: usize = 60;

fn number(variable: &str, otherwise: u64) -> u64 {
    let value = env::var(variable).ok();
    value.map_or(otherwise, |value| value.parse().expect("a number"))
}

/// Runs histories for a while. They begin with a number of records of each invented resource.
fn run(test: &str, first: u64, sizes: &[usize]) -> Counts {
    let mut servers = BTreeMap::new();
    let end = Instant::now() + Duration::from_secs(number("MODEL_SECONDS", SECONDS));
    let mut counts = Counts::new();
    for seed in number("MODEL_SEED", first).. {
        if Instant::now() >= end {
            break;
        }
        // A server takes longer to start than several histories, and all histories of a minute to load its records.
        let choice = (seed - first) as usize;
        let release = Release::ALL[choice / BATCH % Release::ALL.len()];
        let server = servers
            .entry(release)
            .or_insert_with(|| Server::start(release));
        let size = sizes[choice % sizes.len()];
        for (what, count) in run_history(test, seed, server, size) {
            *counts.entry(what).or_default() += count;
        }
        *counts.entry("histories".to_owned()).or_default() += 1;
    }
    counts
}

/// Runs the history of a seed. If it fails, panics with the shortest one that fails, too.
fn run_history(test: &str, seed: u64, server: &Server, size: usize) -> Counts {
    let operation = (any::<u8>(), any::<u16>(), any::<u32>());
    let operation = operation.prop_map(|(kind, resource, choices)| Operation {
        kind,
        resource,
        choices,
    });
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let config = Config {
        cases: 1,
        max_shrink_iters: 2_000,
        max_shrink_time: MAX_SHRINK_MILLISECONDS,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, random);
    let counts = std::cell::RefCell::new(Counts::new());
    let result = runner.run(&vec(operation, 1..=MAX_OPERATIONS), |operations| {
        let mut history = History::begin(server, size);
        for operation in &operations {
            if let Err(difference) = history.step(*operation) {
                let requests = history.requests.join("\n  ");
                return Err(TestCaseError::fail(format!(
                    "{difference}\nafter {size} records of each and\n  {requests}"
                )));
            }
        }
        *counts.borrow_mut() = history.counts;
        Ok(())
    });
    if let Err(TestError::Fail(reason, operations)) = result {
        panic!(
            "MODEL_SEED={seed} cargo test {test} repeats this history of {} operations:\n{reason}",
            operations.len()
        );
    }
    counts.into_inner()
}

/// Runs concurrent histories for a while.
fn run_concurrent(test: &str, first: u64) {
    let server = Server::start(Release::default());
    let end = Instant::now() + Duration::from_secs(number("MODEL_SECONDS", SECONDS) / 4);
    let mut histories = 0;
    for seed in number("MODEL_SEED", first).. {
        if Instant::now() >= end {
            break;
        }
        if let Err(difference) = concurrent::check(&server, seed) {
            panic!("MODEL_SEED={seed} cargo test {test} repeats these requests: {difference}");
        }
        histories += 1;
    }
    println!("{histories} concurrent histories");
}

fn show(counts: &Counts) {
    let shown: BTreeMap<_, _> = counts
        .iter()
        .filter(|(what, _)| !what.contains(" of "))
        .collect();
    println!("{shown:?}");
}

#[test]
fn every_history_of_a_few_records_agrees_with_the_model() {
    let counts = run("every_history_of_a_few_records", 0, &[0, 3, 12]);
    show(&counts);
}

#[test]
fn every_history_of_many_records_agrees_with_the_model() {
    let counts = run("every_history_of_many_records", 1 << 32, &[90, 300, 1_200]);
    show(&counts);
}

#[test]
fn concurrent_requests_have_the_responses_of_some_order() {
    run_concurrent("concurrent_requests", 1 << 48);
}
