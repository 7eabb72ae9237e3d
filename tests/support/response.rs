use std::{
    fmt::{self, Write},
    io::Read,
    net::{Shutdown, TcpStream},
};

/// The headers that the appliance sends with every response.
const APPLIANCE_HEADERS: [(&str, &str); 4] = [
    ("Cache-Control", "private"),
    ("Expires", "Thu, 01 Jan 1970 00:00:00 GMT"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Server", ""),
];

/// The headers that the control plane sends with every response.
const CONTROL_HEADERS: [(&str, &str); 2] = [
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
];

/// The other headers that `Response::check` covers, so that `Display` leaves them out.
const CHECKED_HEADERS: [&str; 6] = [
    "Date",
    "Content-Length",
    "Transfer-Encoding",
    "Connection",
    "Set-Cookie",
    "X-Request-Id",
];

/// A whole response. `Display` writes its status, the headers that `check` does not cover, and its body with one
/// element per line.
pub(crate) struct Response {
    pub(crate) status: u16,
    reason: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Response {
    /// Reads until the server closes the connection.
    #[track_caller]
    pub(crate) fn read(mut stream: TcpStream) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("a whole response");
        let _ = stream.shutdown(Shutdown::Both);
        Self::parse(&String::from_utf8(bytes).expect("a response in UTF-8"))
    }

    #[track_caller]
    pub(crate) fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        let mut lines = head.lines();
        let status_line = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 "));
        let (status, reason) = status_line
            .and_then(|line| line.split_once(' '))
            .expect("a status line");
        let mut response = Self {
            status: status.parse().expect("a status"),
            reason: reason.to_owned(),
            headers: lines
                .filter_map(|line| line.split_once(':'))
                .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
                .collect(),
            body: body.to_owned(),
        };
        if response.header("Transfer-Encoding") == Some("chunked")
            && let Some(body) = join_chunks(body)
        {
            response.body = body;
        }
        response
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(header, _)| header == name)?;
        Some(value)
    }

    /// Returns the values of `Set-Cookie` in their order.
    pub(crate) fn cookies(&self) -> impl Iterator<Item = &str> {
        let headers = self.headers.iter();
        headers.filter_map(|(name, value)| (name == "Set-Cookie").then_some(value.as_str()))
    }

    /// Returns the text of the first element of this name in the body.
    pub(crate) fn element(&self, name: &str) -> Option<&str> {
        let (_, rest) = self.body.split_once(&format!("<{name}>"))?;
        Some(rest.split_once(&format!("</{name}>"))?.0)
    }

    /// Returns the texts of all elements of this name in the body.
    pub(crate) fn elements(&self, name: &str) -> Vec<&str> {
        let end = format!("</{name}>");
        let begin = format!("<{name}>");
        let parts = self.body.split(&begin).skip(1);
        parts.filter_map(|part| part.split(&end).next()).collect()
    }

    /// Checks the common properties of every response.
    #[track_caller]
    pub(super) fn check(&self, method: &str, path: &str) {
        if let Some(length) = self.header("Content-Length").filter(|_| method != "HEAD") {
            assert_eq!(length, self.body.len().to_string(), "{self}");
        }
        assert!(
            self.header("Date")
                .is_some_and(|date| date.ends_with(" GMT")),
            "{self}"
        );
        assert!(self.status < 500, "{method} {path} → {self}");
        self.check_request_id(path);
        if path.starts_with("/vmrest") {
            self.check_appliance();
        }
        if is_control(path) {
            self.check_headers(&CONTROL_HEADERS);
        }
    }

    #[track_caller]
    fn check_request_id(&self, path: &str) {
        let number = self.header("X-Request-Id").and_then(|id| {
            if is_control(path) {
                id.strip_prefix("control-")
            } else {
                Some(id)
            }
        });
        let number = number.and_then(|number| number.parse::<u64>().ok());
        assert!(number.is_some_and(|number| number > 0), "{self}");
    }

    #[track_caller]
    fn check_headers(&self, expected: &[(&str, &str)]) {
        for (name, value) in expected {
            assert_eq!(self.header(name), Some(*value), "{name}: {self}");
        }
    }

    #[track_caller]
    fn check_appliance(&self) {
        let provenance = self.header("X-Cuc-Mock-Provenance").unwrap_or_default();
        assert!(
            ["documented", "captured", "client", "inferred"].contains(&provenance),
            "{self}"
        );
        // A described response without a body has no type.
        let has_type = self.header("Content-Type").is_some();
        assert!(has_type || self.body.is_empty(), "{self}");
        self.check_headers(&APPLIANCE_HEADERS);
        let is_authenticated = self.status != 401 && self.status != 302;
        let cookies = if is_authenticated { 3 } else { 0 };
        assert_eq!(self.cookies().count(), cookies, "{self}");
        assert!(!self.body.contains(">\n<"), "the XML is compact: {self}");
    }
}

fn is_control(path: &str) -> bool {
    path == "/__mock" || path.starts_with("/__mock/")
}

impl fmt::Display for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", self.status, self.reason)?;
        let is_checked = |name: &str| {
            CHECKED_HEADERS.contains(&name)
                || [APPLIANCE_HEADERS.as_slice(), &CONTROL_HEADERS]
                    .concat()
                    .iter()
                    .any(|(checked, _)| *checked == name)
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

/// Returns the data of a body in chunks, unless it is malformed or incomplete.
fn join_chunks(mut chunks: &str) -> Option<String> {
    let mut data = String::new();
    loop {
        let (size, rest) = chunks.split_once("\r\n")?;
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(data);
        }
        data.push_str(rest.get(..size)?);
        chunks = rest[size..].strip_prefix("\r\n")?;
    }
}
