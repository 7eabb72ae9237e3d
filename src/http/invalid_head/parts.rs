//! The parts of a head that cannot be parsed as a whole.

use std::iter;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::journal::{MASK, holds_secret};

/// The maximum number of bytes of a head that are read.
const MAX_SIZE: usize = 8 * 1024;
/// The maximum length of a method.
const MAX_METHOD_LENGTH: usize = 20;
/// The method and the path in the journal if they are not known.
const UNKNOWN: &str = "-";

/// The parts of a head that can be recognized. If its first line is no request line, none can: the bytes may be anything,
/// such as the rest of a body with a password.
#[derive(Debug)]
pub(super) struct HeadParts {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: Option<String>,
    pub(super) headers: HeaderMap,
}

impl HeadParts {
    pub(super) fn read(head: &[u8]) -> Self {
        let head = &head[..head.len().min(MAX_SIZE)];
        let mut lines = lines(head);
        let first = lines.next().unwrap_or_default();
        match request_line(&String::from_utf8_lossy(first.trim_ascii_end())) {
            Some((method, path, query)) => Self {
                method,
                path,
                query,
                headers: headers(lines),
            },
            None => Self {
                method: Method::from_bytes(UNKNOWN.as_bytes()).unwrap_or_default(),
                path: UNKNOWN.to_owned(),
                query: None,
                headers: HeaderMap::new(),
            },
        }
    }
}

/// Returns the lines with their line breaks, from the first one that is not empty. The last one may be incomplete.
pub(super) fn lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let start = head.iter().position(|byte| !b"\r\n".contains(byte));
    let head = &head[start.unwrap_or(head.len())..];
    head.split_inclusive(|&byte| byte == b'\n')
}

/// Splits a target from the HTTP version behind it, which may be absent.
pub(super) fn split_version(rest: &str) -> (&str, Option<&str>) {
    match rest.find(" HTTP/") {
        Some(end) => (&rest[..end], Some(&rest[end + 1..])),
        None => (rest, None),
    }
}

/// Returns the method, the path and the query string of a request line.
fn request_line(line: &str) -> Option<(Method, String, Option<String>)> {
    let (method, rest) = line.trim_start().split_once(' ')?;
    let is_method = method.len() <= MAX_METHOD_LENGTH
        && method
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    let method = Method::from_bytes(method.as_bytes())
        .ok()
        .filter(|_| is_method)?;
    let (target, _) = split_version(rest.trim_start());
    let target = target.replace(char::is_control, "\u{fffd}");
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (&*target, None),
    };
    let path = without_authority(path)?;
    let is_regular = path.bytes().all(|byte| byte.is_ascii_graphic());
    let path = if !is_regular && holds_secret(path) {
        MASK
    } else {
        path
    };
    Some((method, path.to_owned(), query))
}

/// Returns the path of a target, which may be a URL; `None` if it is neither.
fn without_authority(target: &str) -> Option<&str> {
    let Some((scheme, rest)) = target.split_once("://") else {
        return Some(target).filter(|path| path.starts_with('/') || *path == "*");
    };
    if scheme.starts_with('/') {
        return Some(target);
    }
    let start = rest.find('/');
    (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
        .then(|| start.map_or("/", |start| &rest[start..]))
}

/// Returns the headers up to the first line that is empty, incomplete or none: the lines behind it may be the rest of a
/// secret. A header may be folded, and have a space before its colon.
fn headers<'a>(lines: impl Iterator<Item = &'a [u8]>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let lines = lines.take_while(|line| line.ends_with(b"\n") && !line.trim_ascii().is_empty());
    let mut lines = lines.peekable();
    while let Some(line) = lines.next() {
        let folded = iter::from_fn(|| {
            lines.next_if(|line| line.starts_with(b" ") || line.starts_with(b"\t"))
        });
        let folded: Vec<&[u8]> = folded.map(<[u8]>::trim_ascii).collect();
        let Some(colon) = line.iter().position(|&byte| byte == b':') else {
            break;
        };
        let (name, value) = (line[..colon].trim_ascii(), line[colon + 1..].trim_ascii());
        let value = [&[value], &*folded].concat().join(&b' ');
        let header = (
            HeaderName::from_bytes(name),
            HeaderValue::from_bytes(&value),
        );
        let (Ok(name), Ok(value)) = header else {
            break;
        };
        headers.append(name, value);
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &str, expected: &str) {
        let parts = HeadParts::read(head.as_bytes());
        let mut found = format!("{} {}", parts.method, parts.path);
        if let Some(query) = parts.query {
            found = format!("{found} ? {query}");
        }
        for (name, value) in &parts.headers {
            found = format!("{found} | {name}: {}", value.to_str().unwrap());
        }
        assert_eq!(found, expected, "{head:?}");
    }

    #[test]
    fn the_parts_of_an_invalid_head_are_recognized() {
        check(
            "GET /a b?q=c d HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /a b ? q=c d | host: x",
        );
        check("\r\nGET /a\"b HTTP/1.1\r\n", "GET /a\"b");
        check("GET /a", "GET /a");
        check("GET http://user:pw@host/a?b HTTP/1.1\r\n", "GET /a ? b");
        check("OPTIONS * HTTP/9.9\n\n", "OPTIONS *");
        check("GET /a\0\x1b HTTP/1.1\r\n", "GET /a\u{fffd}\u{fffd}");
        check(
            "GET / HTTP/1.1\r\nA : b\r\nC: d\r\n e\r\n\tf\r\nG: h",
            "GET / | a: b | c: d e f",
        );
        check("GET / HTTP/1.1\r\nX: y\r\n\r\nB: c\r\n", "GET / | x: y");
        for unreadable in ["Authorization", "b d: c", "A: \0", "\"A\": c"] {
            check(
                &format!("GET / HTTP/1.1\r\nX: y\r\n{unreadable}\r\n f\r\nBasic: hunter2\r\n\r\n"),
                "GET / | x: y",
            );
        }
    }

    #[test]
    fn bytes_that_do_not_begin_like_a_request_are_hidden() {
        for head in [
            "",
            "\r\n\r\n",
            "GET",
            "hunter2 hunter2\r\nA: hunter2\r\n\r\n",
            "{\"Password\":\"hunter2\"} /a\r\nA: b\r\n\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 9 10\r\nGET / HTTP/1.1\r\n\r\n",
            "ftp://hunter2\r\n",
        ] {
            check(head, "- -");
        }
        check(
            "GET /a HTTP/1.1 Authorization: Basic hunter2/x\r\n",
            "GET /a",
        );
        check(
            "GET /a Authorization: Basic hunter2/x\r\n",
            "GET [redacted]",
        );
    }
}
