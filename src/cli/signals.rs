//! The signals that end the process, and the end of standard input.

use std::{
    future::{Future, pending},
    io,
    pin::pin,
    process,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use clap::Args;
use futures_util::future::select;
use signal_hook::flag;
use tokio::sync::oneshot;
use tracing::info;

use crate::os::signals;

/// The exit status of a process that a signal ends at once.
const EXIT_STATUS: i32 = 0;

#[derive(Debug, Args)]
pub(super) struct StdinOption {
    /// Stop when standard input ends
    ///
    /// If a program starts the server with a pipe as standard input, the server ends with that program,
    /// however the program ends.
    #[arg(long, env = "CUC_MOCK_EXIT_ON_STDIN_CLOSE")]
    exit_on_stdin_close: bool,
}

/// The handlers of SIGINT, SIGTERM and SIGHUP, or of Ctrl-C.
pub(super) struct Signals {
    numbers: Vec<i32>,
    /// True if the next signal ends the process at once, even while all threads are busy.
    ends_process: Arc<AtomicBool>,
    /// Receives the end of standard input, which counts as a signal.
    stdin_end: Option<oneshot::Receiver<()>>,
}

impl Signals {
    /// Registers the handlers. While the server starts, each signal ends the process at once. Without the handlers,
    /// process 1 of a container would ignore it.
    pub(super) fn register() -> io::Result<Self> {
        let numbers = signals::numbers();
        let ends_process = Arc::new(AtomicBool::new(true));
        for &number in &numbers {
            // In this order: the first signal after the start finds the flag unset.
            flag::register_conditional_shutdown(number, EXIT_STATUS, Arc::clone(&ends_process))?;
            flag::register(number, Arc::clone(&ends_process))?;
        }
        Ok(Self {
            numbers,
            ends_process,
            stdin_end: None,
        })
    }

    /// Makes the end of standard input count as a signal, with `--exit-on-stdin-close`.
    pub(super) fn add_stdin(&mut self, option: &StdinOption) -> io::Result<()> {
        if option.exit_on_stdin_close {
            let (sender, receiver) = oneshot::channel();
            let ends_process = Arc::clone(&self.ends_process);
            let read = move || wait_for_stdin_end(&ends_process, sender);
            thread::Builder::new()
                .name("stdin".to_owned())
                .spawn(read)?;
            self.stdin_end = Some(receiver);
        }
        Ok(())
    }

    /// Returns a future that waits for the first signal. From now on, only the second one ends the process at once.
    /// Must be called in a runtime.
    pub(super) fn first(self) -> io::Result<impl Future<Output = ()>> {
        let signal = signals::next(&self.numbers)?;
        self.ends_process.store(false, Ordering::SeqCst);
        Ok(async move {
            let stdin_end = async {
                match self.stdin_end {
                    Some(end) => drop(end.await),
                    None => pending().await,
                }
            };
            select(pin!(signal), pin!(stdin_end)).await;
        })
    }
}

/// Reads standard input to its end, and reports the end. A read error counts as the end.
fn wait_for_stdin_end(ends_process: &AtomicBool, sender: oneshot::Sender<()>) {
    // The result has no use: after an error, there is nothing more to read.
    let _ = io::copy(&mut io::stdin(), &mut io::sink());
    info!("standard input has ended");
    if ends_process.swap(true, Ordering::SeqCst) {
        process::exit(EXIT_STATUS);
    }
    let _ = sender.send(());
}
