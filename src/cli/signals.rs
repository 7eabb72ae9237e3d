//! The signals that end the process.

use std::{
    io,
    sync::{Arc, atomic::AtomicBool},
};

use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};

/// The exit status after a second signal.
const EXIT_STATUS: i32 = 0;

/// SIGINT, SIGTERM and SIGHUP, or Ctrl-C.
pub(super) struct Signals {
    #[cfg(unix)]
    streams: Vec<tokio::signal::unix::Signal>,
}

impl Signals {
    /// Registers the handlers. From now on the first signal does not end the process by itself. A second one does, even
    /// while all threads are busy.
    pub(super) fn new() -> io::Result<Self> {
        let signals = signals();
        let has_arrived = Arc::new(AtomicBool::new(false));
        for &signal in &signals {
            // In this order: the first signal finds the flag unset.
            flag::register_conditional_shutdown(signal, EXIT_STATUS, Arc::clone(&has_arrived))?;
            flag::register(signal, Arc::clone(&has_arrived))?;
        }
        Ok(Self {
            #[cfg(unix)]
            streams: streams(&signals)?,
        })
    }

    /// Waits for the first signal.
    #[cfg(unix)]
    pub(super) async fn first(mut self) {
        let streams = self.streams.iter_mut();
        let received = streams.map(|stream| Box::pin(stream.recv()));
        futures_util::future::select_all(received).await;
    }

    /// Waits for the first signal.
    #[cfg(not(unix))]
    pub(super) async fn first(self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

#[cfg(unix)]
fn streams(signals: &[i32]) -> io::Result<Vec<tokio::signal::unix::Signal>> {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = signals.iter();
    signals
        .map(|number| signal(SignalKind::from_raw(*number)))
        .collect()
}

/// Returns the signals that end the process.
#[cfg(unix)]
fn signals() -> Vec<i32> {
    use signal_hook::consts::SIGHUP;
    let mut signals = vec![SIGINT, SIGTERM];
    // `nohup` ignores this signal for the server.
    if !is_ignored(SIGHUP) {
        signals.push(SIGHUP);
    }
    signals
}

#[cfg(not(unix))]
fn signals() -> Vec<i32> {
    vec![SIGINT, SIGTERM]
}

/// Returns true if the parent process has set this signal to be ignored, as far as the system shows it.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}
