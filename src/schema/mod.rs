//! The vocabulary of resources.
//!
//! A [`Description`] covers all releases, as it is read from a file. A [`Catalogue`] compiles the descriptions of a
//! server for one release.

mod catalogue;
mod compiler;
mod description;
mod error_description;
mod error_rule;
mod evidence;
mod field;
#[cfg(any(test, feature = "appliance"))]
mod field_rule;
pub(crate) mod path;
pub(crate) mod placeholder;
mod provenance;
mod release;
mod resource;
mod resource_id;
mod response_description;
mod route;
mod rule;
mod source;
mod verb;

pub(crate) use catalogue::Catalogue;
pub(crate) use description::{
    ActionDescription, ActionSelector, AliasDescription, AudioDescription, ComputationDescription,
    Description, EmptyList, EndpointDescription, Fact, FieldDescription, Gaps, NameList,
    NamedField, NewPlace, OrderDescription, ReferenceDescription, TemplateDescription,
    UndeletableDescription, ViewDescription,
};
pub(crate) use error_description::ErrorDescription;
pub(crate) use error_rule::{ERROR_CONTENTS, ErrorContent, ErrorRule};
pub(crate) use evidence::Evidence;
pub(crate) use field::{
    Access, Choices, Computation, Field, Kind, NumberRange, OnDelete, Reference, Unique,
};
#[cfg(any(test, feature = "appliance"))]
pub(crate) use field_rule::FieldRule;
pub(crate) use path::PathTemplate;
pub use provenance::Provenance;
pub use release::{Release, UnknownRelease};
pub(crate) use resource::{
    Action, Alias, Audio, Endpoint, Expiry, PathShape, RecordOrder, Resource, Template,
    UndeletableRule, View,
};
pub(crate) use resource_id::ResourceId;
pub(crate) use response_description::{BodyDescription, ResponseDescription};
pub(crate) use route::{Operation, ResourceRoute, RoutePlace};
pub(crate) use rule::{Condition, DefaultValue, Rule};
pub(crate) use source::Source;
pub(crate) use verb::Verb;
