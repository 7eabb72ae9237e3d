//! Writing the log. A line is written before the response, unless stderr is a terminal or its reader is slow: then a
//! thread writes it, so that no request waits for long.

use std::{
    cell::Cell,
    io::{self, Write},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use parking_lot::{Condvar, Mutex, MutexGuard};
use tracing_subscriber::fmt::MakeWriter;

use super::long_texts::shorten_texts;
use crate::os::log_output::LogOutput;

/// The maximum size of the lines in the queue, in bytes. Further lines are dropped and counted.
const MAX_QUEUE_SIZE: usize = 2 * 1024 * 1024;
/// The time that a line for a terminal waits for others, to be written together with them.
const BATCH_DELAY: Duration = Duration::from_millis(1);
/// The maximum size of a batch, in bytes.
const MAX_BATCH_SIZE: usize = 64 * 1024;
/// The maximum time that requests wait for a slow reader.
const READER_TIMEOUT: Duration = Duration::from_millis(50);
/// The time after such a wait in which no request waits again.
const READER_RETRY_DELAY: Duration = Duration::from_secs(1);
/// The maximum time that the end of the process waits for the last lines.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

thread_local! {
    /// True in the thread that writes the queue: its own lines must not wait for itself, or be dropped.
    static IS_WRITER: Cell<bool> = const { Cell::new(false) };
}

/// Writes lines to stderr.
#[derive(Clone, Debug)]
pub(super) struct LogWriter(Arc<Shared>);

/// The state that the writer shares with its thread.
#[derive(Debug)]
struct Shared {
    output: LogOutput,
    is_terminal: bool,
    /// True if each line is an object in JSON.
    is_json: bool,
    queue: Mutex<Queue>,
    /// Notified when there are lines in the queue.
    filled: Condvar,
    /// Notified when all lines are written.
    emptied: Condvar,
}

/// The lines that are not written yet.
#[derive(Debug, Default)]
struct Queue {
    lines: Vec<u8>,
    /// The size of the batch that the thread is writing.
    batch_size: usize,
    dropped: u64,
    /// The time until which requests wait until the queue is empty; `None` if they do not wait.
    deadline: Option<Instant>,
    /// The end of the last wait that was in vain.
    gave_up: Option<Instant>,
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
pub(super) fn spawn(is_terminal: bool, is_json: bool) -> io::Result<(LogWriter, FlushGuard)> {
    let writer = LogWriter::new(LogOutput::stderr()?, is_terminal, is_json);
    let shared = Arc::clone(&writer.0);
    thread::Builder::new()
        .name("log".to_owned())
        .spawn(move || shared.write_queue())?;
    let guard = FlushGuard(Some(writer.clone()));
    Ok((writer, guard))
}

impl LogWriter {
    fn new(output: LogOutput, is_terminal: bool, is_json: bool) -> Self {
        Self(Arc::new(Shared {
            output,
            is_terminal,
            is_json,
            queue: Mutex::default(),
            filled: Condvar::new(),
            emptied: Condvar::new(),
        }))
    }
}

impl Shared {
    /// Writes a line, or adds it to the queue.
    fn write_line(&self, line: &[u8]) {
        let mut queue = self.queue.lock();
        let mut rest = line;
        if !self.is_terminal && queue.is_empty() {
            rest = &line[self.output.write_available(line)..];
            if rest.is_empty() {
                return;
            }
            queue.begin_wait();
        }
        let is_own = IS_WRITER.get();
        if queue.add(rest, is_own || rest.len() < line.len()) {
            self.filled.notify_one();
            if !is_own {
                self.wait(&mut queue);
            }
        }
    }

    /// Waits until the queue is empty, but not for long, and not again soon if that was in vain.
    fn wait(&self, queue: &mut MutexGuard<'_, Queue>) {
        while let Some(deadline) = queue.deadline
            && !queue.is_empty()
        {
            if self.emptied.wait_until(queue, deadline).timed_out() && !queue.is_empty() {
                queue.give_up();
            }
        }
    }

    /// Writes the lines of the queue, batch by batch.
    fn write_queue(&self) {
        IS_WRITER.set(true);
        loop {
            let batch = self.next_batch();
            self.output.write_all(&batch);
            let dropped = std::mem::take(&mut self.queue.lock().dropped);
            if dropped > 0 {
                // It goes to the end of the queue, because the batch is not removed yet.
                tracing::warn!(
                    lines = dropped,
                    "dropped log lines, because stderr is read too slowly"
                );
            }
            let mut queue = self.queue.lock();
            queue.batch_size = 0;
            if queue.is_empty() {
                // A burst may have made it large.
                queue.lines = Vec::new();
                self.emptied.notify_all();
            }
        }
    }

    /// Waits for lines, and takes a batch of them.
    fn next_batch(&self) -> Vec<u8> {
        let mut queue = self.queue.lock();
        while queue.lines.is_empty() {
            self.filled.wait(&mut queue);
        }
        if self.is_terminal {
            MutexGuard::unlocked(&mut queue, || thread::sleep(BATCH_DELAY));
        }
        let size = queue.lines.len().min(MAX_BATCH_SIZE);
        queue.batch_size = size;
        queue.lines.drain(..size).collect()
    }
}

impl Queue {
    /// Returns whether all lines are written.
    fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.batch_size == 0
    }

    /// Adds a line. Returns false if it does not fit and is dropped.
    fn add(&mut self, line: &[u8], is_required: bool) -> bool {
        if !is_required && self.lines.len() + self.batch_size + line.len() > MAX_QUEUE_SIZE {
            self.dropped += 1;
            self.give_up();
            return false;
        }
        self.lines.extend_from_slice(line);
        true
    }

    /// Makes requests wait for the reader, unless that was in vain recently.
    fn begin_wait(&mut self) {
        let now = Instant::now();
        let is_retry_due = self
            .gave_up
            .is_none_or(|gave_up| now - gave_up >= READER_RETRY_DELAY);
        self.deadline = is_retry_due.then(|| now + READER_TIMEOUT);
    }

    /// Lets all requests continue, although the reader is slow.
    fn give_up(&mut self) {
        self.deadline = None;
        self.gave_up = Some(Instant::now());
    }
}

impl Write for &LogWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let shared = &self.0;
        match str::from_utf8(line) {
            Ok(text) if shared.is_json => shared.write_line(shorten_texts(text).as_bytes()),
            _ => shared.write_line(line),
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
        let Some(LogWriter(shared)) = &self.0 else {
            return;
        };
        let deadline = Instant::now() + FLUSH_TIMEOUT;
        let mut queue = shared.queue.lock();
        // If nothing reads stderr, the queue is never empty.
        while !queue.is_empty() && !shared.emptied.wait_until(&mut queue, deadline).timed_out() {}
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::{PipeReader, Read, pipe};

    use super::*;

    /// Returns a writer without a thread, and the reader of its pipe.
    fn writer() -> (LogWriter, PipeReader) {
        let (reader, writer) = pipe().expect("a pipe");
        let output = LogOutput::new(writer.into());
        (LogWriter::new(output, false, false), reader)
    }

    /// Fills the pipe, so that the queue has a first line. Returns the number of lines.
    fn fill_pipe(writer: &LogWriter, line: &[u8]) -> usize {
        for count in 1.. {
            writer.0.write_line(line);
            if !writer.0.queue.lock().is_empty() {
                return count;
            }
        }
        unreachable!("a pipe has a limit")
    }

    #[test]
    fn a_line_is_written_at_once_if_there_is_room() {
        let (writer, mut reader) = writer();
        let long = "a".repeat(10_000);
        for line in ["first\n", &*long, "third\n"] {
            writer.0.write_line(line.as_bytes());
            let mut read = vec![0; line.len()];
            reader.read_exact(&mut read).expect("the line");
            assert_eq!(read, line.as_bytes());
        }
        assert!(writer.0.queue.lock().is_empty());
    }

    #[test]
    fn a_closed_reader_takes_every_line() {
        let (writer, reader) = writer();
        drop(reader);
        writer.0.write_line(&[b'a'; 10_000]);
        assert!(writer.0.queue.lock().is_empty());
    }

    #[test]
    fn requests_wait_once_for_a_slow_reader_and_lines_beyond_the_queue_are_dropped() {
        let (writer, _reader) = writer();
        let line = [b'a'; 1_000];
        fill_pipe(&writer, &line);
        let queue = || writer.0.queue.lock();
        assert!(queue().deadline.is_none() && queue().gave_up.is_some());
        let lines = MAX_QUEUE_SIZE / line.len() + 10;
        for _ in 0..lines {
            writer.0.write_line(&line);
            assert_eq!(queue().deadline, None);
        }
        let room = (MAX_QUEUE_SIZE - queue().lines.len()) / line.len();
        assert_eq!(room, 0);
        assert!((10..=11).contains(&queue().dropped), "{}", queue().dropped);
    }

    #[test]
    fn a_reader_that_returns_gets_every_line_in_its_order() {
        let (writer, reader) = writer();
        let shared = Arc::clone(&writer.0);
        thread::spawn(move || shared.write_queue());
        let received = thread::spawn(move || {
            let mut lines = io::BufRead::lines(io::BufReader::new(reader));
            (0..5_000).all(|number| lines.next().unwrap().unwrap() == format!("{number:0100}"))
        });
        for number in 0..5_000 {
            writer.0.write_line(format!("{number:0100}\n").as_bytes());
        }
        assert!(received.join().unwrap());
        let mut queue = writer.0.queue.lock();
        while !queue.is_empty() {
            writer.0.emptied.wait(&mut queue);
        }
    }
}
