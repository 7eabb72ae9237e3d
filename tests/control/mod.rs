//! The control plane.

mod access;
mod faults;
mod reset;
