//! The mistake in a head that HTTP does not allow, in words.

use std::borrow::Cow;

use axum::http::{HeaderName, HeaderValue, Method, Uri};

use super::parts::{lines, split_version};

/// The maximum number of headers that hyper parses.
const MAX_HEADERS: usize = 100;

type Problem = Cow<'static, str>;

/// Returns the first mistake of a head. The text quotes nothing but single characters.
pub(super) fn problem_of(head: &[u8]) -> Problem {
    let mut lines = lines(head);
    let first = lines.next().unwrap_or_default();
    if let Some(protocol) = other_protocol(first) {
        return protocol.into();
    }
    let line = String::from_utf8_lossy(first);
    let line = line.trim_end_matches(['\r', '\n']);
    let mut headers = Headers {
        is_http_1_0: line.ends_with(" HTTP/1.0"),
        ..Headers::default()
    };
    request_line_problem(line)
        .or_else(|| headers.problem(lines))
        .unwrap_or("The request cannot be parsed as HTTP/1.1".into())
}

/// Returns the reason why a head is too large.
pub(super) fn size_problem(head: &[u8], max_size: usize) -> Problem {
    if head.len() < max_size && lines(head).count() > MAX_HEADERS {
        return format!("The request has more than {MAX_HEADERS} headers").into();
    }
    format!("The head of the request is larger than {max_size} bytes (--max-header-size)").into()
}

/// Recognizes another protocol than HTTP/1.1.
fn other_protocol(first: &[u8]) -> Option<&'static str> {
    // The signature of version 2 begins with empty lines.
    if first.starts_with(b"PROXY ") || first == b"\0\r\n" {
        return Some(
            "The connection begins with the PROXY protocol, expected HTTP: turn the protocol off in the load balancer",
        );
    }
    if first.starts_with(b"PRI * HTTP/2.0") {
        return Some("The client begins with HTTP/2, expected HTTP/1.1");
    }
    first
        .starts_with(b"\x16\x03")
        .then_some("The client begins a TLS handshake, expected HTTP")
}

fn request_line_problem(line: &str) -> Option<Problem> {
    const EXPECTED: &str = "expected a request line such as GET /vmrest/version HTTP/1.1";
    let Some((method, rest)) = line.split_once(' ') else {
        return Some(format!("The first line contains no space, {EXPECTED}").into());
    };
    if method.is_empty() {
        return Some(format!("The first line begins with a space, {EXPECTED}").into());
    }
    if Method::from_bytes(method.as_bytes()).is_err() {
        let problem = "The first line does not begin with a method";
        return Some(format!("{problem}, {EXPECTED}").into());
    }
    let (target, version) = split_version(rest);
    target_problem(target).or_else(|| match version {
        Some("HTTP/1.1" | "HTTP/1.0") => None,
        Some(_) => {
            Some("The first line ends with another version than HTTP/1.1 or HTTP/1.0".into())
        }
        None => Some("The first line has no version, expected HTTP/1.1 behind the target".into()),
    })
}

fn target_problem(target: &str) -> Option<Problem> {
    if target.is_empty() || target.starts_with(' ') {
        return Some("The target of the request is empty, expected a path after one space".into());
    }
    let is_raw = |c: &char| c.is_ascii_control() || " \"<>\\^`{|}#".contains(*c);
    if Uri::try_from(target).is_ok() {
        return None;
    }
    let problem = match target.chars().find(is_raw) {
        Some(' ') => "The target of the request contains a space, expected %20".into(),
        Some(found) => format!(
            "The target of the request contains the character {found:?}, expected %{:02X}",
            u32::from(found)
        )
        .into(),
        None => "The target of the request is neither a path nor a URL".into(),
    };
    Some(problem)
}

/// The headers before a line that decide about the length of the body.
#[derive(Default)]
struct Headers {
    is_http_1_0: bool,
    length: Option<u64>,
    /// The last transfer coding.
    coding: Option<String>,
}

impl Headers {
    fn problem<'a>(&mut self, lines: impl Iterator<Item = &'a [u8]>) -> Option<Problem> {
        let lines = lines.map(<[u8]>::trim_ascii_end);
        let mut lines = lines.take_while(|line| !line.is_empty()).zip(2..);
        let problem = lines.find_map(|(line, number)| {
            let problem = self.line_problem(line)?;
            Some(format!("Line {number} of the request {problem}").into())
        });
        problem.or_else(|| match self.coding.as_deref() {
            Some(_) if self.is_http_1_0 => {
                Some("There is a Transfer-Encoding, which HTTP/1.0 does not have".into())
            }
            Some(coding) if !coding.eq_ignore_ascii_case("chunked") => {
                Some("The last Transfer-Encoding is another one, expected chunked".into())
            }
            _ => None,
        })
    }

    /// Returns the mistake in a header, as the rest of a sentence.
    fn line_problem(&mut self, line: &[u8]) -> Option<&'static str> {
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            return Some("begins with a space: expected each header on one line, not folded");
        }
        let Some(colon) = line.iter().position(|&byte| byte == b':') else {
            return Some("has no colon, expected NAME: VALUE");
        };
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        if name.ends_with(b" ") || name.ends_with(b"\t") {
            return Some("has a space before the colon, expected NAME: VALUE");
        }
        let Ok(name) = HeaderName::from_bytes(name) else {
            return Some("has a character in the name of the header that HTTP does not allow");
        };
        if HeaderValue::from_bytes(value).is_err() {
            return Some("has a control character in the value of the header");
        }
        match name.as_str() {
            "content-length" => self.length_problem(str::from_utf8(value).unwrap_or_default()),
            "transfer-encoding" => {
                let value = String::from_utf8_lossy(value);
                self.coding = value
                    .rsplit(',')
                    .next()
                    .map(|coding| coding.trim().to_owned());
                None
            }
            _ => None,
        }
    }

    fn length_problem(&mut self, value: &str) -> Option<&'static str> {
        let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
        let Some(length) = value.parse().ok().filter(|_| is_number) else {
            return Some("has a Content-Length that is not a number of bytes");
        };
        let earlier = self.length.replace(length);
        earlier
            .is_some_and(|earlier| earlier != length)
            .then_some("has another Content-Length than a line before it")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_is_named_with_its_line() {
        let line = |line: &str| format!("{line}\r\nHost: x\r\n\r\n");
        let header = |header: &str| format!("GET / HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n");
        for (head, expected) in [
            (
                line("GET /a b HTTP/1.1"),
                "The target of the request contains a space, expected %20",
            ),
            (
                line("GET /a?b=\" HTTP/1.1"),
                "The target of the request contains the character '\"', expected %22",
            ),
            (
                line("GET a HTTP/1.1 "),
                "The first line ends with another version than HTTP/1.1 or HTTP/1.0",
            ),
            (
                line("GET  / HTTP/1.1"),
                "The target of the request is empty, expected a path after one space",
            ),
            (
                line("GET /a"),
                "The first line has no version, expected HTTP/1.1 behind the target",
            ),
            (
                line("G(T /a HTTP/1.1"),
                "The first line does not begin with a method, expected a request line such as GET /vmrest/version HTTP/1.1",
            ),
            (
                line("garbage"),
                "The first line contains no space, expected a request line such as GET /vmrest/version HTTP/1.1",
            ),
            (
                line(" GET / HTTP/1.1"),
                "The first line begins with a space, expected a request line such as GET /vmrest/version HTTP/1.1",
            ),
            (
                line("PROXY TCP4 1.2.3.4 5.6.7.8 9 10"),
                "The connection begins with the PROXY protocol, expected HTTP: turn the protocol off in the load balancer",
            ),
            (
                "\r\n\r\n\0\r\nQUIT\n!".to_owned(),
                "The connection begins with the PROXY protocol, expected HTTP: turn the protocol off in the load balancer",
            ),
            (
                line("PRI * HTTP/2.0"),
                "The client begins with HTTP/2, expected HTTP/1.1",
            ),
            (
                header("Authorization : Basic x"),
                "Line 3 of the request has a space before the colon, expected NAME: VALUE",
            ),
            (
                header("A: b\r\n c"),
                "Line 4 of the request begins with a space: expected each header on one line, not folded",
            ),
            (
                header("a b"),
                "Line 3 of the request has no colon, expected NAME: VALUE",
            ),
            (
                header("a b: c"),
                "Line 3 of the request has a character in the name of the header that HTTP does not allow",
            ),
            (
                header("a: \0"),
                "Line 3 of the request has a control character in the value of the header",
            ),
            (
                header("Content-Length: +1"),
                "Line 3 of the request has a Content-Length that is not a number of bytes",
            ),
            (
                header("Content-Length: 1\r\nContent-Length: 2"),
                "Line 4 of the request has another Content-Length than a line before it",
            ),
            (
                header("Transfer-Encoding: chunked, gzip"),
                "The last Transfer-Encoding is another one, expected chunked",
            ),
            (
                "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned(),
                "There is a Transfer-Encoding, which HTTP/1.0 does not have",
            ),
            (header("a: b"), "The request cannot be parsed as HTTP/1.1"),
        ] {
            assert_eq!(problem_of(head.as_bytes()), expected, "{head:?}");
        }
    }
}
