//! Infers the descriptions of resources from lists of their objects, in the form of a server's responses.
//!
//! The result is the text of a description, which is read like one of a user.

mod description_text;
mod field_order;
mod inferred_field;
mod inferred_resource;
mod known_resources;
mod location;
mod rejection;
mod sample_list;
mod table;
#[cfg(test)]
mod tests;
mod value_kind;
mod xml_schema;

pub(crate) use inferred_resource::{InferredResource, SampleFile, infer};
pub(crate) use known_resources::KnownResources;
pub(crate) use rejection::unknown_list;
#[cfg(any(feature = "appliance", feature = "manual"))]
pub(crate) use sample_list::description_error;
pub(crate) use sample_list::{SampleList, is_list_document};
#[cfg(feature = "appliance")]
pub(crate) use value_kind::SPECIFIC_KINDS;
pub(crate) use xml_schema::XmlSchema;
