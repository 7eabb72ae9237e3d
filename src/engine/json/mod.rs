//! The other format: JSON as the vendor derives it from its XML.

mod read;
mod write;

pub(super) use read::object as read_object;
pub(super) use write::{Object, error, list};
