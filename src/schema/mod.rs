//! The vocabulary of resources.
//!
//! A [`Description`] covers all releases, as it is read from a file. A [`Catalogue`] compiles the descriptions of a
//! server for one release.

mod catalogue;
mod description;
mod evidence;
mod field;
mod provenance;
mod release;
mod resource;
mod resource_id;
mod rule;
mod verb;

pub(crate) use catalogue::Catalogue;
pub(crate) use description::{AliasDescription, Description, Fact, FieldDescription};
pub(crate) use evidence::Evidence;
pub(crate) use field::{Access, Choices, Field, Kind};
pub(crate) use provenance::Provenance;
pub use release::{Release, UnknownRelease};
pub(crate) use resource::{Alias, Resource};
pub(crate) use resource_id::ResourceId;
pub(crate) use rule::{Condition, DefaultValue, Rule};
pub(crate) use verb::Verb;
