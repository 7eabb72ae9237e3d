//! The operations that only some operating systems have.
//!
//! `unix` implements them, and `portable` replaces them on all other systems, mostly by doing nothing. `--cfg portable`
//! selects it on Unix, too, to check that it compiles.

#[cfg(any(not(unix), portable))]
mod portable;
#[cfg(all(unix, not(portable)))]
mod unix;

#[cfg(any(not(unix), portable))]
use self::portable as system;
#[cfg(all(unix, not(portable)))]
use self::unix as system;

pub(crate) use system::files;
#[cfg(feature = "cli")]
pub(crate) use system::{descriptors, log_output, signals};
