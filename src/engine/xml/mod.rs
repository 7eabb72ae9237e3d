//! XML, the default format: as the vendor writes it and as clients send it.

mod read;
mod write;

pub(super) use read::{StartTag, XmlReader, read_object, value_spans};
pub(super) use write::{DECLARATION, FixtureWriter, ObjectWriter, document, error, list};
