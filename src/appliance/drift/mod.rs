//! The differences between this server and a real one.

mod comparison;
mod exchange;
mod finding;
mod ignored;
mod message_text;
mod report;

pub(crate) use comparison::{Comparison, Outcome};
pub(crate) use exchange::{Exchange, Probe};
pub(crate) use finding::{Difference, Finding};
pub(crate) use ignored::{Ignored, IgnoredPlace, InvalidPlace};
pub(crate) use report::{Heading, PageNames, Report, Results};
