//! Coverage: the share of the served API that requests have used. The offer follows from the resource tables.

mod bits;
mod hit;
mod offer;
mod report;

pub(crate) use bits::CoverageBits;
pub(crate) use hit::CoverageHit;
pub use report::{CategoryCoverage, Coverage, ResourceCoverage};
