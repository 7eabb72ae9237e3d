use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Instant,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use cuc_mock::CucMock;

use super::{DEADLINE, Response};

/// The header `Authorization` of the user `admin` with the password `secret`.
pub(crate) const ADMIN_AUTHORIZATION: &str = "Authorization: Basic YWRtaW46c2VjcmV0\r\n";

/// Returns the header `Authorization` of a user with the password `secret`.
pub(crate) fn authorization(user: &str) -> String {
    basic_authorization(&format!("{user}:secret"))
}

/// Returns the header `Authorization` for `NAME:PASSWORD`.
pub(crate) fn basic_authorization(credentials: &str) -> String {
    let encoded = BASE64_STANDARD.encode(credentials);
    format!("Authorization: Basic {encoded}\r\n")
}

/// Sends each request on a connection of its own, and checks the common properties of every response.
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

    pub(crate) fn address(self) -> SocketAddr {
        self.address
    }

    #[track_caller]
    pub(crate) fn get(self, path: &str) -> Response {
        self.request("GET", path, ADMIN_AUTHORIZATION, b"")
    }

    /// Sends a GET that accepts JSON.
    #[track_caller]
    pub(crate) fn get_json(self, path: &str) -> Response {
        let headers = format!("{ADMIN_AUTHORIZATION}Accept: application/json\r\n");
        self.request("GET", path, &headers, b"")
    }

    /// Sends a JSON body, and accepts JSON.
    #[track_caller]
    pub(crate) fn send_json(self, method: &str, path: &str, json: &str) -> Response {
        let headers = format!(
            "{ADMIN_AUTHORIZATION}Content-Type: application/json\r\nAccept: application/json\r\n"
        );
        self.request(method, path, &headers, json.as_bytes())
    }

    #[track_caller]
    pub(crate) fn delete(self, path: &str) -> Response {
        self.request("DELETE", path, ADMIN_AUTHORIZATION, b"")
    }

    #[track_caller]
    pub(crate) fn post(self, path: &str, xml: impl AsRef<[u8]>) -> Response {
        self.request("POST", path, &xml_headers(), xml.as_ref())
    }

    #[track_caller]
    pub(crate) fn put(self, path: &str, xml: impl AsRef<[u8]>) -> Response {
        self.request("PUT", path, &xml_headers(), xml.as_ref())
    }

    /// Creates an object. Returns its path.
    #[track_caller]
    pub(crate) fn create(self, path: &str, xml: impl AsRef<[u8]>) -> String {
        let response = self.post(path, xml);
        assert_eq!(response.status, 201, "{response}");
        response.body
    }

    /// Returns the status of a GET that the server may reject for lack of capacity, or `None` if it closes the
    /// connection without a response.
    pub(crate) fn get_status(self, path: &str) -> Option<u16> {
        let mut stream = self.connect();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{ADMIN_AUTHORIZATION}\r\n"
        );
        let mut response = Vec::new();
        stream.write_all(request.as_bytes()).ok()?;
        stream.read_to_end(&mut response).ok()?;
        str::from_utf8(response.get(9..12)?).ok()?.parse().ok()
    }

    /// Repeats a GET until its status is 200.
    #[track_caller]
    pub(crate) fn wait_for_capacity(self, path: &str) {
        let deadline = Instant::now() + DEADLINE;
        while self.get_status(path) != Some(200) {
            assert!(Instant::now() < deadline, "the server is still busy");
        }
    }

    /// Returns the memory of the bodies that are in progress.
    #[track_caller]
    pub(crate) fn buffered_bytes(self) -> usize {
        let metrics = self.control("GET", "/__mock/metrics", "").body;
        let mut lines = metrics.lines();
        let bytes = lines.find_map(|line| line.strip_prefix("cuc_mock_buffers_bytes "));
        bytes.and_then(|bytes| bytes.parse().ok()).expect("a gauge")
    }

    /// Returns the number of records in all spaces.
    #[track_caller]
    pub(crate) fn count_records(self) -> usize {
        let metrics = self.control("GET", "/__mock/metrics", "").body;
        let gauges = metrics
            .lines()
            .filter(|line| line.starts_with("cuc_mock_records{"));
        let counts = gauges.filter_map(|line| line.rsplit_once(' ')?.1.parse::<usize>().ok());
        counts.sum()
    }

    /// Waits until the memory of the bodies that are in progress meets a condition.
    #[track_caller]
    pub(crate) fn wait_for_buffers(self, is_met: impl Fn(usize) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        while !is_met(self.buffered_bytes()) {
            assert!(Instant::now() < deadline, "{} bytes", self.buffered_bytes());
        }
    }

    /// Waits until the server has received this many requests for a path below `/vmrest`.
    #[track_caller]
    pub(crate) fn wait_for_requests(self, path: &str, count: usize) {
        let within = DEADLINE.as_millis();
        let verification = format!(
            r#"{{"requests":{{"path":"{path}"}},"at_least":{count},"within_ms":{within}}}"#
        );
        let response = self.control("POST", "/__mock/requests/verify", &verification);
        assert_eq!(response.status, 200, "{response}");
    }

    /// Sends a request whose response the server delays. Its timers that were due before have fired by then.
    #[track_caller]
    pub(crate) fn wait_for_delayed_response(self, delay_ms: u64) {
        let fault = format!(
            r#"{{"delay":{{"fixed_ms":{delay_ms}}},"requests":{{"path":"version"}},"times":1}}"#
        );
        let created = self.control("POST", "/__mock/faults", &fault);
        assert_eq!(created.status, 201, "{created}");
        assert_eq!(self.get("/vmrest/version").status, 200);
    }

    /// Sends JSON or an empty body to the control plane.
    #[track_caller]
    pub(crate) fn control(self, method: &str, path: &str, json: &str) -> Response {
        self.request(method, path, "", json.as_bytes())
    }

    #[track_caller]
    pub(crate) fn request(self, method: &str, path: &str, headers: &str, body: &[u8]) -> Response {
        let length = if body.is_empty() {
            String::new()
        } else {
            format!("Content-Length: {}\r\n", body.len())
        };
        let host = self.host(path);
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}{length}\r\n"
        );
        let response = self.exchange(&[head.as_bytes(), body].concat());
        response.check(method, path);
        response
    }

    /// Returns the host of requests to a path. The control plane admits only names of the server.
    fn host(self, path: &str) -> String {
        if path.starts_with("/__mock") {
            self.address.to_string()
        } else {
            "cuc.example.com:8443".to_owned()
        }
    }

    /// Sends a request without a body, and does not check the response.
    #[track_caller]
    pub(crate) fn request_unchecked(self, method: &str, path: &str, headers: &str) -> Response {
        let end = if headers.contains("\r\n\r\n") {
            ""
        } else {
            "\r\n"
        };
        let host = self.host(path);
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}{end}"
        );
        self.exchange(head.as_bytes())
    }

    /// Sends raw bytes. Returns all bytes that the server sends before it closes the connection.
    #[track_caller]
    pub(crate) fn raw(self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = self.connect();
        stream.write_all(bytes).expect("the server reads");
        let mut response = Vec::new();
        stream.read_to_end(&mut response).expect("a response");
        response
    }

    /// Sends raw bytes, and reads a response until the server closes the connection.
    #[track_caller]
    pub(crate) fn exchange(self, bytes: &[u8]) -> Response {
        let mut stream = self.connect();
        stream.write_all(bytes).expect("the server reads");
        Response::read(stream)
    }

    /// Connects, unless the server has stopped.
    pub(crate) fn try_connect(self) -> io::Result<TcpStream> {
        TcpStream::connect(self.address)
    }

    #[track_caller]
    pub(crate) fn connect(self) -> TcpStream {
        let stream = self.try_connect().expect("the server accepts");
        stream
            .set_read_timeout(Some(DEADLINE))
            .expect("the system supports timeouts");
        stream
    }
}

fn xml_headers() -> String {
    format!("{ADMIN_AUTHORIZATION}Content-Type: application/xml\r\n")
}
