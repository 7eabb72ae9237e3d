//! XML, the default format: as the vendor writes it and as clients send it.

mod nodes;
mod pieces;
mod plain_element;
mod read;
#[cfg(test)]
mod testing;
mod write;

pub(super) use nodes::nodes;
#[cfg(feature = "appliance")]
pub(crate) use read::Token;
pub(crate) use read::XmlReader;
pub(super) use read::{StartTag, read_object};
pub(super) use write::{DECLARATION, FixtureWriter, document, error, list, object};
