//! The report of a test that panics: the last requests to its server, and the seed.

use std::{cell::RefCell, sync::Arc, thread};

use super::start_error::SEED_VARIABLE;
use crate::{
    journal::{Entry, RequestSummary},
    space::{DEFAULT_SPACE, Space},
};

/// The maximum number of requests in a report.
const MAX_REQUESTS: usize = 10;

thread_local! {
    /// The spaces whose requests this thread has printed, so that a server does not repeat those of a space.
    static PRINTED: RefCell<Vec<Arc<Space>>> = const { RefCell::new(Vec::new()) };
}

/// Prints the last requests to these spaces, and the seed, if the thread panics.
pub(super) fn print(spaces: &[Arc<Space>], seed: u64) {
    if !thread::panicking() {
        return;
    }
    let mut printed = PRINTED.take();
    let is_new = |space: &&Arc<Space>| !printed.iter().any(|other| Arc::ptr_eq(other, space));
    let new: Vec<_> = spaces.iter().filter(is_new).cloned().collect();
    let mut report = match last_requests(&new) {
        Some(requests) => requests,
        None if printed.is_empty() => "cuc-mock: no request arrived\n".to_owned(),
        None => String::new(),
    };
    if printed.iter().all(|space| space.seed != seed) {
        report += &format!(
            "cuc-mock: the seed was {seed}, run the test again with {SEED_VARIABLE}={seed} to repeat it\n"
        );
    }
    // A single call, so that parallel tests do not mix their lines.
    eprint!("{report}");
    printed.extend(new);
    PRINTED.set(printed);
}

/// Returns the last requests to these spaces in the order of their arrival.
fn last_requests(spaces: &[Arc<Space>]) -> Option<String> {
    let views: Vec<_> = spaces.iter().map(|space| space.journal.view()).collect();
    let mut entries: Vec<_> = views.iter().flat_map(|view| &view.entries).collect();
    entries.sort_by_key(|entry| entry.started);
    let last = &entries[entries.len().saturating_sub(MAX_REQUESTS)..];
    let lines: String = last.iter().map(|entry| line(entry)).collect();
    let total: u64 = views.iter().map(|view| view.last).sum();
    let number = last.len();
    (number > 0).then(|| format!("cuc-mock: the last requests ({number} of {total}):\n{lines}"))
}

fn line(entry: &Entry) -> String {
    let space = match &*entry.space {
        DEFAULT_SPACE => String::new(),
        name => format!("in the space {name}: "),
    };
    format!("  {space}{}\n", RequestSummary::new(entry))
}
