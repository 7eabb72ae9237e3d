//! Descriptions of resources: XML documents in the vocabulary of the schema.

mod aliases;
mod attributes;
mod check;
mod document;
mod errors;
mod names;
mod parents;
mod paths;
mod read;
mod read_field;
mod references;
mod responses;
mod rules;
mod scope;
mod served;
#[cfg(test)]
pub(crate) mod testing;
mod values;

/// The XML Schema document of descriptions, for editors. It accepts everything that a server accepts.
#[cfg(feature = "manual")]
pub(crate) const SCHEMA: &str = include_str!("description.xsd");

pub(crate) use check::DescriptionSet;
pub(crate) use document::{Document, read_document};
pub(crate) use errors::check_errors;
pub(crate) use read::{read, read_outline};
#[cfg(feature = "appliance")]
pub(crate) use read_field::kind_of_element;
pub(crate) use read_field::{access_word, element_of};
pub(crate) use served::check_responses;
#[cfg(test)]
pub(crate) use served::is_served;
