//! The control plane.

mod access;
mod clock;
mod reset;
mod snapshots;
mod spaces;
mod state;
