//! Descriptions of resources: XML documents in the vocabulary of the schema.

mod attributes;
mod check;
mod names;
mod paths;
mod read;
mod read_field;
mod references;
mod scope;
#[cfg(test)]
pub(crate) mod testing;
mod values;

/// The XML Schema document of descriptions, for editors. It accepts everything that a server accepts.
#[cfg(feature = "cli")]
pub(crate) const SCHEMA: &str = include_str!("description.xsd");

pub(crate) use check::DescriptionSet;
pub(crate) use read::read;
