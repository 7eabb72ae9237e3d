//! Coverage: the share of the served API that requests have used. The offer follows from the resource tables.

mod counters;
mod hit;
mod offer;
mod report;

pub(crate) use counters::Counters;
pub(crate) use hit::CoverageHit;
pub use report::{CategoryCoverage, Coverage, ResourceCoverage};
