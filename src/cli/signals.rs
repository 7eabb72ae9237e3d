//! The signals that end the process.

use std::{
    future::Future,
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};

/// The exit status of a process that a signal ends at once.
const EXIT_STATUS: i32 = 0;

/// The handlers of SIGINT, SIGTERM and SIGHUP, or of Ctrl-C.
pub(super) struct Signals {
    numbers: Vec<i32>,
    /// True if the next signal ends the process at once, even while all threads are busy.
    ends_process: Arc<AtomicBool>,
}

impl Signals {
    /// Registers the handlers. While the server starts, each signal ends the process at once. Without the handlers,
    /// process 1 of a container would ignore it.
    pub(super) fn register() -> io::Result<Self> {
        let numbers = numbers();
        let ends_process = Arc::new(AtomicBool::new(true));
        for &number in &numbers {
            // In this order: the first signal after the start finds the flag unset.
            flag::register_conditional_shutdown(number, EXIT_STATUS, Arc::clone(&ends_process))?;
            flag::register(number, Arc::clone(&ends_process))?;
        }
        Ok(Self {
            numbers,
            ends_process,
        })
    }

    /// Returns a future that waits for the first signal. From now on, only the second one ends the process at once.
    /// Must be called in a runtime.
    pub(super) fn first(self) -> io::Result<impl Future<Output = ()>> {
        let signal = next_signal(&self.numbers)?;
        self.ends_process.store(false, Ordering::SeqCst);
        Ok(signal)
    }
}

#[cfg(unix)]
fn next_signal(numbers: &[i32]) -> io::Result<impl Future<Output = ()> + use<>> {
    use tokio::signal::unix::{SignalKind, signal};
    let streams = numbers
        .iter()
        .map(|number| signal(SignalKind::from_raw(*number)));
    let mut streams: Vec<_> = streams.collect::<io::Result<_>>()?;
    Ok(async move {
        let received = streams.iter_mut().map(|stream| Box::pin(stream.recv()));
        futures_util::future::select_all(received).await;
    })
}

#[cfg(not(unix))]
fn next_signal(_: &[i32]) -> io::Result<impl Future<Output = ()> + use<>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// Returns the numbers of the signals that end the process.
#[cfg(unix)]
fn numbers() -> Vec<i32> {
    use signal_hook::consts::SIGHUP;
    let mut numbers = vec![SIGINT, SIGTERM];
    // `nohup` ignores this signal for the server.
    if !is_ignored(SIGHUP) {
        numbers.push(SIGHUP);
    }
    numbers
}

#[cfg(not(unix))]
fn numbers() -> Vec<i32> {
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
