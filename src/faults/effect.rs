//! What a fault does to a request.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use bytes::Bytes;

use super::{
    delay,
    fault::{HIGHEST, check_count},
};

/// How large the body of an answer may be, in bytes.
pub(crate) const LARGEST_BODY: usize = 1024 * 1024;
/// How many headers an answer may be given.
const MOST_HEADERS: usize = 100;
/// How long the name and the value of a header may be together, in bytes.
const LONGEST_HEADER: usize = 8 * 1024;
/// What the server alone may say of its answers.
const OWN_HEADERS: [HeaderName; 8] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// What a fault does to a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// The connection is held, and nothing is said.
    NoAnswer,
    /// The connection is reset before any byte of the answer.
    Reset,
    /// The connection is closed before any byte of the answer.
    Close,
    /// The connection ends after so many bytes of the body.
    Cut { after: u64, reset: bool },
    /// The body comes a few bytes at a time.
    Dribble { bytes: usize, every: Duration },
    /// The body comes in chunks, the first of which has no size.
    MalformedChunk,
    /// Another answer.
    Answer(Answer),
    /// One of the vendor's own failures.
    Failure(Failure),
    /// The answer under another content type.
    ContentType(String),
    /// The answer, ended inside an element.
    Truncate,
    /// 503 for what goes beyond so many requests in flight.
    Throttle { at_once: u64 },
}

/// A way in which the vendor's server fails. What it looks like is decided where answers are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// 503: it has too much to do.
    Busy,
    /// 401: the account is locked.
    LockedOut,
    /// 403: it takes no writes.
    ReadOnly,
    /// 500, as the servlet container says it.
    Tomcat,
    /// 200, and a page to log in at.
    LoginPage,
}

/// An answer of the user's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

impl Effect {
    /// Whether the request need not do its work.
    pub(crate) fn is_instead(&self) -> bool {
        match self {
            Self::NoAnswer | Self::Reset | Self::Close => true,
            Self::Answer(_) | Self::Failure(_) | Self::Throttle { .. } => true,
            Self::Cut { .. } | Self::Dribble { .. } | Self::MalformedChunk => false,
            Self::ContentType(_) | Self::Truncate => false,
        }
    }

    pub(super) fn check(&self) -> Result<(), String> {
        match self {
            Self::Answer(answer) => answer.response().map(drop),
            Self::ContentType(value) if HeaderValue::from_str(value).is_err() => Err(format!(
                "the content type is {value:?}, expected the value of a header"
            )),
            Self::ContentType(value) if value.len() > LONGEST_HEADER => Err(format!(
                "the content type has {} bytes, expected at most {LONGEST_HEADER}",
                value.len()
            )),
            Self::Throttle { at_once } => check_count("throttle.at_once", *at_once),
            Self::Cut { after, .. } if *after > HIGHEST => Err(format!(
                "cut.after is {after}, expected a whole number from 0 to {HIGHEST}"
            )),
            Self::Dribble { every, .. } if *every > delay::LONGEST => Err(format!(
                "the dribble pauses for {} ms, expected at most {} ms",
                every.as_millis(),
                delay::LONGEST.as_millis()
            )),
            Self::Dribble { bytes, .. } => check_count("dribble.bytes", *bytes as u64),
            _ => Ok(()),
        }
    }
}

impl Answer {
    /// The answer as HTTP has it, or why there can be none.
    pub(crate) fn response(&self) -> Result<Response<Bytes>, String> {
        let status = StatusCode::from_u16(self.status).ok();
        let status = status.filter(|status| !status.is_informational());
        let status = status.ok_or_else(|| {
            format!(
                "the status is {}, expected one from 200 to 999",
                self.status
            )
        })?;
        let has_none = [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&status);
        if has_none && !self.body.is_empty() {
            return Err(format!("an answer of {} has no body", self.status));
        }
        if self.body.len() > LARGEST_BODY {
            let size = self.body.len();
            return Err(format!(
                "the body has {size} bytes, expected at most {LARGEST_BODY}"
            ));
        }
        if self.headers.len() > MOST_HEADERS {
            let count = self.headers.len();
            return Err(format!(
                "there are {count} headers, expected at most {MOST_HEADERS}"
            ));
        }
        let mut response = Response::new(self.body.clone());
        *response.status_mut() = status;
        for (name, value) in &self.headers {
            let (name, value) = read_header(name, value)?;
            response.headers_mut().append(name, value);
        }
        Ok(response)
    }
}

fn read_header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    if name.len() + value.len() > LONGEST_HEADER {
        return Err(format!(
            "a header has {} bytes, expected at most {LONGEST_HEADER}",
            name.len() + value.len()
        ));
    }
    let read = HeaderName::try_from(name)
        .map_err(|_| format!("found the header {name:?}, expected the name of a header"))?;
    if OWN_HEADERS.contains(&read) {
        return Err(format!(
            "found the header {name:?}, which only the server itself can set"
        ));
    }
    let value = HeaderValue::from_str(value)
        .map_err(|_| format!("the header {name:?} is {value:?}, expected the value of a header"))?;
    Ok((read, value))
}
