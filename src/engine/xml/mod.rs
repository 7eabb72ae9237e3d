//! The default format: XML as the vendor writes it, and as clients send it.

mod plain;
mod read;
mod write;

pub(super) use read::{Open, XmlReader, object as read_object};
pub(super) use write::{DECLARATION, Object, document, error, fixture, list};
