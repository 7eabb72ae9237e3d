use std::{
    fmt::{self, Write as _},
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    time::Duration,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use cuc_mock::CucMock;

/// `Authorization` for a user called `admin` with the password `secret`.
pub(crate) const SIGNED_IN: &str = "Authorization: Basic YWRtaW46c2VjcmV0\r\n";

/// `Authorization` for the user of this name.
pub(crate) fn authorization(user: &str) -> String {
    let encoded = BASE64_STANDARD.encode(format!("{user}:secret"));
    format!("Authorization: Basic {encoded}\r\n")
}

/// What the appliance sends with every answer.
const APPLIANCE: [(&str, &str); 4] = [
    ("Cache-Control", "private"),
    ("Expires", "Thu, 01 Jan 1970 00:00:00 GMT"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Server", ""),
];

/// Sends requests, each on a connection of its own, and checks what every answer must have.
#[derive(Clone, Copy)]
pub(crate) struct Client {
    address: SocketAddr,
}

impl Client {
    pub(crate) fn of(mock: &CucMock) -> Self {
        Self::at(mock.address())
    }

    pub(crate) fn at(address: SocketAddr) -> Self {
        Self { address }
    }

    #[track_caller]
    pub(crate) fn get(self, path: &str) -> Answer {
        self.request("GET", path, SIGNED_IN, b"")
    }

    /// The same with a JSON answer.
    #[track_caller]
    pub(crate) fn get_json(self, path: &str) -> Answer {
        let headers = format!("{SIGNED_IN}Accept: application/json\r\n");
        self.request("GET", path, &headers, b"")
    }

    /// Sends a JSON body and takes a JSON answer.
    #[track_caller]
    pub(crate) fn send_json(self, method: &str, path: &str, json: &str) -> Answer {
        let headers =
            format!("{SIGNED_IN}Content-Type: application/json\r\nAccept: application/json\r\n");
        self.request(method, path, &headers, json.as_bytes())
    }

    #[track_caller]
    pub(crate) fn delete(self, path: &str) -> Answer {
        self.request("DELETE", path, SIGNED_IN, b"")
    }

    #[track_caller]
    pub(crate) fn post(self, path: &str, xml: impl AsRef<[u8]>) -> Answer {
        self.request("POST", path, &xml_headers(), xml.as_ref())
    }

    #[track_caller]
    pub(crate) fn put(self, path: &str, xml: impl AsRef<[u8]>) -> Answer {
        self.request("PUT", path, &xml_headers(), xml.as_ref())
    }

    /// Creates an object and tells its path.
    #[track_caller]
    pub(crate) fn create(self, path: &str, xml: impl AsRef<[u8]>) -> String {
        let answer = self.post(path, xml);
        assert_eq!(answer.status, 201, "{answer}");
        answer.body
    }

    /// The status of a GET that may be refused for lack of room; 0 when the server hangs up.
    pub(crate) fn get_or_busy(self, path: &str) -> u16 {
        let mut stream = self.connect();
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{SIGNED_IN}\r\n");
        let mut answer = Vec::new();
        let sent = stream.write_all(request.as_bytes());
        let read = sent.and_then(|()| stream.read_to_end(&mut answer));
        let status = answer
            .get(9..12)
            .and_then(|status| str::from_utf8(status).ok());
        let status = read.ok().and(status).and_then(|status| status.parse().ok());
        status.unwrap_or(0)
    }

    /// Sends JSON, or nothing, to the control plane.
    #[track_caller]
    pub(crate) fn control(self, method: &str, path: &str, json: &str) -> Answer {
        self.request(method, path, "", json.as_bytes())
    }

    #[track_caller]
    pub(crate) fn request(self, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
        let length = match body.is_empty() {
            true => String::new(),
            false => format!("Content-Length: {}\r\n", body.len()),
        };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: cuc.example.com:8443\r\nConnection: close\r\n{headers}{length}\r\n"
        );
        let answer = self.exchange(&[head.as_bytes(), body].concat());
        answer.check(method, path);
        answer
    }

    /// A request without a body, of whose answer nothing is expected.
    #[track_caller]
    pub(crate) fn send_to(self, method: &str, path: &str, headers: &str) -> Answer {
        let end = if headers.contains("\r\n\r\n") {
            ""
        } else {
            "\r\n"
        };
        let head =
            format!("{method} {path} HTTP/1.1\r\nHost: cuc\r\nConnection: close\r\n{headers}{end}");
        self.exchange(head.as_bytes())
    }

    /// Sends `bytes` as they are; tells the bytes that come until the server closes.
    #[track_caller]
    pub(crate) fn raw(self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = self.connect();
        stream
            .write_all(bytes)
            .expect("the server takes the request");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("a whole answer");
        answer
    }

    /// Sends `bytes` as they are and reads until the server closes.
    #[track_caller]
    pub(crate) fn exchange(self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        stream
            .write_all(bytes)
            .expect("the server takes the request");
        Answer::read(stream)
    }

    /// A connection, if the server is still there.
    pub(crate) fn try_connect(self) -> io::Result<TcpStream> {
        TcpStream::connect(self.address)
    }

    #[track_caller]
    pub(crate) fn connect(self) -> TcpStream {
        let stream = self.try_connect().expect("the server accepts");
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .expect("a time-out can be set");
        stream
    }
}

fn xml_headers() -> String {
    format!("{SIGNED_IN}Content-Type: application/xml\r\n")
}

/// A whole answer. It shows as its status, its headers but for those that are checked, and its body
/// with a line for each element.
pub(crate) struct Answer {
    pub(crate) status: u16,
    reason: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    #[track_caller]
    pub(crate) fn read(mut stream: TcpStream) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("a whole answer");
        let _ = stream.shutdown(Shutdown::Both);
        Self::parse(&String::from_utf8(bytes).expect("an answer in UTF-8"))
    }

    #[track_caller]
    pub(crate) fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 "));
        let (status, reason) = status
            .and_then(|line| line.split_once(' '))
            .expect("a status line");
        Self {
            status: status.parse().expect("a status"),
            reason: reason.to_owned(),
            headers: lines
                .filter_map(|line| line.split_once(':'))
                .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
                .collect(),
            body: body.to_owned(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(found, _)| found == name)?;
        Some(&found.1)
    }

    /// The values of `Set-Cookie`, in their order.
    pub(crate) fn cookies(&self) -> impl Iterator<Item = &str> {
        let headers = self.headers.iter();
        headers.filter_map(|(name, value)| (name == "Set-Cookie").then_some(value.as_str()))
    }

    /// The text of the first element of this name in the body.
    pub(crate) fn element(&self, name: &str) -> Option<&str> {
        let (_, after) = self.body.split_once(&format!("<{name}>"))?;
        Some(after.split_once(&format!("</{name}>"))?.0)
    }

    /// What every answer must have.
    #[track_caller]
    fn check(&self, method: &str, path: &str) {
        if let Some(length) = self.header("Content-Length").filter(|_| method != "HEAD") {
            assert_eq!(length, self.body.len().to_string(), "{self}");
        }
        assert!(
            self.header("Date")
                .is_some_and(|date| date.ends_with(" GMT")),
            "{self}"
        );
        assert!(self.status < 500, "{method} {path} → {self}");
        let is_control = path == "/__mock" || path.starts_with("/__mock/");
        let number = self.header("X-Request-Id").and_then(|id| match is_control {
            true => id.strip_prefix("control-"),
            false => Some(id),
        });
        let number = number.and_then(|number| number.parse::<u64>().ok());
        assert!(number.is_some_and(|number| number > 0), "{self}");
        if path.starts_with("/vmrest") {
            let mark = self.header("X-Cuc-Mock-Provenance").unwrap_or_default();
            assert!(
                ["documented", "captured", "client", "inferred"].contains(&mark),
                "{self}"
            );
            assert!(self.header("Content-Type").is_some(), "{self}");
            for (name, value) in APPLIANCE {
                assert_eq!(self.header(name), Some(value), "{name}: {self}");
            }
            let is_let_in = self.status != 401 && self.status != 302;
            let cookies = if is_let_in { 3 } else { 0 };
            assert_eq!(self.cookies().count(), cookies, "{self}");
            assert!(!self.body.contains(">\n<"), "XML is compact: {self}");
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", self.status, self.reason)?;
        let checked = [
            "Date",
            "Content-Length",
            "Connection",
            "Set-Cookie",
            "X-Request-Id",
        ];
        let is_checked = |name: &str| {
            checked.contains(&name) || APPLIANCE.iter().any(|(known, _)| *known == name)
        };
        for (name, value) in &self.headers {
            if !is_checked(name) {
                writeln!(f, "{name}: {value}")?;
            }
        }
        if !self.body.is_empty() {
            writeln!(f)?;
            f.write_str(&self.body.replace("><", ">\n<"))?;
            f.write_char('\n')?;
        }
        Ok(())
    }
}
