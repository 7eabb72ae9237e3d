//! The journal: a bounded record of the requests that a space has answered, in the order of their arrival. It stores
//! requests as they were sent and decodes them only when they are read.

mod budget;
mod decoded_request;
mod difference;
mod entry;
mod evaluation;
mod journal_entry;
mod path_pattern;
mod pattern_json;
mod redaction;
mod request_pattern;
mod value_pattern;
mod verification;
mod verification_failure;

use std::{collections::VecDeque, sync::Arc};

use parking_lot::Mutex;
use tokio::sync::watch;

pub(crate) use budget::{Budget, DEFAULT_REQUESTS};
pub(crate) use decoded_request::DecodedRequest;
pub(crate) use entry::{Entry, RecordedBody, RecordedRequest, RecordedResponse};
pub(crate) use evaluation::verify;
pub use journal_entry::JournalEntry;
pub(crate) use pattern_json::{MethodName, PathText, Status};
pub(crate) use redaction::{Secrets, without_secrets};
pub use request_pattern::RequestPattern;
pub use value_pattern::ValuePattern;
pub(crate) use verification::Count;
pub use verification::Verification;
pub use verification_failure::VerificationFailure;

/// The newest requests of one space.
#[derive(Debug)]
pub(crate) struct Journal {
    buffer: Mutex<Buffer>,
    /// Notifies of every request, every response, and when the journal is emptied.
    changes: watch::Sender<()>,
    budget: Arc<Budget>,
}

#[derive(Debug, Default)]
struct Buffer {
    /// Their numbers are consecutive.
    entries: VecDeque<Arc<Entry>>,
    /// The number of requests that arrived since the journal was last emptied.
    total: u64,
    bytes: usize,
}

/// The content of a journal at one moment.
#[derive(Clone, Debug)]
pub(crate) struct View {
    /// Oldest first.
    pub(crate) entries: Vec<Arc<Entry>>,
    /// The number of the newest request.
    pub(crate) last: u64,
    /// The number of requests that the journal no longer keeps.
    pub(crate) dropped: u64,
}

/// The number of requests that a journal keeps, and of those that it has dropped.
#[cfg(feature = "cli")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) kept: usize,
    pub(crate) dropped: usize,
}

impl Journal {
    /// Creates an empty journal that shares `budget` with other journals.
    pub(crate) fn new(budget: &Arc<Budget>) -> Arc<Self> {
        let journal = Arc::new(Self {
            buffer: Mutex::default(),
            changes: watch::Sender::new(()),
            budget: Arc::clone(budget),
        });
        budget.add_journal(&journal);
        journal
    }

    /// Records a request on its arrival.
    pub(crate) fn record_request(&self, request: &RecordedRequest<'_>) -> Arc<Entry> {
        // The entry is built before the lock is taken; only its number is assigned under it.
        let mut entry = Arc::new(Entry::new(request));
        let mut change = MemoryChange::default();
        let mut buffer = self.buffer.lock();
        buffer.total += 1;
        let unshared = Arc::get_mut(&mut entry);
        unshared.expect("the entry is not shared yet").number = buffer.total;
        buffer.entries.push_back(Arc::clone(&entry));
        buffer.grow(entry.bytes(), &mut change);
        while buffer.entries.len() > self.budget.max_requests {
            buffer.evict_oldest(&mut change);
        }
        drop(buffer);
        self.settle(&change);
        entry
    }

    /// Records the response to a request.
    pub(crate) fn record_response(&self, entry: &Arc<Entry>, response: RecordedResponse) {
        let bytes = response.bytes();
        let mut buffer = self.buffer.lock();
        let mut change = MemoryChange::default();
        if entry.response.set(response).is_ok() && buffer.contains(entry) {
            buffer.grow(bytes, &mut change);
        }
        drop(buffer);
        self.settle(&change);
    }

    /// Removes every request. The next one gets the number 1.
    pub(crate) fn clear(&self) {
        let removed = std::mem::take(&mut *self.buffer.lock());
        let change = MemoryChange {
            freed: removed.bytes,
            ..MemoryChange::default()
        };
        self.settle(&change);
    }

    /// Returns the current content.
    pub(crate) fn view(&self) -> View {
        let buffer = self.buffer.lock();
        View {
            entries: buffer.entries.iter().cloned().collect(),
            last: buffer.total,
            dropped: buffer.total - buffer.entries.len() as u64,
        }
    }

    /// Returns the current size.
    #[cfg(feature = "cli")]
    pub(crate) fn size(&self) -> Size {
        let buffer = self.buffer.lock();
        let dropped = buffer.total - buffer.entries.len() as u64;
        Size {
            kept: buffer.entries.len(),
            dropped: usize::try_from(dropped).unwrap_or(usize::MAX),
        }
    }

    /// Subscribes to every later change.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    fn bytes(&self) -> usize {
        self.buffer.lock().bytes
    }

    /// Removes the oldest request and returns how many bytes that freed.
    fn evict_oldest(&self) -> usize {
        let mut change = MemoryChange::default();
        self.buffer.lock().evict_oldest(&mut change);
        self.changes.send_replace(());
        change.freed
    }

    fn settle(&self, change: &MemoryChange) {
        self.budget.settle(change.allocated, change.freed);
        // A later subscriber reads the journal after it subscribes, so it misses no change.
        if self.changes.receiver_count() > 0 {
            self.changes.send_replace(());
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.budget.free(self.buffer.get_mut().bytes);
    }
}

/// The memory that an operation allocated and freed.
#[derive(Default)]
struct MemoryChange {
    allocated: usize,
    freed: usize,
    /// The entry that was evicted last. It is deallocated after the lock is released.
    evicted: Option<Arc<Entry>>,
}

impl Buffer {
    fn grow(&mut self, bytes: usize, change: &mut MemoryChange) {
        self.bytes += bytes;
        change.allocated += bytes;
    }

    fn evict_oldest(&mut self, change: &mut MemoryChange) {
        if let Some(entry) = self.entries.pop_front() {
            let bytes = entry.bytes();
            self.bytes -= bytes;
            change.freed += bytes;
            change.evicted = Some(entry);
        }
    }

    fn contains(&self, entry: &Arc<Entry>) -> bool {
        let Some(first) = self.entries.front() else {
            return false;
        };
        let offset = entry.number.checked_sub(first.number);
        let index = offset.and_then(|offset| usize::try_from(offset).ok());
        let candidate = index.and_then(|index| self.entries.get(index));
        candidate.is_some_and(|candidate| Arc::ptr_eq(candidate, entry))
    }
}

impl View {
    /// Returns the requests that arrived after the one with this number. A number that is not yet assigned dates from
    /// before the journal was emptied, so every request is newer.
    pub(crate) fn since(&self, number: u64) -> &[Arc<Entry>] {
        if number > self.last {
            return &self.entries;
        }
        let first = self.entries.partition_point(|entry| entry.number <= number);
        &self.entries[first..]
    }
}

#[cfg(test)]
mod tests;
