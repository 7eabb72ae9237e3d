//! Descriptions of resources: XML documents in the vocabulary of the schema.

mod attributes;
mod check;
mod read;
#[cfg(test)]
pub(crate) mod testing;

pub(crate) use check::check;
pub(crate) use read::read;
