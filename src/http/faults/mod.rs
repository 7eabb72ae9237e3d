//! The effects of a fault on a response.

mod apply;
mod body;
mod replacement;
mod vendor;

pub(super) use apply::{Interruption, apply, interrupt};
pub(super) use replacement::replacement;
