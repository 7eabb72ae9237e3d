//! The journal: a bounded record of the requests that a space has answered, in the order of their arrival. It stores
//! requests as they were sent and decodes them only when they are read.

mod body_elements;
mod budget;
mod byte_budget;
mod decoded_request;
mod difference;
mod entry;
mod evaluation;
mod inferred_fact;
mod journal_entry;
mod path_pattern;
mod pattern_json;
mod predicate;
mod progress;
mod reason;
mod redaction;
mod rejection_reason;
mod request_pattern;
mod request_summary;
mod value_pattern;
mod verification;
mod verification_failure;
mod view;
mod waiters;

use std::{collections::VecDeque, sync::Arc};

use axum::body::Bytes;
use parking_lot::Mutex;

pub(crate) use budget::{Budget, DEFAULT_REQUESTS};
pub(crate) use decoded_request::DecodedRequest;
pub(crate) use entry::{
    Entry, RecordedBody, RecordedRequest, RecordedResponse, RecordedResponseBody,
};
pub(crate) use evaluation::verify;
pub use journal_entry::JournalEntry;
pub(crate) use pattern_json::{MethodName, PathText, Status};
pub(crate) use reason::Reason;
#[cfg(feature = "appliance")]
pub(crate) use redaction::is_secret;
pub(crate) use redaction::{MASK, Secrets, add_secrets, holds_secret, path_without_secrets};
pub use rejection_reason::RejectionReason;
pub use request_pattern::RequestPattern;
pub(crate) use request_summary::RequestSummary;
pub use value_pattern::ValuePattern;
pub(crate) use verification::Count;
pub use verification::Verification;
pub use verification_failure::VerificationFailure;
pub(crate) use view::{Cursor, View};
pub(crate) use waiters::Condition;
use waiters::Waiters;

/// The newest requests of one space.
#[derive(Debug)]
pub(crate) struct Journal {
    buffer: Mutex<Buffer>,
    /// They are notified of every request, every response, and when the journal is emptied.
    waiters: Waiters,
    budget: Arc<Budget>,
}

#[derive(Debug, Default)]
struct Buffer {
    /// Their numbers are consecutive.
    entries: VecDeque<Arc<Entry>>,
    /// The number of requests that arrived since the journal was last emptied.
    total: u64,
    /// The number of times that the journal has been emptied.
    generation: u64,
    bytes: usize,
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
            waiters: Waiters::default(),
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

    /// Returns the part of the body of a response to keep, unless it is a rejection.
    pub(crate) fn response_body(&self, body: &Bytes) -> Option<RecordedResponseBody> {
        RecordedResponseBody::within(&self.budget.response_bodies, body)
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
        let mut buffer = self.buffer.lock();
        let emptied = Buffer {
            generation: buffer.generation + 1,
            ..Buffer::default()
        };
        let removed = std::mem::replace(&mut *buffer, emptied);
        drop(buffer);
        let change = MemoryChange {
            freed: removed.bytes,
            ..MemoryChange::default()
        };
        self.settle(&change);
    }

    /// Returns the current content.
    pub(crate) fn view(&self) -> View {
        let mut view = View::default();
        self.refresh(&mut view);
        view
    }

    /// Returns the current content after this place.
    pub(crate) fn view_after(&self, cursor: Cursor) -> View {
        let mut view = View::empty_after(cursor);
        self.refresh(&mut view);
        view
    }

    /// Replaces an earlier content by the current one. It looks only at the requests that arrived in between.
    fn refresh(&self, view: &mut View) {
        let buffer = self.buffer.lock();
        if view.generation != buffer.generation {
            *view = View::default();
        }
        let first = buffer.total - buffer.entries.len() as u64;
        let known = view.last.saturating_sub(first);
        let known = usize::try_from(known).unwrap_or(usize::MAX);
        let new = buffer.entries.range(known.min(buffer.entries.len())..);
        view.entries.extend(new.cloned());
        view.last = buffer.total;
        view.dropped = first;
        view.generation = buffer.generation;
        drop(buffer);
        let dropped = view.entries.partition_point(|entry| entry.number <= first);
        view.entries.drain(..dropped);
    }

    /// Refreshes a view, and recognizes the new requests as a batch.
    pub(crate) fn add_batch(&self, view: &mut View) {
        let last = view.end();
        self.refresh(view);
        let last = if last.is_in(view) { last.number } else { 0 };
        view.summarize_after(last);
    }

    /// Returns the place of the request with this number. A number that is not yet assigned dates from before the
    /// journal was emptied, so every request comes after it.
    pub(crate) fn cursor(&self, number: u64) -> Cursor {
        let buffer = self.buffer.lock();
        Cursor {
            generation: buffer.generation,
            number: if number > buffer.total { 0 } else { number },
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

    fn bytes(&self) -> usize {
        self.buffer.lock().bytes
    }

    /// Removes the oldest request and returns how many bytes that freed.
    fn evict_oldest(&self) -> usize {
        let mut change = MemoryChange::default();
        self.buffer.lock().evict_oldest(&mut change);
        self.notify_waiters(&change);
        change.freed
    }

    fn settle(&self, change: &MemoryChange) {
        self.budget.settle(change.allocated, change.freed);
        self.notify_waiters(change);
    }

    fn notify_waiters(&self, change: &MemoryChange) {
        if !self.waiters.are_present() {
            return;
        }
        self.waiters.notify();
        if change.evicted.is_some() {
            let buffer = self.buffer.lock();
            let (last, kept) = (buffer.total, buffer.entries.len());
            drop(buffer);
            self.waiters.notify_of_eviction(last, kept);
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

#[cfg(test)]
mod tests;
