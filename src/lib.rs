//! A mock Cisco Unity Connection server for tests.
//!
//! It implements the provisioning API (CUPI, `/vmrest`) the way the real server does, from an in-memory store that
//! starts from fixture XML. Start a server with [`CucMock::start`] and point the client at [`CucMock::uri`].
// docs.rs marks the items of each feature.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
#[cfg(doctest)]
#[doc = include_str!("../docs/usage.md")]
mod usage {}

mod app;
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
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod http;
mod journal;
mod mock;
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
pub use journal::{JournalEntry, RequestPattern, ValuePattern, Verification, VerificationFailure};
pub use mock::{
    ActiveFault, CucMock, CucMockBuilder, Expectation, FaultGuard, Service, Space, StartError,
    Tenant,
};
pub use schema::{Release, UnknownRelease};
pub use space::{CategoryCoverage, Coverage, ResourceCoverage};
#[cfg(feature = "tls")]
pub use tls::InvalidTlsName;
