//! The vocabulary in which a resource is described, as data.

mod provenance;
mod release;
mod resource;
mod rule;
mod verb;

pub(crate) use provenance::Provenance;
pub use release::{Release, UnknownRelease};
pub(crate) use resource::{
    Access, Field, Kind, ResolvedField, ResolvedResource, ResolvedRule, Resource, boolean,
    date_time, guid, integer, link, object_id, text, uri,
};
pub(crate) use rule::{Condition, DefaultValue, Evidence, captured, client, documented, inferred};
pub(crate) use verb::Verb;
