//! The default format: XML as the vendor writes it, and as clients send it.

mod read;
mod write;

pub(crate) use read::{Open, XmlReader, object as read_object};
pub(crate) use write::{error, list, object, record};
