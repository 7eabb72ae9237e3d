//! The vocabulary in which a resource is described: what the vendor's page says, as data.

mod field;
mod provenance;
mod release;
mod resolved;
mod resource;
mod rule;

pub(crate) use field::{Access, Field, Kind, boolean, date_time, guid, integer, link, text};
pub(crate) use provenance::Provenance;
pub use release::{Release, UnknownRelease};
pub(crate) use resolved::{ResolvedField, ResolvedResource, ResolvedRule};
pub(crate) use resource::{OBJECT_ID, Resource, Verb, object_id, uri};
pub(crate) use rule::{Condition, DefaultValue, Evidence, client, documented, inferred};
