//! Responses that hyper sends to requests that it cannot parse.

use std::{
    error::Error,
    fmt,
    io::{self, IoSlice},
    task::Poll,
};

use bytes::Bytes;

use super::{Activity, buffer_budget::find_cause};

/// The response of hyper to a request that it cannot parse. As an error of writing, it returns from hyper to the server,
/// which records the request before it sends the response.
#[derive(Clone, Debug)]
pub(crate) struct ParserResponse(pub(crate) Bytes);

/// Recognizes responses without a request among the bytes that hyper writes.
#[derive(Debug, Default)]
pub(super) struct ResponseMonitor {
    /// The number of requests whose responses had ended before the last write.
    ended: u64,
    /// True if a part of the last write was not accepted.
    has_rest: bool,
}

impl ResponseMonitor {
    /// Returns the bytes as an error, if no request has asked for them.
    pub(super) fn check(&mut self, slices: &[IoSlice<'_>], activity: &Activity) -> io::Result<()> {
        let ended = activity.ended_responses();
        if ended == self.ended && !self.has_rest && !activity.has_request() {
            let bytes: Vec<&[u8]> = slices.iter().map(|slice| &**slice).collect();
            return Err(io::Error::other(ParserResponse(bytes.concat().into())));
        }
        self.ended = ended;
        Ok(())
    }

    /// Records the number of these bytes that were accepted.
    pub(super) fn record(&mut self, accepted: &Poll<io::Result<usize>>, slices: &[IoSlice<'_>]) {
        let offered = slices.iter().map(|slice| slice.len()).sum::<usize>();
        self.has_rest = !matches!(accepted, Poll::Ready(Ok(accepted)) if *accepted >= offered);
    }
}

impl ParserResponse {
    /// Returns the response if it is the cause of `error`.
    pub(crate) fn find(error: &(dyn Error + 'static)) -> Option<Self> {
        find_cause(error)
    }
}

impl fmt::Display for ParserResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request cannot be parsed")
    }
}

impl Error for ParserResponse {}
