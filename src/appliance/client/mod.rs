//! A client of a real server.

mod retry;
mod trust;

use std::{fmt, io, io::Read, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use ureq::{
    Agent, Error,
    http::{self, HeaderMap, Uri, header},
};

use self::retry::Retries;
pub(crate) use self::trust::Trust;

/// The maximum time to connect, and between two parts of a response.
const TIMEOUT: Duration = Duration::from_secs(60);
/// The largest response, in bytes.
const MAX_RESPONSE_BYTES: u64 = 256 << 20;

/// The credentials of a user of the server. The password appears in no output.
#[derive(Clone)]
pub(crate) struct Credentials {
    pub(crate) user: String,
    pub(crate) password: String,
}

impl Credentials {
    /// Returns the value of the header `Authorization`.
    fn authorization(&self) -> String {
        let Self { user, password } = self;
        let encoded = BASE64_STANDARD.encode(format!("{user}:{password}"));
        format!("Basic {encoded}")
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials({:?})", self.user)
    }
}

/// A client of one server. Its copies share their connections.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    agent: Agent,
    /// `https://HOST:PORT`, without a slash at the end.
    base: String,
    credentials: Credentials,
    retries: Retries,
}

/// A request below `/vmrest`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: http::Method,
    /// The absolute path with the query string, such as `/vmrest/users?rowsPerPage=1`.
    pub(crate) target: String,
    /// Headers in addition to the credentials.
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Vec<u8>>,
    /// False if the request is sent without credentials.
    pub(crate) is_authenticated: bool,
}

impl Request {
    /// Returns a request without a body.
    pub(crate) fn new(method: http::Method, target: impl Into<String>) -> Self {
        Self {
            method,
            target: target.into(),
            headers: Vec::new(),
            body: None,
            is_authenticated: true,
        }
    }

    pub(crate) fn get(target: impl Into<String>) -> Self {
        Self::new(http::Method::GET, target)
    }

    /// Adds a header.
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds a body in XML.
    pub(crate) fn xml(self, body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: Some(body.into()),
            ..self.header("Content-Type", "application/xml")
        }
    }

    /// Returns the request without credentials.
    pub(crate) fn anonymous(self) -> Self {
        Self {
            is_authenticated: false,
            ..self
        }
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.target)
    }
}

/// A complete response.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// Returns the value of a header, if there is one.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// The reason why a request has no response.
#[derive(Debug)]
pub(crate) struct NoResponse {
    /// The request, without its body.
    request: String,
    reason: String,
    /// True if the server may have received the request.
    is_sent: bool,
}

impl NoResponse {
    /// Returns the error for a response that lacks a part of a list.
    pub(crate) fn of_incomplete_list(request: &Request, status: u16) -> Self {
        Self {
            request: request.to_string(),
            reason: format!("expected the whole list, found a part of it with status {status}"),
            is_sent: true,
        }
    }
}

impl fmt::Display for NoResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: no response: {}", self.request, self.reason)
    }
}

impl Client {
    /// Returns a client of the server at `base`, `https://HOST:PORT` or `http://HOST:PORT`.
    pub(crate) fn new(base: &Uri, credentials: &Credentials, trust: &Trust) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // The credentials are only for the server.
            .proxy(None)
            .tls_config(trust.config())
            .timeout_connect(Some(TIMEOUT))
            .timeout_per_read(Some(TIMEOUT))
            .user_agent(concat!("cuc-mock/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        Self {
            agent,
            base: base.to_string().trim_end_matches('/').to_owned(),
            credentials: credentials.clone(),
            retries: Retries::default(),
        }
    }

    /// Calls `notify` before each repetition of a request, with the reason and the time until then.
    pub(crate) fn on_retry(
        mut self,
        notify: impl Fn(&str, Duration) + Send + Sync + 'static,
    ) -> Self {
        self.retries = Retries::notifying(notify);
        self
    }

    /// Returns the password.
    pub(crate) fn password(&self) -> &str {
        &self.credentials.password
    }

    /// Returns the base URL.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Sends a request, and repeats it while the server is busy. A `GET` is also repeated if the connection breaks.
    pub(crate) fn send(&self, request: &Request) -> Result<Response, NoResponse> {
        self.retries.repeat(request, || self.send_once(request))
    }

    fn describe(&self, request: &Request) -> String {
        format!("{} {}{}", request.method, self.base, request.target)
    }

    /// Sends a request once.
    pub(crate) fn send_once(&self, request: &Request) -> Result<Response, NoResponse> {
        let mut builder = http::Request::builder()
            .method(request.method.clone())
            .uri(format!("{}{}", self.base, request.target));
        if request.is_authenticated {
            builder = builder.header(header::AUTHORIZATION, self.credentials.authorization());
        }
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        let sent = match &request.body {
            Some(body) => builder
                .body(body.as_slice())
                .map_err(Error::from)
                .and_then(|request| self.agent.run(request)),
            None => builder
                .body(())
                .map_err(Error::from)
                .and_then(|request| self.agent.run(request)),
        };
        let response = sent.map_err(|error| no_response(self.describe(request), &error))?;
        let (head, body) = response.into_parts();
        let mut bytes = Vec::new();
        body.into_with_config()
            .limit(MAX_RESPONSE_BYTES)
            .reader()
            .read_to_end(&mut bytes)
            .map_err(|error| NoResponse {
                request: self.describe(request),
                reason: format!("it broke off: {error}"),
                is_sent: true,
            })?;
        Ok(Response {
            status: head.status.as_u16(),
            headers: head.headers,
            body: bytes,
        })
    }
}

fn no_response(request: String, error: &Error) -> NoResponse {
    let reason = match error {
        Error::Timeout(_) => "timeout".to_owned(),
        Error::HostNotFound => "host not found".to_owned(),
        Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            "the server closed the connection".to_owned()
        }
        Error::Io(error) => error.to_string(),
        error => error.to_string(),
    };
    NoResponse {
        request,
        reason,
        is_sent: !matches!(
            error,
            Error::HostNotFound | Error::ConnectionFailed | Error::Tls(_) | Error::Rustls(_)
        ),
    }
}
