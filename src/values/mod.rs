//! Values with limits, as they appear in the JSON and the query strings of the control plane.
//!
//! Each type reads, writes and describes one kind of value, so that its limits are written down once.

mod choice;
mod integer;
mod missing;
mod named;
mod number;
mod object;
#[cfg(test)]
pub(crate) mod schema;
mod text;
mod time;

pub(crate) use choice::Choice;
pub(crate) use integer::{Integer, integer};
#[cfg(test)]
pub(crate) use named::OneOrMany;
pub(crate) use named::{read_named, write_named};
pub(crate) use number::{MAX_MILLISECONDS, Milliseconds, Number, milliseconds};
pub(crate) use object::{Object, ignored, null_as_default, object};
pub(crate) use text::parsed;
pub(crate) use time::Time;
