//! A mock Cisco Unity Connection server for tests.
//!
//! It implements the provisioning API (CUPI, `/vmrest`) the way the real server does, from an in-memory store that
//! starts from fixture XML. A test starts a server, points the client at it, and then looks at the store and at the
//! requests. The server validates fields, answers queries, and rejects invalid requests with the vendor's errors.
//!
//! # First test
//!
//! ```toml
//! [dev-dependencies]
//! cuc-mock = { path = "../cuc-mock", default-features = false, features = ["tls"] }
//! ureq = { version = "3", default-features = false, features = ["rustls"] }
//! ```
//!
//! `path` is a checkout of the project, which is not published yet. Any HTTP client will do.
//!
//! ```
//! use cuc_mock::CucMock;
//!
//! // A test has this body. In an asynchronous one, use `CucMock::start().await`.
//! let mock = CucMock::start_blocking();
//! let tenants = format!("http://admin:secret@{}/vmrest/tenants", mock.address());
//!
//! let xml = "<Tenant><Alias>acme</Alias><SmtpDomain>acme.example.com</SmtpDomain></Tenant>";
//! ureq::post(&tenants).content_type("application/xml").send(xml).unwrap();
//!
//! let list = ureq::get(&tenants).call().unwrap().body_mut().read_to_string().unwrap();
//! assert!(list.contains("<Alias>acme</Alias>"), "{list}");
//! ```
//!
//! The server listens on a free port of 127.0.0.1 and runs on its own threads. It stops when `mock` is dropped.
//! [`CucMock::uri`] is its address without credentials: any user name and password are accepted, unless
//! [`CucMockBuilder::user`] adds users. The builder also selects the [`Release`] to emulate, and the initial content:
//!
//! ```
//! use cuc_mock::{CucMock, Release, Service};
//!
//! let mock = CucMock::builder()
//!     .release(Release::V12_5)
//!     .user("operator", "secret")
//!     .empty() // or `.fixtures("tests/fixtures")`
//!     .service(Service::exchange("Mail").server("10.0.0.7"))
//!     .start_blocking();
//! # drop(mock);
//! ```
//!
//! # Retry
//!
//! A [`Fault`] makes requests fail: with an error in the vendor's format, on the wire, or by a delay.
//!
//! ```
//! use cuc_mock::{CucMock, Fault, RequestPattern};
//!
//! let mock = CucMock::start_blocking();
//! let busy = mock.fault(Fault::busy().on(RequestPattern::get("tenants")).times(2));
//!
//! // A client that tries again while the server is busy.
//! let tenants = format!("http://admin:secret@{}/vmrest/tenants", mock.address());
//! while let Err(ureq::Error::StatusCode(503)) = ureq::get(&tenants).call() {}
//!
//! assert_eq!(busy.hits(), 2);
//! ```
//!
//! [`Space::fault`] applies until the server is reset, and [`Space::scoped_fault`] until its guard is dropped.
//! [`Fault::handled`] loses the response of a request that was carried out.
//!
//! # A failing test
//!
//! If a test panics while its server is running, the server prints the last requests to stderr, with the reason for each
//! rejection, and the seed. [`JournalEntry::reason`] returns the same reason.
//!
//! ```text
//! cuc-mock: the last requests (1 of 1):
//!   #1 POST /vmrest/externalservices, answered with 400
//!     rejected: Invalid parameter. Parameter = [ServerType], Value = [9]: expected 1, 4 or 5 (documented: guide, …)
//! cuc-mock: the seed was 4711, run the test again with CUC_MOCK_SEED=4711 to repeat it
//! ```
//!
//! A test that returns an error has no panic, so end it with `unwrap` or `expect`.
//!
//! # Verification
//!
//! The journal records the requests. A verification selects them with a [`RequestPattern`]; if it fails, its message
//! lists the closest requests and the differences.
//!
//! ```
//! use std::time::Duration;
//! use cuc_mock::{CucMock, RequestPattern};
//!
//! let mock = CucMock::start_blocking();
//! # let tenants = format!("http://admin:secret@{}/vmrest/tenants", mock.address());
//! # let xml = "<Tenant><Alias>acme</Alias><SmtpDomain>acme.example.com</SmtpDomain></Tenant>";
//! # ureq::post(&tenants).content_type("application/xml").send(xml).unwrap();
//! // … the code under test adds a tenant …
//! let creates = RequestPattern::post("tenants").field("Alias", "acme").status(201);
//! mock.verify_blocking(creates.exactly(1).within(Duration::from_secs(2)));
//! mock.verify_blocking(RequestPattern::any().method("DELETE").never());
//!
//! let short = RequestPattern::post("tenants")
//!     .matching("a short alias", |request| request.field("Alias").is_some_and(|alias| alias.len() < 9));
//! assert_eq!(mock.requests_matching(&short).len(), 1);
//! ```
//!
//! [`Space::verify`] is the same for an asynchronous test, and [`Space::expect`] verifies at the end of a test.
//! [`Space::requests`] lists all requests.
//!
//! # Parallel tests
//!
//! A server takes 2 to 3 ms to start, so each test can have one. If many tests must share a server, each works in a
//! [`Space`] of its own, with its own store, journal, faults and clock. The user name selects it.
//!
//! ```
//! use std::sync::LazyLock;
//! use cuc_mock::{CucMock, RequestPattern};
//!
//! static SERVER: LazyLock<CucMock> = LazyLock::new(CucMock::start_blocking);
//!
//! let alice = SERVER.space("alice");
//! let tenants = format!("http://alice:secret@{}/vmrest/tenants", SERVER.address());
//! ureq::get(&tenants).call().unwrap();
//! alice.verify_blocking(RequestPattern::get("tenants").exactly(1));
//! SERVER.verify_blocking(RequestPattern::get("tenants").never()); // the default space
//! ```
//!
//! # Records
//!
//! [`Space::records`] returns the records in the store, for assertions on the effect of a test.
//!
//! ```
//! use cuc_mock::CucMock;
//!
//! let mock = CucMock::start_blocking();
//! # let tenants = format!("http://admin:secret@{}/vmrest/tenants", mock.address());
//! # let xml = "<Tenant><Alias>acme</Alias><SmtpDomain>acme.example.com</SmtpDomain></Tenant>";
//! # ureq::post(&tenants).content_type("application/xml").send(xml).unwrap();
//! // … the code under test adds a tenant …
//! let added = mock.records("tenants").find("(Alias is acme)").first().unwrap();
//! assert_eq!(added.get("SmtpDomain"), Some("acme.example.com"));
//! ```
//!
//! # Snapshots
//!
//! A snapshot keeps the store, in constant time. A reset restores the initial content.
//!
//! ```
//! use cuc_mock::{CucMock, Tenant};
//!
//! let mock = CucMock::builder().empty().start_blocking();
//! mock.add_tenant(Tenant::new("acme", "acme.example.com"));
//! mock.snapshot("one tenant");
//!
//! mock.add_tenant(Tenant::new("other", "other.example.com"));
//! mock.restore("one tenant");
//! assert!(!mock.state().contains("other.example.com"));
//! mock.reset();
//! assert!(!mock.state().contains("acme.example.com"));
//! ```
//!
//! [`Space::state`] exports the store as XML, which [`Space::set_state`] and [`CucMockBuilder::fixtures`] read.
//!
//! # Replay
//!
//! Ids, cookies, delays and the probability of faults come from one seed. `CUC_MOCK_SEED=N cargo test` repeats a run.
//! [`Space::freeze_clock`] makes the dates repeatable, too.
//!
//! # HTTPS
//!
//! HTTP and HTTPS share one port. The client must trust the CA of the server, which is generated in memory.
//!
#![cfg_attr(
    feature = "tls",
    doc = r#"
```
use cuc_mock::CucMock;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

let mock = CucMock::start_blocking();
let ca = Certificate::from_pem(mock.ca_pem().as_bytes()).unwrap();
let tls = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&[ca])).build();
let agent = ureq::Agent::config_builder().tls_config(tls).build().new_agent();

let tenants = format!("https://admin:secret@{}/vmrest/tenants", mock.address());
assert!(agent.get(&tenants).call().is_ok());
```
"#
)]
//! # Features
//!
//! | feature | default | contents |
//! |---|---|---|
//! | `tls` | yes | HTTPS: `CucMock::https_uri`, `CucMock::ca_pem`, `CucMockBuilder::tls_name` |
//! | `console` | yes | a page for browsers at [`CucMock::uri`], which shows the objects and the requests |
//! | `cli` | yes | the needs of the binary, such as the command line; a test needs none of them |
// docs.rs marks the items of each feature.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
#[cfg(doctest)]
#[doc = include_str!("../docs/tutorials/rust.md")]
mod tutorial {}

mod app;
#[cfg(feature = "appliance")]
mod appliance;
#[cfg(bench_api)]
#[doc(hidden)]
pub mod bench_api;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
mod connection;
mod control;
mod engine;
mod faults;
#[cfg(any(fuzzing, test))]
#[doc(hidden)]
pub mod fuzzing;
mod http;
mod journal;
mod mock;
#[cfg(test)]
#[path = "../tests/model/mod.rs"]
mod model;
mod os;
mod resources;
mod schema;
mod server;
mod settings;
mod space;
mod store;
#[cfg_attr(not(feature = "tls"), path = "tls/absent.rs")]
mod tls;
mod values;

pub use engine::load::{Diagnostic, Diagnostics};
pub use faults::{Delay, Fault};
pub use journal::{
    JournalEntry, RejectionReason, RequestPattern, ValuePattern, Verification, VerificationFailure,
};
pub use mock::{
    ActiveFault, Baseline, CucMock, CucMockBuilder, Expectation, FaultGuard, Record, Records,
    Service, Space, StartError, Tenant,
};
pub use schema::{Provenance, Release, UnknownRelease};
pub use space::{
    CategoryCoverage, Change, Coverage, Difference, FieldDifference, InferredResponse,
    ObjectDifference, ResourceCoverage,
};
#[cfg(feature = "tls")]
pub use tls::InvalidTlsName;
