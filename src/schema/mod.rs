//! The vocabulary in which a resource is described: what the vendor's page says, as data.

mod edition;
mod field;
mod provenance;
mod release;
mod resource;
mod rule;

pub(crate) use edition::{Edition, Present, Ruling};
pub(crate) use field::{Access, Field, Kind, boolean, date_time, guid, integer, link, text};
pub(crate) use provenance::Provenance;
pub use release::{Release, UnknownRelease};
pub(crate) use resource::{OBJECT_ID, Resource, Verb, object_id, uri};
pub(crate) use rule::{Basis, Condition, Filling, client, documented, inferred};
