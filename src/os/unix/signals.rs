//! The signals that end the process.

use std::{fs, future::Future, io};

use futures_util::future::select_all;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use tokio::signal::unix::{SignalKind, signal};

/// Returns the numbers of the signals that end the process.
pub(crate) fn numbers() -> Vec<i32> {
    let mut numbers = vec![SIGINT, SIGTERM];
    // `nohup` ignores this signal for the server.
    if !is_ignored(SIGHUP) {
        numbers.push(SIGHUP);
    }
    numbers
}

/// Returns a future that waits for one of these signals. Must be called in a runtime.
pub(crate) fn next(numbers: &[i32]) -> io::Result<impl Future<Output = ()> + use<>> {
    let streams = numbers
        .iter()
        .map(|number| signal(SignalKind::from_raw(*number)));
    let mut streams: Vec<_> = streams.collect::<io::Result<_>>()?;
    Ok(async move {
        let received = streams.iter_mut().map(|stream| Box::pin(stream.recv()));
        select_all(received).await;
    })
}

/// Returns true if the parent process has set this signal to be ignored, as far as the system shows it.
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}
