//! The signals that end the process.

use std::{future::Future, io};

use signal_hook::consts::{SIGINT, SIGTERM};
use tokio::signal::ctrl_c;

/// Returns the numbers of the signals that end the process.
pub(crate) fn numbers() -> Vec<i32> {
    vec![SIGINT, SIGTERM]
}

/// Returns a future that waits for Ctrl-C, whichever signals are wanted. Must be called in a runtime.
pub(crate) fn next(_: &[i32]) -> io::Result<impl Future<Output = ()> + use<>> {
    Ok(async {
        // An error means that there is no handler: then only the end of the process remains.
        let _ = ctrl_c().await;
    })
}
