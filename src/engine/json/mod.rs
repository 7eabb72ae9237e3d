//! JSON, the other format: derived from the XML the way the vendor does it.

mod read;
mod write;

pub(super) use read::{nodes, read_object};
pub(super) use write::{error, list, null_list, object};
