//! Measures each step of a response for several numbers of records: run `cargo bench` in this folder.
//!
//! `MAX_RECORDS=1000000 cargo bench` also measures a million records, which needs several GiB of memory.

#[path = "src/fixture.rs"]
mod fixture;

use std::{collections::BTreeMap, env, hint::black_box, sync::LazyLock};

use cuc_mock::{
    CucMock,
    bench_api::{DocumentFormat, Resources, Services},
};
use divan::{Bencher, counter::BytesCount};
use parking_lot::Mutex;

/// The numbers of records.
const SIZES: [usize; 4] = [3, 1_000, 100_000, 1_000_000];

fn main() {
    divan::main();
}

/// Returns the sizes up to `MAX_RECORDS`.
fn sizes() -> impl Iterator<Item = usize> {
    let max = env::var("MAX_RECORDS")
        .ok()
        .and_then(|size| size.parse().ok());
    let max = max.unwrap_or(100_000);
    SIZES.into_iter().filter(move |size| *size <= max)
}

/// Returns a store with this number of services, which is loaded once.
fn services(size: usize) -> &'static Services {
    static LOADED: LazyLock<Mutex<BTreeMap<usize, &'static Services>>> =
        LazyLock::new(Mutex::default);
    LOADED.lock().entry(size).or_insert_with(|| {
        let loaded = Services::load(&fixture::fixture(size));
        Box::leak(Box::new(loaded))
    })
}

/// Measures a list request, from the encoded query string to the last chunk of the body.
fn list(bencher: Bencher<'_, '_>, size: usize, query: &str, format: DocumentFormat) {
    let services = services(size);
    let run = || {
        let page = services.find(services.parse(query));
        let mut bytes = 0;
        services.list(&page, format, |chunk| bytes += chunk.len());
        bytes
    };
    bencher.counter(BytesCount::new(run())).bench(run);
}

#[divan::bench(args = sizes())]
fn load(bencher: Bencher<'_, '_>, size: usize) {
    let fixture = fixture::fixture(size);
    let bytes = BytesCount::new(fixture.len());
    bencher.counter(bytes).bench(|| Services::load(&fixture));
}

#[divan::bench(args = sizes())]
fn list_of_three(bencher: Bencher<'_, '_>, size: usize) {
    list(bencher, size, "rowsPerPage=3", DocumentFormat::Xml);
}

#[divan::bench(args = sizes())]
fn list_of_three_json(bencher: Bencher<'_, '_>, size: usize) {
    list(bencher, size, "rowsPerPage=3", DocumentFormat::Json);
}

#[divan::bench(args = sizes())]
fn list_of_all(bencher: Bencher<'_, '_>, size: usize) {
    list(
        bencher,
        size,
        &format!("rowsPerPage={size}"),
        DocumentFormat::Xml,
    );
}

#[divan::bench(args = sizes())]
fn query_is_indexed(bencher: Bencher<'_, '_>, size: usize) {
    let query = format!("query=(TenantObjectId%20is%20{})", fixture::SMALL_TENANT);
    list(bencher, size, &query, DocumentFormat::Xml);
}

#[divan::bench(args = sizes())]
fn query_startswith_indexed(bencher: Bencher<'_, '_>, size: usize) {
    let query = "query=(DisplayName%20startswith%20Exchange%200000)";
    list(bencher, size, query, DocumentFormat::Xml);
}

#[divan::bench(args = sizes())]
fn query_is_not_indexed(bencher: Bencher<'_, '_>, size: usize) {
    let query = "query=(ServiceAlias%20is%20operator1)";
    list(bencher, size, query, DocumentFormat::Xml);
}

#[divan::bench(args = sizes())]
fn sort_by_an_indexed_column_page_of_20(bencher: Bencher<'_, '_>, size: usize) {
    let query = "sort=(DisplayName%20desc)&rowsPerPage=20";
    list(bencher, size, query, DocumentFormat::Xml);
}

#[divan::bench(args = sizes())]
fn sort_by_another_column_page_of_20(bencher: Bencher<'_, '_>, size: usize) {
    let query = "sort=(ServiceAlias%20asc)&rowsPerPage=20";
    list(bencher, size, query, DocumentFormat::Xml);
}

#[divan::bench(args = sizes())]
fn the_page_in_the_middle(bencher: Bencher<'_, '_>, size: usize) {
    let query = format!("rowsPerPage=20&pageNumber={}", size / 40 + 1);
    list(bencher, size, &query, DocumentFormat::Xml);
}

#[divan::bench(args = sizes())]
fn parse_a_query(bencher: Bencher<'_, '_>, size: usize) {
    let services = services(size);
    bencher.bench(|| services.parse("query=(DisplayName%20startswith%20E)&sort=(Server%20asc)"));
}

#[divan::bench(args = [DocumentFormat::Xml, DocumentFormat::Json])]
fn decode(bencher: Bencher<'_, '_>, format: DocumentFormat) {
    let services = services(3);
    let body = services.object(&fixture::id(1), format);
    let bytes = BytesCount::new(body.len());
    bencher.counter(bytes).bench(|| format.decode(&body));
}

#[divan::bench(args = sizes())]
fn object(bencher: Bencher<'_, '_>, size: usize) {
    let (services, id) = (services(size), fixture::id(size / 2));
    bencher.bench(|| services.object(&id, DocumentFormat::Xml));
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
        let body = bodies.next().expect("the bodies repeat");
        services.update(&id, body.as_bytes());
    });
}

/// Returns descriptions of 70 resources with 60 fields each.
fn descriptions() -> Vec<String> {
    let evidence = r#"<evidence id="page" documented="page"/>"#;
    let verbs = ["list", "read", "create", "update", "delete"];
    let verbs = verbs.map(|verb| format!(r#"<verb name="{verb}" by="page"/>"#));
    let fields: String = (2..60)
        .map(|field| match field % 4 {
            0 => format!(r#"<text name="Field{field}" by="page"><max-length characters="64" by="page"/></text>"#),
            1 => format!(r#"<integer name="Field{field}" by="page"><default value="1" by="page"/><choices values="1 2 3" by="page"/></integer>"#),
            2 => format!(r#"<boolean name="Field{field}" by="page"><default value="true" by="page"/></boolean>"#),
            _ => format!(r#"<guid name="Field{field}" by="page" access="read-only"/>"#),
        })
        .collect();
    let resource = |number: usize| {
        format!(
            r#"<resource path="kinds{number}" list="Kinds{number}" element="Kind{number}">{evidence}{}<uri by="page"/><object-id by="page"/>{fields}</resource>"#,
            verbs.concat()
        )
    };
    (0..70).map(resource).collect()
}

#[divan::bench]
fn read_70_descriptions(bencher: Bencher<'_, '_>) {
    let descriptions = descriptions();
    bencher.bench(|| Resources::read(&descriptions));
}

/// Measures an update while a reader holds the store, which has 76 resources.
#[divan::bench(args = sizes())]
fn update_beside_a_reader(bencher: Bencher<'_, '_>, size: usize) {
    let resources = Resources::read(&descriptions());
    let services = Services::load_beside(&fixture::fixture(size), &resources);
    let id = fixture::id(size / 2);
    let bodies = ["One", "Other"].map(fixture::body);
    let mut bodies = bodies.iter().cycle();
    bencher.bench_local(|| {
        let reader = services.snapshot();
        let body = bodies.next().expect("the bodies repeat");
        services.update(&id, body.as_bytes());
        reader
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
