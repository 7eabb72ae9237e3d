//! The differences between this server and a real one.

mod exchange;
mod finding;

pub(crate) use exchange::{Exchange, Probe};
pub(crate) use finding::{Difference, Finding};
