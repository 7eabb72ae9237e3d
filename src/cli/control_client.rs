//! Requests to the control plane of a running server.

use std::{io, net::SocketAddr, time::Duration};

use form_urlencoded::Serializer;
use serde::{Deserialize, de::DeserializeOwned};
use ureq::{
    Agent, Body, Error,
    http::{HeaderValue, Method, Request, Response, StatusCode, header},
};

use super::failure::Failure;

/// The maximum time to connect, and between two parts of a response.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The same for a health check, which container runtimes limit to a few seconds.
const HEALTH_CHECK_TIMEOUT: Duration = Duration::from_secs(3);

/// A client of the control plane of one server.
#[derive(Debug)]
pub(super) struct ControlClient {
    /// The base URL: `http://HOST:PORT`.
    url: String,
    token: Option<String>,
    timeout: Duration,
}

/// A response of the control plane.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    content_type: String,
    pub(super) body: Vec<u8>,
}

impl ControlClient {
    pub(super) fn new(url: String, token: Option<String>) -> Self {
        Self {
            url,
            token,
            timeout: TIMEOUT,
        }
    }

    /// Returns a client for a request whose response the server delays by this time.
    pub(super) fn waiting(self, time: Duration) -> Self {
        let timeout = self.timeout.saturating_add(time);
        Self { timeout, ..self }
    }

    /// Checks that the server at `address` is up. This needs no token.
    pub(super) fn health_check(address: SocketAddr) -> Result<(), Failure> {
        let client = Self {
            timeout: HEALTH_CHECK_TIMEOUT,
            ..Self::new(format!("http://{address}"), None)
        };
        // The body may be endless if it is not a server of ours.
        let response = client.response(Method::GET, "/__mock/health", &[], None)?;
        if response.status() == StatusCode::OK {
            return Ok(());
        }
        let reply = client.reply(response)?;
        Err(client.rejection(&reply))
    }

    /// Returns the body of a resource. It must have this media type.
    pub(super) fn get(
        &self,
        path: &str,
        query: &[(&str, &str)],
        media_type: &str,
    ) -> Result<Vec<u8>, Failure> {
        let reply = self.send(Method::GET, path, query, None)?;
        if reply.content_type.starts_with(media_type) {
            Ok(reply.body)
        } else {
            Err(self.unexpected_response())
        }
    }

    /// Returns a resource that is JSON.
    pub(super) fn get_json<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, Failure> {
        let body = self.get(path, query, "application/json")?;
        self.parse(&body)
    }

    /// Parses a response that is JSON.
    pub(super) fn parse<T: DeserializeOwned>(&self, body: &[u8]) -> Result<T, Failure> {
        serde_json::from_slice(body).map_err(|_| self.unexpected_response())
    }

    /// Sends a request, with a body in JSON if there is one. Fails unless it succeeds.
    pub(super) fn send(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        json: Option<Vec<u8>>,
    ) -> Result<Reply, Failure> {
        let reply = self.try_send(method, path, query, json)?;
        if reply.status.is_success() {
            Ok(reply)
        } else {
            Err(self.rejection(&reply))
        }
    }

    /// Sends a request, and returns the response of any status.
    pub(super) fn try_send(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        json: Option<Vec<u8>>,
    ) -> Result<Reply, Failure> {
        let response = self.response(method, path, query, json)?;
        self.reply(response)
    }

    /// Returns the failure for a response that is an error. If the server rejects an argument, the status is 2.
    pub(super) fn rejection(&self, reply: &Reply) -> Failure {
        let mut message = format!("{} responds with {}", self.url, reply.status);
        if let Some(reason) = error_message(&reply.body) {
            message = format!("{message}: {reason}");
        }
        match reply.status {
            StatusCode::BAD_REQUEST => Failure::usage(message),
            _ => Failure::runtime(message),
        }
    }

    /// Returns the failure for a response that cuc-mock never sends.
    pub(super) fn unexpected_response(&self) -> Failure {
        Failure::runtime(format!("{} responds, but is not cuc-mock", self.url))
    }

    /// Sends a request and returns the head of the response.
    fn response(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        json: Option<Vec<u8>>,
    ) -> Result<Response<Body>, Failure> {
        let mut url = format!("{}{path}", self.url);
        if !query.is_empty() {
            url.push('?');
            let length = url.len();
            url = Serializer::for_suffix(url, length)
                .extend_pairs(query)
                .finish();
        }
        let mut request = Request::builder().method(method).uri(url);
        if let Some(authorization) = self.authorization()? {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        let sent = match json {
            Some(json) => {
                let request = request.header(header::CONTENT_TYPE, "application/json");
                request
                    .body(json)
                    .map_err(Error::from)
                    .and_then(|request| self.agent().run(request))
            }
            None => request
                .body(())
                .map_err(Error::from)
                .and_then(|request| self.agent().run(request)),
        };
        sent.map_err(|error| self.failure("does not respond", &reason(error)))
    }

    /// Reads the whole response.
    fn reply(&self, response: Response<Body>) -> Result<Reply, Failure> {
        let content_type = response.headers().get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        Ok(Reply {
            status: response.status(),
            content_type: content_type.unwrap_or_default().to_owned(),
            body: self.body(response)?,
        })
    }

    fn body(&self, response: Response<Body>) -> Result<Vec<u8>, Failure> {
        let body = response.into_body().into_with_config().limit(u64::MAX);
        body.read_to_vec()
            .map_err(|error| self.failure("did not complete its response", &reason(error)))
    }

    fn agent(&self) -> Agent {
        Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // The token is only for the server.
            .proxy(None)
            .timeout_connect(Some(self.timeout))
            .timeout_per_read(Some(self.timeout))
            .build()
            .into()
    }

    fn authorization(&self) -> Result<Option<HeaderValue>, Failure> {
        let Some(token) = &self.token else {
            return Ok(None);
        };
        HeaderValue::try_from(format!("Bearer {token}").into_bytes())
            .map(Some)
            .map_err(|_| {
                Failure::usage(
                    "the token contains a control character, which a header cannot carry",
                )
            })
    }

    fn failure(&self, problem: &str, reason: &str) -> Failure {
        Failure::runtime(format!("{} {problem}: {reason}", self.url))
    }
}

/// Returns the reason why there is no response, or no complete one.
fn reason(error: Error) -> String {
    match error {
        Error::Timeout(_) => "timeout".to_owned(),
        Error::HostNotFound => "host not found".to_owned(),
        Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            "it closed the connection".to_owned()
        }
        Error::Io(error) => error.to_string(),
        Error::Protocol(_) => "it does not speak HTTP".to_owned(),
        error => error.to_string(),
    }
}

/// Returns the message in an error response of the control plane.
fn error_message(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct ErrorBody {
        error: String,
    }

    let body: ErrorBody = serde_json::from_slice(body).ok()?;
    Some(body.error)
}
