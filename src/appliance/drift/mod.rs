//! The differences between this server and a real one.

mod cleanup;
mod comparison;
mod creation_log;
mod exchange;
mod finding;
mod id_pairs;
mod ignored;
mod message_text;
mod names;
mod object_paths;
mod probes;
mod report;
mod run;
mod server_side;
#[cfg(test)]
mod tests;

pub(crate) use cleanup::{CleanUp, Leftovers};
pub(crate) use comparison::{Comparison, Outcome};
pub(crate) use creation_log::CreationLog;
pub(crate) use exchange::{Exchange, Probe, Step};
pub(crate) use finding::{Difference, Finding, Templates};
pub(crate) use ignored::{Ignored, IgnoredPlace};
pub(crate) use names::Prefix;
pub(crate) use probes::{
    CapturedObjects, Plan, ReadProbes, SENT_SECRET, WriteProbes, WriteSettings,
};
pub(crate) use report::{Heading, PageNames, Report, Results};
pub(crate) use run::{Run, Stop};
