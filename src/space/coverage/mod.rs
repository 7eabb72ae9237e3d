//! Coverage: the share of the served API that requests have used. The offer follows from the resource tables. It
//! includes the responses that relied on inferred facts.

mod bits;
mod hit;
mod inferred;
mod offer;
mod record;
mod report;

pub(crate) use hit::CoverageHit;
pub use inferred::InferredResponse;
pub(crate) use record::CoverageRecord;
pub use report::{CategoryCoverage, Coverage, ResourceCoverage};
