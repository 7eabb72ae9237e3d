//! One request with its answer, for whoever reads the journal.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Serialize, Serializer};

use super::{Entry, RecordedResponse, Secrets};
use crate::{engine::Format, schema::Provenance};

/// One request that a server was sent, with its answer.
///
/// Unless secrets were asked for, `[redacted]` stands in place of credentials, cookies and passwords.
#[derive(Clone, Debug)]
pub struct JournalEntry {
    number: u64,
    time: String,
    space: String,
    method: String,
    path: String,
    query: Option<String>,
    headers: Vec<Header>,
    /// `None` when it was not read.
    body: Option<Vec<u8>>,
    body_bytes: Option<usize>,
    is_body_cut: bool,
    answer: Option<Answer>,
    provenance: Option<&'static str>,
    duration: Option<Duration>,
    fault: Option<u64>,
}

#[derive(Clone, Debug, Serialize)]
struct Header {
    name: String,
    value: String,
}

#[derive(Clone, Debug, Serialize)]
struct Answer {
    status: u16,
    headers: Vec<Header>,
}

impl JournalEntry {
    pub(crate) fn new(space: &str, entry: &Entry, secrets: Secrets) -> Self {
        let answered = entry.answer();
        Self {
            number: entry.number,
            time: entry.time.to_string(),
            space: space.to_owned(),
            method: entry.method.to_string(),
            path: entry.path().to_owned(),
            query: entry.query().map(|query| secrets.query(query).into_owned()),
            headers: headers(entry.headers(), secrets),
            body: entry.body_bytes.map(|_| secrets.body(entry).into_owned()),
            body_bytes: entry.body_bytes,
            is_body_cut: entry.is_body_cut(),
            answer: answered.and_then(|answered| Answer::of(answered, secrets)),
            provenance: answered
                .and_then(|answered| answered.provenance)
                .map(Provenance::as_str),
            duration: answered.map(|answered| answered.duration),
            fault: entry.fault.get().copied(),
        }
    }

    /// Counts from 1 in the order of arrival, in each space and after each reset.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// When it arrived by the clock of its space, such as `2026-01-31T12:00:00Z`.
    pub fn time(&self) -> &str {
        &self.time
    }

    /// The space that it was answered in.
    pub fn space(&self) -> &str {
        &self.space
    }

    /// Its method, such as `POST`.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Its path, such as `/vmrest/externalservices`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Its query string as it was sent, without the question mark.
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// The names, in lower case, and values of its headers.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        pairs(&self.headers)
    }

    /// The value of its first header of this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers();
        let found = headers.find(|(found, _)| found.eq_ignore_ascii_case(name))?;
        Some(found.1)
    }

    /// Its body as it was sent, at most 64 KiB of it; `None` when the server did not read it.
    pub fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }

    /// The same as text, if it is UTF-8.
    pub fn body_text(&self) -> Option<&str> {
        let body = self.body()?;
        match std::str::from_utf8(body) {
            Ok(text) => Some(text),
            // A character was cut in two.
            Err(error) if self.is_body_cut && error.error_len().is_none() => {
                std::str::from_utf8(&body[..error.valid_up_to()]).ok()
            }
            Err(_) => None,
        }
    }

    /// How many bytes the whole body has; `None` when the server did not read it.
    pub fn body_bytes(&self) -> Option<usize> {
        self.body_bytes
    }

    /// Whether the body has more bytes than are kept.
    pub fn is_body_cut(&self) -> bool {
        self.is_body_cut
    }

    /// The value of the first field of this name in the body, XML or JSON, decoded. `None` also when the body
    /// cannot be read.
    pub fn field(&self, name: &str) -> Option<String> {
        let members = Format::read_any(self.body()?).ok()?;
        let found = members.into_iter().find(|member| member.name == name)?;
        found.value.map(std::borrow::Cow::into_owned)
    }

    /// The status that it was answered with; `None` when it was not answered, or not yet.
    pub fn status(&self) -> Option<u16> {
        self.answer.as_ref().map(|answer| answer.status)
    }

    /// The names, in lower case, and values of the headers of the answer.
    pub fn answer_headers(&self) -> impl Iterator<Item = (&str, &str)> {
        pairs(self.answer.as_ref().map_or(&[], |answer| &answer.headers))
    }

    /// How well it is known that the appliance answers so: `documented`, `client` or `inferred`.
    pub fn provenance(&self) -> Option<&str> {
        self.provenance
    }

    /// How long it took until the answer was ready, or the client went away; `None` as long as neither happened.
    pub fn duration(&self) -> Option<Duration> {
        self.duration
    }

    /// The number of the fault that hit it.
    pub fn fault(&self) -> Option<u64> {
        self.fault
    }
}

impl Answer {
    fn of(answered: &RecordedResponse, secrets: Secrets) -> Option<Self> {
        Some(Self {
            status: answered.status?.as_u16(),
            headers: headers(answered.headers(), secrets),
        })
    }
}

fn headers<'a>(
    headers: impl Iterator<Item = (&'a str, &'a [u8])>,
    secrets: Secrets,
) -> Vec<Header> {
    let shown = headers.map(|(name, value)| Header {
        name: name.to_owned(),
        value: secrets.header(name, value).into_owned(),
    });
    shown.collect()
}

fn pairs(headers: &[Header]) -> impl Iterator<Item = (&str, &str)> {
    let headers = headers.iter();
    headers.map(|header| (header.name.as_str(), header.value.as_str()))
}

/// A request as the control plane shows it.
#[derive(Serialize)]
struct Shown<'a> {
    number: u64,
    time: &'a str,
    space: &'a str,
    method: &'a str,
    path: &'a str,
    query: Option<&'a str>,
    headers: &'a [Header],
    body: Option<String>,
    body_encoding: Option<&'static str>,
    body_bytes: Option<usize>,
    body_cut: bool,
    answer: Option<&'a Answer>,
    provenance: Option<&'static str>,
    duration_us: Option<u128>,
    fault: Option<u64>,
}

impl Serialize for JournalEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (body, body_encoding) = match (&self.body, self.body_text()) {
            (None, _) => (None, None),
            (Some(_), Some(text)) => (Some(text.to_owned()), Some("text")),
            (Some(bytes), None) => (Some(BASE64_STANDARD.encode(bytes)), Some("base64")),
        };
        let shown = Shown {
            number: self.number,
            time: &self.time,
            space: &self.space,
            method: &self.method,
            path: &self.path,
            query: self.query(),
            headers: &self.headers,
            body,
            body_encoding,
            body_bytes: self.body_bytes,
            body_cut: self.is_body_cut,
            answer: self.answer.as_ref(),
            provenance: self.provenance,
            duration_us: self.duration.map(|duration| duration.as_micros()),
            fault: self.fault,
        };
        shown.serialize(serializer)
    }
}
