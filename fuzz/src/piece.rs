//! The parts of the bytes that a client sends.

use arbitrary::Arbitrary;

/// Headers that change the path of a request through the server.
const HEADERS: [&str; 24] = [
    "Host: localhost",
    "Host: a, b",
    "Authorization: Basic YTpi",
    "Authorization: Basic %%",
    "Authorization: Bearer token",
    "Accept: application/json",
    "Accept: text/plain;q=0, */*;q=0.1",
    "Accept-Encoding: gzip",
    "Content-Type: application/xml",
    "Content-Type: application/json; charset=utf-16",
    "Content-Type: multipart/form-data; boundary=x",
    "Content-Encoding: gzip",
    "Content-Length: 0",
    "Content-Length: 5",
    "Content-Length: 18446744073709551615",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip, chunked",
    "Connection: close",
    "Connection: keep-alive",
    "Connection: upgrade\r\nUpgrade: h2c",
    "Expect: 100-continue",
    "Origin: http://localhost",
    "Cookie: JSESSIONID=a; REQUEST_TOKEN_KEY=b",
    "X-Folded: a\r\n b",
];
const METHODS: [&str; 8] = [
    "GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "TRACE", "CONNECT",
];
const PATHS: [&str; 16] = [
    "/vmrest/externalservices",
    "/vmrest/externalservices?query=(DisplayName%20startswith%20a)",
    "/vmrest/tenants",
    "/vmrest/users?rowsPerPage=1",
    "/vmrest/users?templateAlias=voicemailusertemplate",
    "/vmrest/version",
    "/vmrest/schema",
    "/vmrest/application.wadl",
    "/vmrest/nothing",
    "/cuals/",
    "/__mock/health",
    "/__mock/spaces",
    "/",
    "*",
    "http://localhost/vmrest/version",
    "//vmrest/../vmrest/%76ersion/",
];
const BODIES: [&str; 6] = [
    "<Tenant><Alias>a</Alias><SmtpDomain>a.example.com</SmtpDomain></Tenant>",
    "<Tenant><Alias>",
    r#"{"Alias":"b","SmtpDomain":"b.example.com"}"#,
    "<ExternalService><DisplayName>a</DisplayName></ExternalService>",
    "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n",
    "",
];

/// One part of the bytes of a client. A number selects one of the known texts.
#[derive(Arbitrary, Debug)]
pub enum Piece<'a> {
    /// A request line with a known method and path.
    Request {
        method: u8,
        path: u8,
        is_old: bool,
    },
    /// Any request line.
    RequestLine {
        method: u8,
        target: &'a [u8],
    },
    Header(u8),
    /// Any header.
    OtherHeader {
        name: &'a [u8],
        value: &'a [u8],
    },
    EndOfHead,
    /// A known body with its length, behind the head.
    Body(u8),
    /// Any body with its length, behind the head.
    OtherBody(&'a [u8]),
    /// A chunk with a known body.
    Chunk(u8),
    OtherChunk(&'a [u8]),
    LastChunk,
    /// A whole request.
    Whole,
    /// Any bytes.
    Raw(&'a [u8]),
    /// The next pieces are sent separately.
    Pause,
}

/// Returns the bytes to send, in the parts that are sent separately.
pub fn bytes(pieces: &[Piece<'_>]) -> Vec<Vec<u8>> {
    let mut sent = vec![Vec::new()];
    for piece in pieces {
        match piece {
            Piece::Pause => sent.push(Vec::new()),
            piece => sent
                .last_mut()
                .expect("it is never empty")
                .extend(piece.bytes()),
        }
    }
    sent
}

impl Piece<'_> {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Request {
                method,
                path,
                is_old,
            } => {
                let version = if *is_old { "HTTP/1.0" } else { "HTTP/1.1" };
                let (method, path) = (pick(&METHODS, *method), pick(&PATHS, *path));
                format!("{method} {path} {version}\r\n").into()
            }
            Self::RequestLine { method, target } => {
                let method = pick(&METHODS, *method).as_bytes();
                [method, b" ", target, b" HTTP/1.1\r\n"].concat()
            }
            Self::Header(number) => format!("{}\r\n", pick(&HEADERS, *number)).into(),
            Self::OtherHeader { name, value } => [name, &b": "[..], value, b"\r\n"].concat(),
            Self::EndOfHead => b"\r\n".into(),
            Self::Body(number) => body(pick(&BODIES, *number).as_bytes()),
            Self::OtherBody(bytes) => body(bytes),
            Self::Chunk(number) => chunk(pick(&BODIES, *number).as_bytes()),
            Self::OtherChunk(bytes) => chunk(bytes),
            Self::LastChunk => b"0\r\n\r\n".into(),
            Self::Whole => {
                b"GET /vmrest/version HTTP/1.1\r\nHost: a\r\nAuthorization: Basic YTpi\r\n\r\n"
                    .into()
            }
            Self::Raw(bytes) => bytes.to_vec(),
            Self::Pause => Vec::new(),
        }
    }
}

fn pick<'t>(texts: &[&'t str], number: u8) -> &'t str {
    texts[usize::from(number) % texts.len()]
}

fn body(bytes: &[u8]) -> Vec<u8> {
    let length = format!("Content-Length: {}\r\n\r\n", bytes.len());
    [length.as_bytes(), bytes].concat()
}

fn chunk(bytes: &[u8]) -> Vec<u8> {
    let length = format!("{:x}\r\n", bytes.len());
    [length.as_bytes(), bytes, b"\r\n"].concat()
}
