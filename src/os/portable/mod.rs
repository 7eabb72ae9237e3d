//! The operations of systems other than Unix.

#[cfg(feature = "cli")]
pub(crate) mod descriptors;
pub(crate) mod files;
#[cfg(feature = "cli")]
pub(crate) mod log_output;
#[cfg(feature = "cli")]
pub(crate) mod signals;
