//! Requests to the control plane of a running server.

use std::{fmt, io, net::SocketAddr, str::FromStr, time::Duration};

use clap::{Args, builder::NonEmptyStringValueParser};
use form_urlencoded::Serializer;
use serde::Deserialize;
use ureq::{
    Agent, Body, Error,
    http::{HeaderValue, Response, StatusCode, Uri, header},
};

use super::failure::Failure;

/// The maximum time to connect, and between two parts of a response.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The same for a health check, which container runtimes limit to a few seconds.
const HEALTH_CHECK_TIMEOUT: Duration = Duration::from_secs(3);

#[derive(Debug, Args)]
pub(super) struct Remote {
    /// URL of the server; plain HTTP works whatever its options
    #[arg(
        long,
        value_name = "URL",
        env = "CUC_MOCK_URL",
        default_value = "http://127.0.0.1:8443"
    )]
    url: Url,
    /// Token of the control plane (--control-token of the server)
    #[arg(
        long,
        value_name = "TOKEN",
        env = "CUC_MOCK_CONTROL_TOKEN",
        hide_env_values = true,
        value_parser = NonEmptyStringValueParser::new()
    )]
    token: Option<String>,
    #[arg(skip = TIMEOUT)]
    timeout: Duration,
}

/// The base URL of a server: `http://HOST:PORT`.
#[derive(Clone, Debug)]
struct Url(String);

impl Remote {
    /// Checks that the server at `address` is up. This needs no token.
    pub(super) fn health_check(address: SocketAddr) -> Result<(), Failure> {
        let server = Self {
            url: Url(format!("http://{address}")),
            token: None,
            timeout: HEALTH_CHECK_TIMEOUT,
        };
        server.send("/__mock/health").map(drop)
    }

    /// Returns the body of a resource of the control plane, for a space. It must have this media type.
    pub(super) fn get(
        &self,
        path: &str,
        space: &str,
        media_type: &str,
    ) -> Result<Vec<u8>, Failure> {
        let query = Serializer::new(String::new())
            .append_pair("space", space)
            .finish();
        let response = self.send(&format!("{path}?{query}"))?;
        let content_type = response.headers().get(header::CONTENT_TYPE);
        if !content_type
            .is_some_and(|content_type| content_type.as_bytes().starts_with(media_type.as_bytes()))
        {
            return Err(self.unexpected_response());
        }
        let body = response.into_body().into_with_config().limit(u64::MAX);
        body.read_to_vec()
            .map_err(|error| self.failure("did not complete its response", &reason(error)))
    }

    /// The failure for a response that cuc-mock never sends.
    pub(super) fn unexpected_response(&self) -> Failure {
        Failure::runtime(format!("{} responds, but is not cuc-mock", self.url))
    }

    /// Sends a GET request. Fails unless the status of the response is 200.
    fn send(&self, path_and_query: &str) -> Result<Response<Body>, Failure> {
        let mut request = self.agent().get(format!("{}{path_and_query}", self.url));
        if let Some(authorization) = self.authorization()? {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        let response = request
            .call()
            .map_err(|error| self.failure("does not respond", &reason(error)))?;
        if response.status() == StatusCode::OK {
            return Ok(response);
        }
        Err(self.error_response(response))
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

    fn error_response(&self, response: Response<Body>) -> Failure {
        let problem = format!("responds with {}", response.status());
        let body = response.into_body().read_to_vec();
        match body.ok().and_then(|body| error_message(&body)) {
            Some(message) => self.failure(&problem, &message),
            None => Failure::runtime(format!("{} {problem}", self.url)),
        }
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

impl FromStr for Url {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let uri: Option<Uri> = text.parse().ok();
        let parts = uri.as_ref().and_then(|uri| {
            let has_path = uri.path() != "/" || uri.query().is_some();
            let authority = uri.authority()?.as_str();
            let is_base = !has_path && !authority.contains('@');
            is_base.then_some((uri.scheme_str()?, authority))
        });
        match parts {
            Some(("http", authority)) => Ok(Self(format!("http://{authority}"))),
            Some(("https", authority)) => Err(format!(
                "expected http://{authority}: the control plane uses plain HTTP on the same port"
            )),
            _ => Err("expected http://HOST:PORT".to_owned()),
        }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
