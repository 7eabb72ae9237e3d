//! Measures the cost of each step of a response, and its growth: `cargo bench` in this folder.
//!
//! `LARGEST=1000000 cargo bench` includes a million records, which takes several GiB of memory and some time.

#[path = "src/fixture.rs"]
mod fixture;

use std::{collections::BTreeMap, env, hint::black_box, sync::LazyLock};

use cuc_mock::{
    CucMock,
    bench_api::{Services, Written},
};
use divan::{Bencher, counter::BytesCount};
use parking_lot::Mutex;

/// The numbers of records.
const SIZES: [usize; 4] = [3, 1_000, 100_000, 1_000_000];

fn main() {
    divan::main();
}

/// The sizes up to `LARGEST`.
fn sizes() -> impl Iterator<Item = usize> {
    let largest = env::var("LARGEST").ok().and_then(|size| size.parse().ok());
    let largest = largest.unwrap_or(100_000);
    SIZES.into_iter().filter(move |size| *size <= largest)
}

/// The services of one size, loaded once.
fn services(size: usize) -> &'static Services {
    static LOADED: LazyLock<Mutex<BTreeMap<usize, &'static Services>>> =
        LazyLock::new(Mutex::default);
    LOADED.lock().entry(size).or_insert_with(|| {
        let loaded = Services::load(&fixture::fixture(size));
        Box::leak(Box::new(loaded))
    })
}

/// Evaluates an encoded query string, from parsing to the last piece of the response.
fn answer(bencher: Bencher<'_, '_>, size: usize, query: &str, written: Written) {
    let services = services(size);
    let answered = || {
        let found = services.find(&services.ask(query));
        let mut bytes = 0;
        services.list(&found, written, |piece| bytes += piece.len());
        bytes
    };
    bencher.counter(BytesCount::new(answered())).bench(answered);
}

#[divan::bench(args = sizes())]
fn load(bencher: Bencher<'_, '_>, size: usize) {
    let fixture = fixture::fixture(size);
    let bytes = BytesCount::new(fixture.len());
    bencher.counter(bytes).bench(|| Services::load(&fixture));
}

#[divan::bench(args = sizes())]
fn list_of_three(bencher: Bencher<'_, '_>, size: usize) {
    answer(bencher, size, "rowsPerPage=3", Written::Xml);
}

#[divan::bench(args = sizes())]
fn list_of_three_json(bencher: Bencher<'_, '_>, size: usize) {
    answer(bencher, size, "rowsPerPage=3", Written::Json);
}

#[divan::bench(args = sizes())]
fn list_of_all(bencher: Bencher<'_, '_>, size: usize) {
    answer(bencher, size, &format!("rowsPerPage={size}"), Written::Xml);
}

#[divan::bench(args = sizes())]
fn query_is_indexed(bencher: Bencher<'_, '_>, size: usize) {
    let query = format!("query=(TenantObjectId%20is%20{})", fixture::SMALL_TENANT);
    answer(bencher, size, &query, Written::Xml);
}

#[divan::bench(args = sizes())]
fn query_startswith_indexed(bencher: Bencher<'_, '_>, size: usize) {
    let query = "query=(DisplayName%20startswith%20Exchange%200000)";
    answer(bencher, size, query, Written::Xml);
}

#[divan::bench(args = sizes())]
fn query_is_not_indexed(bencher: Bencher<'_, '_>, size: usize) {
    let query = "query=(ServiceAlias%20is%20operator1)";
    answer(bencher, size, query, Written::Xml);
}

#[divan::bench(args = sizes())]
fn sort_by_an_indexed_column_page_of_20(bencher: Bencher<'_, '_>, size: usize) {
    let query = "sort=(DisplayName%20desc)&rowsPerPage=20";
    answer(bencher, size, query, Written::Xml);
}

#[divan::bench(args = sizes())]
fn sort_by_another_column_page_of_20(bencher: Bencher<'_, '_>, size: usize) {
    let query = "sort=(ServiceAlias%20asc)&rowsPerPage=20";
    answer(bencher, size, query, Written::Xml);
}

#[divan::bench(args = sizes())]
fn the_page_in_the_middle(bencher: Bencher<'_, '_>, size: usize) {
    let query = format!("rowsPerPage=20&pageNumber={}", size / 40 + 1);
    answer(bencher, size, &query, Written::Xml);
}

#[divan::bench(args = sizes())]
fn parse_a_query(bencher: Bencher<'_, '_>, size: usize) {
    let services = services(size);
    bencher.bench(|| services.ask("query=(DisplayName%20startswith%20E)&sort=(Server%20asc)"));
}

#[divan::bench(args = [Written::Xml, Written::Json])]
fn decode(bencher: Bencher<'_, '_>, written: Written) {
    let services = services(3);
    let body = services.object(&fixture::id(1), written);
    let bytes = BytesCount::new(body.len());
    bencher.counter(bytes).bench(|| written.decode(&body));
}

#[divan::bench(args = sizes())]
fn object(bencher: Bencher<'_, '_>, size: usize) {
    let (services, id) = (services(size), fixture::id(size / 2));
    bencher.bench(|| services.object(&id, Written::Xml));
}

#[divan::bench(args = sizes())]
fn create_and_delete(bencher: Bencher<'_, '_>, size: usize) {
    let services = services(size);
    let body = fixture::body("Made");
    bencher.bench(|| {
        let path = services.create(body.as_bytes());
        services.delete(path.rsplit('/').next().unwrap_or_default());
    });
}

#[divan::bench(args = sizes())]
fn update(bencher: Bencher<'_, '_>, size: usize) {
    let (services, id) = (services(size), fixture::id(size / 2));
    let bodies = ["One", "Other"].map(fixture::body);
    let mut bodies = bodies.iter().cycle();
    bencher.bench_local(|| {
        let body = bodies.next().expect("they go round");
        services.update(&id, body.as_bytes());
    });
}

#[divan::bench(args = sizes())]
fn snapshot(bencher: Bencher<'_, '_>, size: usize) {
    let services = services(size);
    bencher.bench(|| services.snapshot());
}

#[divan::bench(args = sizes())]
fn snapshot_and_restore(bencher: Bencher<'_, '_>, size: usize) {
    let services = services(size);
    bencher.bench(|| services.restore(black_box(&services.snapshot())));
}

#[divan::bench]
fn start_of_a_server(bencher: Bencher<'_, '_>) {
    bencher.bench(CucMock::start_blocking);
}
