//! Writing the log beside the work: whoever reads it slowly, or not at all, holds nothing up.

use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
        mpsc::{self, Receiver, Sender, SyncSender},
    },
    thread,
    time::Duration,
};

use tracing_subscriber::fmt::MakeWriter;

/// How many lines wait to be written. Beyond that they are lost, and counted.
const WAITING: usize = 4_096;
/// How long a line waits for others to be written with it.
const PAUSE: Duration = Duration::from_millis(1);
/// How many bytes are written at once, about.
const AT_ONCE: usize = 64 * 1024;
/// How long the end waits for the last lines to be written.
const PATIENCE: Duration = Duration::from_secs(1);

/// Takes lines to be written to stderr.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    // Bounded by `waiting`: a channel with a bound of its own takes the memory of all its places at once.
    sender: Sender<Order>,
    waiting: Arc<AtomicUsize>,
    lost: Arc<AtomicU64>,
}

enum Order {
    Write(Vec<u8>),
    /// Tells when everything before it has been written.
    Flush(SyncSender<()>),
}

/// Sees to it, when it is dropped, that the last lines are written.
#[must_use = "the last lines are lost without it"]
pub(crate) struct Flush(Option<Lines>);

impl Flush {
    /// There is nothing to be written.
    pub(super) fn nothing() -> Self {
        Self(None)
    }
}

/// Begins to write to stderr, on a thread of its own.
pub(super) fn to_stderr() -> io::Result<(Lines, Flush)> {
    let (sender, orders) = mpsc::channel();
    let (waiting, lost) = (Arc::default(), Arc::default());
    let lines = Lines {
        sender,
        waiting: Arc::clone(&waiting),
        lost: Arc::clone(&lost),
    };
    thread::Builder::new()
        .name("log".to_owned())
        .spawn(move || write(&orders, &waiting, &lost))?;
    let flush = Flush(Some(lines.clone()));
    Ok((lines, flush))
}

/// Nobody may be reading, which is no reason to end.
fn write(orders: &Receiver<Order>, waiting: &AtomicUsize, lost: &AtomicU64) {
    for order in orders {
        match order {
            Order::Write(mut lines) => {
                waiting.fetch_sub(1, Relaxed);
                let mut then = None;
                // More may follow soon: what waits is written at once, in bounds.
                thread::sleep(PAUSE);
                while then.is_none() && lines.len() < AT_ONCE {
                    match orders.try_recv() {
                        Ok(Order::Write(more)) => {
                            waiting.fetch_sub(1, Relaxed);
                            lines.extend(more);
                        }
                        Ok(Order::Flush(done)) => then = Some(done),
                        Err(_) => break,
                    }
                }
                let _ = io::stderr().write_all(&lines);
                if let Some(done) = then {
                    let _ = done.try_send(());
                }
                let lines = lost.swap(0, Relaxed);
                if lines > 0 {
                    tracing::warn!(lines, "the log was read too slowly: lines were lost");
                }
            }
            Order::Flush(done) => {
                let _ = done.try_send(());
            }
        }
    }
}

impl Write for &Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.waiting.fetch_add(1, Relaxed) >= WAITING {
            self.waiting.fetch_sub(1, Relaxed);
            self.lost.fetch_add(1, Relaxed);
        } else {
            // The thread that takes them ends with the process.
            let _ = self.sender.send(Order::Write(line.to_vec()));
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> &'a Self {
        self
    }
}

impl Drop for Flush {
    fn drop(&mut self) {
        let Some(lines) = &self.0 else {
            return;
        };
        let (done, written) = mpsc::sync_channel(1);
        // When nobody reads, nobody comes to this either.
        if lines.sender.send(Order::Flush(done)).is_ok() {
            let _ = written.recv_timeout(PATIENCE);
        }
    }
}
