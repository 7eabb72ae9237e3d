//! The content of a journal at one moment.

use std::sync::Arc;

use super::Entry;

/// The maximum number of different methods and paths in a [`Batch`].
const MAX_HEADS: usize = 8;

/// The content of a journal at one moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    /// Oldest first, with consecutive numbers.
    pub(crate) entries: Vec<Arc<Entry>>,
    /// The number of the newest request.
    pub(crate) last: u64,
    /// The number of requests that the journal no longer keeps.
    pub(crate) dropped: u64,
    /// The number of times that the journal has been emptied.
    pub(super) generation: u64,
    /// The requests that were added last, if the view was refreshed.
    batch: Option<Batch>,
}

/// Requests that arrived in quick succession. Often, all of them have one of a few methods and paths.
#[derive(Clone, Debug)]
struct Batch {
    /// They arrived after the request with this number.
    after: u64,
    /// One request for each method and path.
    heads: Vec<Arc<Entry>>,
}

/// The place of a request in a journal. Every request in the journal comes after it once the journal has been emptied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(super) generation: u64,
    pub(super) number: u64,
}

impl Cursor {
    /// Returns whether the journal has not been emptied between this place and the view.
    pub(crate) fn is_in(self, view: &View) -> bool {
        self.generation == view.generation
    }

    /// Returns the place after this request, in the same journal.
    pub(crate) fn after(self, entry: &Entry) -> Self {
        Self {
            number: entry.number,
            ..self
        }
    }
}

impl View {
    /// Returns a view without requests that ends at this place.
    pub(super) fn empty_after(cursor: Cursor) -> Self {
        Self {
            last: cursor.number,
            generation: cursor.generation,
            ..Self::default()
        }
    }

    /// Returns the place before the first request.
    pub(crate) fn start(&self) -> Cursor {
        self.place(0)
    }

    /// Returns the place of the newest request.
    pub(crate) fn end(&self) -> Cursor {
        self.place(self.last)
    }

    /// Returns the place of the request with this number.
    pub(super) fn place(&self, number: u64) -> Cursor {
        Cursor {
            generation: self.generation,
            number,
        }
    }

    /// Returns the requests that arrived after this place.
    pub(crate) fn after(&self, cursor: Cursor) -> &[Arc<Entry>] {
        if cursor.is_in(self) {
            self.after_number(cursor.number)
        } else {
            &self.entries
        }
    }

    /// Returns the requests with a greater number than this one.
    pub(super) fn after_number(&self, number: u64) -> &[Arc<Entry>] {
        let skipped = (number + 1).saturating_sub(self.first());
        let skipped = usize::try_from(skipped).unwrap_or(usize::MAX);
        self.entries.get(skipped..).unwrap_or_default()
    }

    /// Recognizes the requests after this number as a batch, if they have few methods and paths.
    pub(super) fn summarize_after(&mut self, number: u64) {
        let mut heads = Vec::<Arc<Entry>>::new();
        for entry in self.after_number(number) {
            if heads.iter().any(|head| head.has_head_of(entry)) {
                continue;
            }
            if heads.len() == MAX_HEADS {
                self.batch = None;
                return;
            }
            heads.push(Arc::clone(entry));
        }
        let after = number;
        self.batch = Some(Batch { after, heads });
    }

    /// Returns whether the requests after this place are known not to match, without a look at each of them.
    /// `matches_head` compares the method and the path of a request.
    pub(crate) fn excludes(
        &self,
        cursor: Cursor,
        matches_head: impl FnMut(&Arc<Entry>) -> bool,
    ) -> bool {
        let batch = self
            .batch
            .as_ref()
            .filter(|batch| batch.after == cursor.number);
        cursor.is_in(self) && batch.is_some_and(|batch| !batch.heads.iter().any(matches_head))
    }

    /// Returns the number of the oldest request, or of the next one if there is none.
    pub(crate) fn first(&self) -> u64 {
        self.entries
            .first()
            .map_or(self.last + 1, |entry| entry.number)
    }
}
