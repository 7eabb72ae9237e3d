//! The control plane.

mod access;
mod reset;
