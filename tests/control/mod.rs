//! The control plane.

mod access;
mod coverage;
mod metrics;
mod reset;
