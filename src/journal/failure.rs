//! Why what must have happened did not.

use std::{error::Error, fmt};

use serde::Serialize;

use super::{
    Entry, RequestPattern, Verification, View,
    pattern::{Difference, Part},
    redaction::{MASK, is_secret, is_secret_header, without_secrets},
    verification::Found,
};
use crate::engine::Format;

/// How many of the closest requests are shown.
const CLOSEST: usize = 3;
/// How many are shown of those that are too many.
const MATCHING: usize = 5;
/// How many letters of a value are shown.
const LONGEST: usize = 200;

/// Why a [`Verification`] failed. It shows as several lines for whoever reads the message of a panic; secrets do
/// not show in it.
#[derive(Clone, Debug, Serialize)]
pub struct VerificationFailure {
    error: String,
    expected: String,
    found: u64,
    requests_seen: u64,
    dropped: u64,
    closest: Vec<Close>,
    matching: Vec<Seen>,
}

/// A request that was looked at.
#[derive(Clone, Debug, Serialize)]
struct Seen {
    number: u64,
    method: String,
    path: String,
    status: Option<u16>,
}

/// A request that differs from those that were meant.
#[derive(Clone, Debug, Serialize)]
struct Close {
    #[serde(flatten)]
    seen: Seen,
    differences: Vec<Differs>,
}

/// What differs in it.
#[derive(Clone, Debug, Serialize)]
struct Differs {
    part: &'static str,
    name: Option<String>,
    /// The value itself; nothing when there is none.
    found: Option<String>,
    /// In words.
    expected: String,
    /// What may be the reason.
    hint: Option<String>,
}

impl VerificationFailure {
    pub(super) fn new(verification: &Verification, view: &View, found: &Found<'_>) -> Self {
        let count = found.count();
        let is_too_many = count > *verification.count.range().end();
        let requests = match found {
            Found::NotBegun { missing, .. } => &verification.after[*missing],
            Found::Matching { .. } => &verification.requests,
        };
        let (among, matching) = match found {
            Found::NotBegun { among, .. } => (*among, &[][..]),
            Found::Matching { among, matching } => (*among, matching.as_slice()),
        };
        let is_short =
            matches!(found, Found::NotBegun { .. }) || count < *verification.count.range().start();
        let closest = match is_short {
            true => closest(requests, among.iter().map(AsRef::as_ref)),
            false => Vec::new(),
        };
        let shown = if is_too_many { matching } else { &[] };
        let mut failure = Self {
            error: String::new(),
            expected: verification.to_string(),
            found: count,
            requests_seen: view.entries.len() as u64,
            dropped: view.dropped,
            closest,
            matching: shown
                .iter()
                .take(MATCHING)
                .map(|entry| Seen::of(entry))
                .collect(),
        };
        let before = &view.entries[..view.entries.len() - among.len()];
        let early = before
            .iter()
            .filter(|entry| requests.include(entry))
            .count();
        let early = if is_short { early as u64 } else { 0 };
        failure.error = failure.explain(verification, found, among.len(), early);
        failure
    }

    /// How many requests were as they were meant.
    pub fn found(&self) -> u64 {
        self.found
    }

    /// How many requests were looked at.
    pub fn requests_seen(&self) -> u64 {
        self.requests_seen
    }

    /// How many requests had arrived that the journal did not keep.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The message, when so many requests are `among` those that count, and so many came too `early` for that.
    fn explain(
        &self,
        verification: &Verification,
        found: &Found<'_>,
        among: usize,
        early: u64,
    ) -> String {
        let Self {
            expected,
            found: count,
            requests_seen: seen,
            dropped,
            ..
        } = self;
        let mut lines = vec![format!("expected {expected}")];
        lines.push(match found {
            Found::NotBegun { missing, .. } => {
                let earlier = &verification.after[*missing];
                let after = missing
                    .checked_sub(1)
                    .map(|before| format!(" after {}", verification.after[before]));
                let after = after.unwrap_or_default();
                format!(
                    "found no {earlier}{after}, among {}, which had to come first",
                    requests(*seen)
                )
            }
            Found::Matching { .. } if verification.after.is_empty() => {
                format!("found {count} among {}", requests(*seen))
            }
            Found::Matching { .. } => {
                format!(
                    "found {count} among the {} that came after",
                    requests(among as u64)
                )
            }
        });
        if early > 0 {
            lines.push(format!("{early} came too early"));
        }
        if *seen == 0 && *dropped == 0 {
            lines.push(NOTHING_ARRIVED.to_owned());
        }
        if *dropped > 0 {
            lines.push(format!(
                "{dropped} older requests are not kept any more, so that nobody can tell: keep more with a larger \
                 journal (--journal), or reset the server before what is verified"
            ));
        }
        if !self.closest.is_empty() {
            lines.push("the closest are".to_owned());
        }
        for close in &self.closest {
            lines.push(format!("  {}", close.seen));
            lines.extend(
                close
                    .differences
                    .iter()
                    .map(|differs| format!("    {differs}")),
            );
        }
        if !self.matching.is_empty() {
            lines.push("they are".to_owned());
            lines.extend(self.matching.iter().map(|seen| format!("  {seen}")));
            let more = self.found.saturating_sub(MATCHING as u64);
            if more > 0 {
                lines.push(format!("  and {more} more"));
            }
        }
        lines.join("\n")
    }
}

const NOTHING_ARRIVED: &str = "no request arrived at all: is the client pointed at this server, and does its user \
     work in the space that is asked?";

fn requests(count: u64) -> String {
    match count {
        1 => "1 request".to_owned(),
        count => format!("{count} requests"),
    }
}

impl fmt::Display for VerificationFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error)
    }
}

impl Error for VerificationFailure {}

/// Those that differ least, the nearest path first among equals, then the newest.
fn closest<'v>(requests: &RequestPattern, among: impl Iterator<Item = &'v Entry>) -> Vec<Close> {
    let differing = among.filter_map(|entry| {
        let differences: Vec<_> = requests.differences(entry).collect();
        let weight = differences.iter().map(|difference| match difference.part {
            // Farther off than a body with the fields, whatever they hold.
            Part::Body => requests.fields.len() + 1,
            _ => 1,
        });
        let place = (
            weight.sum::<usize>(),
            distance(requests, entry),
            u64::MAX - entry.number,
        );
        (!differences.is_empty()).then_some((place, entry, differences))
    });
    let mut differing: Vec<_> = differing.collect();
    differing.sort_by_key(|(place, ..)| *place);
    let nearest = differing.into_iter().take(CLOSEST);
    nearest
        .map(|(_, entry, differences)| Close {
            seen: Seen::of(entry),
            differences: differences
                .into_iter()
                .map(|found| Differs::new(found, entry))
                .collect(),
        })
        .collect()
}

/// How many letters of the longer path are neither in the common beginning nor in the common end.
fn distance(requests: &RequestPattern, entry: &Entry) -> usize {
    let (expected, found) = (requests.path.as_deref().unwrap_or_default(), entry.path());
    let same = |(a, b): &(u8, u8)| a == b;
    let start = expected.bytes().zip(found.bytes()).take_while(same).count();
    let (expected, found) = (&expected.as_bytes()[start..], &found.as_bytes()[start..]);
    let ends = expected.iter().rev().zip(found.iter().rev());
    let end = ends.take_while(|(a, b)| a == b).count();
    expected.len().max(found.len()) - end
}

impl Seen {
    fn of(entry: &Entry) -> Self {
        Self {
            number: entry.number,
            method: entry.method.to_string(),
            path: shortened(entry.path()),
            status: entry.status().map(|status| status.as_u16()),
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{} {} {}", self.number, self.method, self.path)?;
        match self.status {
            Some(status) => write!(f, ", answered with {status}"),
            None => f.write_str(", not answered"),
        }
    }
}

impl Differs {
    fn new(difference: Difference, entry: &Entry) -> Self {
        let Difference {
            part,
            found,
            expected,
        } = difference;
        let is_secret = match &part {
            Part::Query(name) | Part::Field(name) => is_secret(name),
            Part::Header(name) => is_secret_header(name),
            _ => false,
        };
        let shown = |text: &str| match &part {
            _ if is_secret => MASK.to_owned(),
            Part::Query(_) | Part::Header(_) => shortened(&without_secrets(text)),
            // It holds a document of its own.
            Part::Field(_) if text.contains(['<', '{']) => shortened(&without_secrets(text)),
            _ => shortened(text),
        };
        let hint = match is_secret {
            true => None,
            false => hint(&part, found.as_deref(), &expected, entry),
        };
        let found = found.as_deref().map(shown);
        let expected = shown(&expected);
        let (part, name) = match part {
            Part::Method => ("method", None),
            Part::Path => ("path", None),
            Part::Status => ("status", None),
            Part::Body => ("body", None),
            Part::Query(name) => ("query", Some(name)),
            Part::Header(name) => ("header", Some(name)),
            Part::Field(name) => ("field", Some(name)),
        };
        Self {
            part,
            name,
            found,
            expected,
            hint,
        }
    }
}

impl fmt::Display for Differs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.part)?;
        if let Some(name) = &self.name {
            write!(f, " {name}")?;
        }
        match &self.found {
            Some(found) if found == MASK => f.write_str(": it differs, and is not shown")?,
            Some(found) if self.name.is_some() => {
                write!(f, ": found {found:?}, expected {}", self.expected)?;
            }
            Some(found) => write!(f, ": found {found}, expected {}", self.expected)?,
            None => write!(f, ": found nothing, expected {}", self.expected)?,
        }
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

/// What may be the reason that a part differs.
fn hint(part: &Part, found: Option<&str>, expected: &str, entry: &Entry) -> Option<String> {
    let Some(found) = found else {
        return missing(part, entry);
    };
    let found = match part {
        Part::Query(_) | Part::Header(_) | Part::Field(_) => format!("{found:?}"),
        _ => found.to_owned(),
    };
    let without_blanks =
        |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).collect() };
    if found.to_lowercase() == expected.to_lowercase() {
        return Some("it differs only in case".to_owned());
    }
    if without_blanks(&found) == without_blanks(expected) {
        return Some("it differs only in blanks".to_owned());
    }
    if *part == Part::Path && found.strip_prefix("/vmrest") == Some(expected) {
        return Some("a path that begins with a slash is taken from the root".to_owned());
    }
    None
}

/// Why there may be nothing.
fn missing(part: &Part, entry: &Entry) -> Option<String> {
    let other = match part {
        Part::Status => return Some("there is no answer yet, or none was sent".to_owned()),
        Part::Field(name) => {
            let members = Format::read_any(entry.body()).ok()?;
            let mut names = members.into_iter().map(|member| member.name.into_owned());
            names.find(|found| found.to_lowercase() == name.to_lowercase())?
        }
        Part::Query(name) => {
            let query = form_urlencoded::parse(entry.query()?.as_bytes());
            let mut names = query.map(|(name, _)| name.into_owned());
            names.find(|found| found.to_lowercase() == name.to_lowercase())?
        }
        _ => return None,
    };
    Some(format!("there is {other:?}: names differ by case"))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
