//! A client that shows the whole answer, the binary as a process, and the services that tests send.

mod client;
mod process;
mod services;
mod tenants;

pub(crate) use client::{Answer, Client, SIGNED_IN, authorization};
pub(crate) use process::{Started, cuc_mock, output};
pub(crate) use services::{Service, exchange, meeting_place, office_365};
pub(crate) use tenants::tenants;
