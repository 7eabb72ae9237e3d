//! Writing the log on its own thread, so that a slow reader of stderr blocks nothing.

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

use super::long_texts::shorten_texts;

/// The maximum size of the lines in the queue, in bytes. Further lines are dropped and counted.
const MAX_QUEUE_SIZE: usize = 2 * 1024 * 1024;
/// The memory of a line in the queue in addition to its text, in bytes.
const LINE_OVERHEAD: usize = 64;
/// The time that a line waits for others, to be written together with them.
const BATCH_DELAY: Duration = Duration::from_millis(1);
/// The approximate maximum size of a batch, in bytes.
const MAX_BATCH_SIZE: usize = 64 * 1024;
/// The maximum time that the end of the process waits for the last lines.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

/// Queues lines that a thread writes to stderr.
#[derive(Clone, Debug)]
pub(super) struct LogWriter {
    // Bounded by `queue_size`: a bounded channel would allocate all of its memory at once.
    sender: Sender<Message>,
    queue_size: Arc<AtomicUsize>,
    dropped: Arc<AtomicU64>,
    /// True if each line is an object in JSON.
    is_json: bool,
}

enum Message {
    Line(Vec<u8>),
    /// Requests a notification when all earlier lines are written.
    Flush(SyncSender<()>),
}

/// Waits for the last lines when it is dropped.
#[must_use = "without it the last lines are lost"]
pub(crate) struct FlushGuard(Option<LogWriter>);

impl FlushGuard {
    /// Returns a guard that waits for nothing.
    pub(super) fn disabled() -> Self {
        Self(None)
    }
}

/// Starts the thread that writes to stderr.
pub(super) fn spawn(is_json: bool) -> io::Result<(LogWriter, FlushGuard)> {
    let (sender, messages) = mpsc::channel();
    let (queue_size, dropped) = (Arc::default(), Arc::default());
    let writer = LogWriter {
        sender,
        queue_size: Arc::clone(&queue_size),
        dropped: Arc::clone(&dropped),
        is_json,
    };
    thread::Builder::new()
        .name("log".to_owned())
        .spawn(move || write_all(&messages, &queue_size, &dropped))?;
    let guard = FlushGuard(Some(writer.clone()));
    Ok((writer, guard))
}

fn write_all(messages: &Receiver<Message>, queue_size: &AtomicUsize, dropped: &AtomicU64) {
    for message in messages {
        let flush = match message {
            Message::Flush(done) => Some(done),
            Message::Line(line) => {
                queue_size.fetch_sub(memory_of(&line), Relaxed);
                thread::sleep(BATCH_DELAY);
                let (batch, flush) = collect_batch(line, messages, queue_size);
                // A closed stderr is no reason to stop the server.
                let _ = io::stderr().write_all(&batch);
                flush
            }
        };
        if let Some(done) = flush {
            let _ = done.try_send(());
        }
        let lines = dropped.swap(0, Relaxed);
        if lines > 0 {
            tracing::warn!(
                lines,
                "dropped log lines, because stderr is read too slowly"
            );
        }
    }
}

/// Returns the memory that a line takes in the queue.
fn memory_of(line: &[u8]) -> usize {
    LINE_OVERHEAD + line.len()
}

/// Appends the queued lines to `batch`, up to a flush or to the maximum size.
fn collect_batch(
    mut batch: Vec<u8>,
    messages: &Receiver<Message>,
    queue_size: &AtomicUsize,
) -> (Vec<u8>, Option<SyncSender<()>>) {
    while batch.len() < MAX_BATCH_SIZE {
        match messages.try_recv() {
            Ok(Message::Line(line)) => {
                queue_size.fetch_sub(memory_of(&line), Relaxed);
                batch.extend(line);
            }
            Ok(Message::Flush(done)) => return (batch, Some(done)),
            Err(_) => break,
        }
    }
    (batch, None)
}

impl Write for &LogWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = match str::from_utf8(line) {
            Ok(text) if self.is_json => shorten_texts(text).into_bytes(),
            _ => line.to_vec(),
        };
        let memory = memory_of(&text);
        if self.queue_size.fetch_add(memory, Relaxed) + memory > MAX_QUEUE_SIZE {
            self.queue_size.fetch_sub(memory, Relaxed);
            self.dropped.fetch_add(1, Relaxed);
        } else {
            // The receiving thread lives as long as the process.
            let _ = self.sender.send(Message::Line(text));
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LogWriter {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> &'a Self {
        self
    }
}

impl Drop for FlushGuard {
    fn drop(&mut self) {
        let Some(writer) = &self.0 else {
            return;
        };
        let (done, is_done) = mpsc::sync_channel(1);
        // If nothing reads stderr, the thread never gets to this message.
        if writer.sender.send(Message::Flush(done)).is_ok() {
            let _ = is_done.recv_timeout(FLUSH_TIMEOUT);
        }
    }
}
