//! The journal: the requests that a space has answered, as they arrived. What they mean is found out when
//! somebody asks.

mod budget;
mod entry;
mod failure;
mod journal_entry;
mod pattern;
mod redaction;
mod verification;

use std::{collections::VecDeque, sync::Arc};

use parking_lot::Mutex;
use tokio::sync::watch;

pub(crate) use budget::{Budget, REQUESTS};
pub(crate) use entry::{Entry, RecordedBody, RecordedRequest, RecordedResponse};
pub use failure::VerificationFailure;
pub use journal_entry::JournalEntry;
pub use pattern::{RequestPattern, ValuePattern};
pub(crate) use redaction::{Secrets, without_secrets};
pub use verification::Verification;
pub(crate) use verification::{Count, verify};

/// The requests of one space, the newest of which are kept.
#[derive(Debug)]
pub(crate) struct Journal {
    kept: Mutex<Kept>,
    /// Told of every arrival, every answer, and when the journal is emptied.
    changes: watch::Sender<()>,
    budget: Arc<Budget>,
}

#[derive(Debug, Default)]
struct Kept {
    /// Their numbers follow each other.
    entries: VecDeque<Arc<Entry>>,
    /// How many arrived since the journal was last emptied.
    arrived: u64,
    bytes: usize,
}

/// What a journal holds at one moment.
#[derive(Clone, Debug)]
pub(crate) struct View {
    /// Oldest first.
    pub(crate) entries: Vec<Arc<Entry>>,
    /// The number of the request that arrived last.
    pub(crate) last: u64,
    /// How many arrived and are not kept any more.
    pub(crate) dropped: u64,
}

/// How many requests a journal holds, and how many it has dropped.
#[cfg(feature = "cli")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) kept: usize,
    pub(crate) dropped: usize,
}

impl Journal {
    /// An empty journal, which shares `budget` with others.
    pub(crate) fn new(budget: &Arc<Budget>) -> Arc<Self> {
        let journal = Arc::new(Self {
            kept: Mutex::default(),
            changes: watch::Sender::new(()),
            budget: Arc::clone(budget),
        });
        budget.share_with(&journal);
        journal
    }

    /// Notes that a request arrived.
    pub(crate) fn arrived(&self, arrival: &RecordedRequest<'_>) -> Arc<Entry> {
        // All but its number is known before it is its turn.
        let mut entry = Arc::new(Entry::new(arrival));
        let mut change = Change::default();
        let mut kept = self.kept.lock();
        kept.arrived += 1;
        let own = Arc::get_mut(&mut entry);
        own.expect("nobody else has it yet").number = kept.arrived;
        kept.entries.push_back(Arc::clone(&entry));
        kept.grow(entry.bytes(), &mut change);
        while kept.entries.len() > self.budget.requests {
            kept.drop_oldest(&mut change);
        }
        drop(kept);
        self.settle(&change);
        entry
    }

    /// Notes how a request was answered.
    pub(crate) fn answered(&self, entry: &Arc<Entry>, answered: RecordedResponse) {
        let bytes = answered.bytes();
        let mut kept = self.kept.lock();
        let mut change = Change::default();
        if entry.answer.set(answered).is_ok() && kept.holds(entry) {
            kept.grow(bytes, &mut change);
        }
        drop(kept);
        self.settle(&change);
    }

    /// Forgets every request, and numbers those to come from 1.
    pub(crate) fn empty(&self) {
        let forgotten = std::mem::take(&mut *self.kept.lock());
        let change = Change {
            freed: forgotten.bytes,
            ..Change::default()
        };
        self.settle(&change);
    }

    /// What the journal holds now.
    pub(crate) fn view(&self) -> View {
        let kept = self.kept.lock();
        View {
            entries: kept.entries.iter().cloned().collect(),
            last: kept.arrived,
            dropped: kept.arrived - kept.entries.len() as u64,
        }
    }

    /// How much it holds now.
    #[cfg(feature = "cli")]
    pub(crate) fn size(&self) -> Size {
        let kept = self.kept.lock();
        let dropped = kept.arrived - kept.entries.len() as u64;
        Size {
            kept: kept.entries.len(),
            dropped: usize::try_from(dropped).unwrap_or(usize::MAX),
        }
    }

    /// Tells of every change from now on.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    fn bytes(&self) -> usize {
        self.kept.lock().bytes
    }

    /// Gives the oldest request up; tells how many bytes that freed.
    fn give_up_oldest(&self) -> usize {
        let mut change = Change::default();
        self.kept.lock().drop_oldest(&mut change);
        self.changes.send_replace(());
        change.freed
    }

    fn settle(&self, change: &Change) {
        self.budget.settle(change.taken, change.freed);
        // Who subscribes from here on looks at the journal afterwards, and so misses nothing.
        if self.changes.receiver_count() > 0 {
            self.changes.send_replace(());
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.budget.free(self.kept.get_mut().bytes);
    }
}

/// How many bytes a change took and freed.
#[derive(Default)]
struct Change {
    taken: usize,
    freed: usize,
    /// What was dropped last, to be let go of when others may go on.
    dropped: Option<Arc<Entry>>,
}

impl Kept {
    fn grow(&mut self, bytes: usize, change: &mut Change) {
        self.bytes += bytes;
        change.taken += bytes;
    }

    fn drop_oldest(&mut self, change: &mut Change) {
        if let Some(entry) = self.entries.pop_front() {
            let bytes = entry.bytes();
            self.bytes -= bytes;
            change.freed += bytes;
            change.dropped = Some(entry);
        }
    }

    fn holds(&self, entry: &Arc<Entry>) -> bool {
        let Some(first) = self.entries.front() else {
            return false;
        };
        let place = entry.number.checked_sub(first.number);
        let found = place.and_then(|place| self.entries.get(usize::try_from(place).ok()?));
        found.is_some_and(|found| Arc::ptr_eq(found, entry))
    }
}

impl View {
    /// The requests that arrived after the one of this number. One that has not been given yet is from
    /// before the journal was emptied, so that everything is new.
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
