//! Secrets in every input, searched in every output. Each input has a marker of its own, so that a failure names the
//! input whose secret shows.

mod command_line;
mod documents;
mod files;
mod requests;
mod visible;

use std::collections::BTreeSet;

use base64::{Engine, prelude::BASE64_STANDARD};

/// A text that occurs nowhere else. Its letters and digits mean nothing to a parser, and it is no name of a secret.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marker(usize);

impl Marker {
    fn text(self) -> String {
        format!("zq{:05}xv", self.0)
    }

    /// Returns the beginning, which shows even if the end is cut off.
    fn start(self) -> String {
        format!("zq{:05}", self.0)
    }

    /// Returns credentials of Basic whose password is the marker.
    fn basic(self) -> String {
        BASE64_STANDARD.encode(format!("user:{}", self.text()))
    }

    /// Returns the beginnings of all markers in an output.
    fn starts_in(output: &str) -> BTreeSet<&str> {
        let starts = output
            .match_indices("zq")
            .filter_map(|(at, _)| output.get(at..at + 7));
        starts.collect()
    }
}

/// The common beginning of the credentials of all markers.
const BASIC: &str = "dXNlcjp6";

/// Checks that an output shows none of the markers. `place` names the output.
#[track_caller]
fn assert_hidden<'i>(
    inputs: impl IntoIterator<Item = (Marker, &'i str)>,
    place: &str,
    output: &str,
) {
    let lower = output.to_lowercase();
    let shown = Marker::starts_in(&lower);
    let leaks: Vec<_> = inputs
        .into_iter()
        .filter(|(marker, _)| shown.contains(&*marker.start()))
        .map(|(marker, location)| {
            let at = lower.find(&marker.start()).unwrap_or_default();
            let around = &lower.as_bytes()[at.saturating_sub(200)..lower.len().min(at + 200)];
            format!("{location}: …{}…", String::from_utf8_lossy(around))
        })
        .collect();
    assert!(!output.contains(BASIC), "{place} shows credentials");
    assert!(
        leaks.is_empty(),
        "{place} shows {} secrets:\n{}",
        leaks.len(),
        leaks[..leaks.len().min(10)].join("\n")
    );
}
