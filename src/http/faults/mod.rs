//! The effects of a fault on a response.

mod apply;
mod body;
mod outcome;
mod vendor;

pub(super) use apply::{Interruption, apply, interrupt};
pub(super) use outcome::outcome;
