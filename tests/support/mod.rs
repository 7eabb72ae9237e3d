//! A client that shows whole responses, the binary as a process, and the objects that tests send.

use std::time::Duration;

mod client;
mod files;
mod folder_watch;
mod process;
mod response;
mod services;
mod tenants;
mod xml_schema;

pub(crate) use client::{ADMIN_AUTHORIZATION, Client, authorization, basic_authorization};
pub(crate) use files::{xml_documents, xml_files};
pub(crate) use folder_watch::FolderWatch;
pub(crate) use process::{ServerProcess, cuc_mock, make_fifo, output};
pub(crate) use response::Response;
pub(crate) use services::{Service, exchange, meeting_place, office_365, services};
pub(crate) use tenants::tenants;
pub(crate) use xml_schema::XmlSchemaValidator;

/// The time after which a test stops waiting and fails.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);
