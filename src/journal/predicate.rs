//! Conditions in Rust.

use std::{fmt, panic::AssertUnwindSafe, sync::Arc};

use serde::{Serialize, Serializer};

use super::{Entry, JournalEntry, Secrets};

/// A closure over a request, with its description. Clones share both.
#[derive(Clone)]
pub(crate) struct Predicate {
    description: Arc<str>,
    /// A panic of the closure leaves the pattern as it was.
    closure: Arc<AssertUnwindSafe<Box<Closure>>>,
}

type Closure = dyn Fn(&JournalEntry) -> bool + Send + Sync;

impl Predicate {
    pub(super) fn new(
        description: String,
        closure: impl Fn(&JournalEntry) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self {
            description: description.into(),
            closure: Arc::new(AssertUnwindSafe(Box::new(closure))),
        }
    }

    /// Calls the closure with the whole request, secrets included.
    pub(super) fn holds_for(&self, entry: &Entry) -> bool {
        (self.closure)(&JournalEntry::new(entry, Secrets::Shown))
    }

    pub(super) fn description(&self) -> &str {
        &self.description
    }
}

impl fmt::Debug for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Predicate").field(&self.description).finish()
    }
}

/// Two predicates are equal if they share their closure.
impl PartialEq for Predicate {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.closure, &other.closure)
    }
}

impl Eq for Predicate {}

impl Serialize for Predicate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.description)
    }
}
