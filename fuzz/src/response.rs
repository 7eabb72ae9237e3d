//! Responses, as a client reads them from a connection.

use crate::Received;

/// The statuses that no request leads to: a panic, and a lack of resources.
const FAILURES: [u16; 2] = [500, 503];

/// Panics unless a client received valid responses only. The response to a `HEAD` request has no body, whatever its head
/// promises.
pub fn check_responses(received: &Received, has_head_requests: bool) {
    let connection = Connection {
        has_head_requests,
        is_cut: received.is_cut,
    };
    let shown = received.bytes.escape_ascii();
    assert!(connection.is_valid(&received.bytes), "{shown}");
}

struct Connection {
    has_head_requests: bool,
    is_cut: bool,
}

/// The end of the body of a response.
enum Body {
    Empty,
    Length(usize),
    Chunks,
    /// It ends with the connection.
    Rest,
}

impl Connection {
    /// True if these bytes are responses, one behind the other.
    fn is_valid(&self, bytes: &[u8]) -> bool {
        if bytes.is_empty() {
            return true;
        }
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut response = httparse::Response::new(&mut headers);
        let length = match response.parse(bytes) {
            Ok(httparse::Status::Complete(length)) => length,
            Ok(httparse::Status::Partial) => return self.is_cut,
            Err(_) => return false,
        };
        let status = response.code.unwrap_or_default();
        if FAILURES.contains(&status) {
            return false;
        }
        let Some(body) = body(status, response.headers) else {
            return false;
        };
        let rest = &bytes[length..];
        (self.has_head_requests && self.is_valid(rest)) || self.is_behind(&body, rest)
    }

    /// True if the bytes are a body, followed by other responses.
    fn is_behind(&self, body: &Body, rest: &[u8]) -> bool {
        match body {
            Body::Empty => self.is_valid(rest),
            Body::Length(length) => match rest.get(*length..) {
                Some(rest) => self.is_valid(rest),
                None => self.is_cut,
            },
            Body::Chunks => match end_of_chunks(rest) {
                Ok(Some(end)) => self.is_valid(&rest[end..]),
                Ok(None) => self.is_cut,
                Err(()) => false,
            },
            Body::Rest => true,
        }
    }
}

/// Returns the end of the body of a response, unless its headers contradict each other.
fn body(status: u16, headers: &[httparse::Header<'_>]) -> Option<Body> {
    let values = |name: &str| {
        let named = headers.iter();
        let named = named.filter(|header| header.name.eq_ignore_ascii_case(name));
        named.map(|header| header.value).collect::<Vec<_>>()
    };
    let lengths = values("content-length");
    let encodings = values("transfer-encoding");
    if let 100..=199 | 204 | 304 = status {
        return Some(Body::Empty);
    }
    match (&*lengths, &*encodings) {
        ([length], []) => Some(Body::Length(str::from_utf8(length).ok()?.parse().ok()?)),
        ([], [b"chunked"]) => Some(Body::Chunks),
        ([], []) => Some(Body::Rest),
        _ => None,
    }
}

/// Returns the end of the last chunk, or `None` if it is missing.
fn end_of_chunks(body: &[u8]) -> Result<Option<usize>, ()> {
    let mut at = 0;
    loop {
        let (head, size) = match httparse::parse_chunk_size(&body[at..]) {
            Ok(httparse::Status::Complete(found)) => found,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(_) => return Err(()),
        };
        let end = at + head + usize::try_from(size).map_err(|_| ())?;
        match body.get(end..end + 2) {
            Some(b"\r\n") => at = end + 2,
            Some(_) => return Err(()),
            None => return Ok(None),
        }
        if size == 0 {
            return Ok(Some(at));
        }
    }
}
