//! The control plane.

mod access;
mod requests;
mod reset;
mod verify;
