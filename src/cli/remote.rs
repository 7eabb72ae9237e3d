//! Asking a running server.

use std::{fmt, io, str::FromStr, time::Duration};

use clap::{Args, builder::NonEmptyStringValueParser};
use form_urlencoded::Serializer;
use serde::Deserialize;
use ureq::{
    Agent, Body, Error,
    http::{HeaderValue, Response, StatusCode, Uri, header},
};

use super::{Failed, MISTAKE, REFUSED};

/// How long the server may take to let a client in, and then to say anything.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug, Args)]
pub(super) struct Remote {
    /// Where the server runs; plain HTTP, which it speaks whatever its options
    #[arg(
        long,
        value_name = "URL",
        env = "CUC_MOCK_URL",
        default_value = "http://127.0.0.1:8443"
    )]
    url: Url,
    /// What the server was given as --control-token
    #[arg(
        long,
        value_name = "TOKEN",
        env = "CUC_MOCK_CONTROL_TOKEN",
        hide_env_values = true,
        value_parser = NonEmptyStringValueParser::new()
    )]
    token: Option<String>,
}

/// Where a server is reached: `http://HOST:PORT`.
#[derive(Clone, Debug)]
struct Url(String);

impl Remote {
    /// What the server answers about a space, which has to be of this media type.
    pub(super) fn get(&self, path: &str, space: &str, media_type: &str) -> Result<Vec<u8>, Failed> {
        let authorization = self.authorization()?;
        let answer = self
            .ask(path, space, authorization)
            .map_err(|error| self.refused("does not answer", &reason(error)))?;
        let status = answer.status();
        if status != StatusCode::OK {
            let found = format!("answers {status}");
            let mut body = answer.into_body();
            let error = body.read_to_vec().ok().and_then(|body| in_words(&body));
            return Err(match error {
                Some(error) => self.refused(&found, &error),
                None => (REFUSED, format!("{} {found}", self.url)),
            });
        }
        let found = answer.headers().get(header::CONTENT_TYPE);
        if !found.is_some_and(|found| found.as_bytes().starts_with(media_type.as_bytes())) {
            return Err(self.not_of_cuc_mock());
        }
        let body = answer.into_body().into_with_config().limit(u64::MAX);
        body.read_to_vec()
            .map_err(|error| self.refused("stops in the middle of its answer", &reason(error)))
    }

    /// What an answer is called that no server of this program gives.
    pub(super) fn not_of_cuc_mock(&self) -> Failed {
        let message = format!("{} answers, but not as cuc-mock does", self.url);
        (REFUSED, message)
    }

    fn authorization(&self) -> Result<Option<HeaderValue>, Failed> {
        let Some(token) = &self.token else {
            return Ok(None);
        };
        let value = HeaderValue::try_from(format!("Bearer {token}").into_bytes());
        let value = value.map_err(|_| {
            let error = "the token holds a control character, which no header can carry";
            (MISTAKE, error.to_owned())
        })?;
        Ok(Some(value))
    }

    fn ask(
        &self,
        path: &str,
        space: &str,
        authorization: Option<HeaderValue>,
    ) -> Result<Response<Body>, Error> {
        let agent: Agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // The token is for the server alone.
            .proxy(None)
            .timeout_connect(Some(PATIENCE))
            .timeout_per_read(Some(PATIENCE))
            .build()
            .into();
        let query = Serializer::new(String::new())
            .append_pair("space", space)
            .finish();
        let mut request = agent.get(format!("{}{path}?{query}", self.url));
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        request.call()
    }

    fn refused(&self, what: &str, why: &str) -> Failed {
        (REFUSED, format!("{} {what}: {why}", self.url))
    }
}

/// Why there is no answer, or no whole one.
fn reason(error: Error) -> String {
    match error {
        Error::Timeout(_) => "it takes too long".to_owned(),
        Error::HostNotFound => "there is no such host".to_owned(),
        Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            "it ends the connection".to_owned()
        }
        Error::Io(error) => error.to_string(),
        Error::Protocol(_) => "it does not speak HTTP".to_owned(),
        error => error.to_string(),
    }
}

/// What a refusal of the control plane says.
fn in_words(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Said {
        error: String,
    }

    let said: Said = serde_json::from_slice(body).ok()?;
    Some(said.error)
}

impl FromStr for Url {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let uri: Option<Uri> = text.parse().ok();
        let parts = uri.as_ref().and_then(|uri| {
            let has_more = uri.path() != "/" || uri.query().is_some();
            let authority = uri.authority()?.as_str();
            let is_plain = !has_more && !authority.contains('@');
            is_plain.then_some((uri.scheme_str()?, authority))
        });
        match parts {
            Some(("http", authority)) => Ok(Self(format!("http://{authority}"))),
            Some(("https", authority)) => Err(format!(
                "expected http://{authority}, since the control plane is served over plain HTTP on the same port"
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
