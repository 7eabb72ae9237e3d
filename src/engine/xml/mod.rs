//! XML, the default format: as the vendor writes it and as clients send it.

mod nodes;
mod read;
mod write;

pub(super) use nodes::nodes;
pub(super) use read::{StartTag, XmlReader, read_object};
pub(super) use write::{DECLARATION, FixtureWriter, ObjectWriter, document, error, list};
