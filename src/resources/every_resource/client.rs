//! A client of one server.

use std::fmt;

use ureq::{Agent, http::Request};

use crate::CucMock;

/// The header `Authorization` of the user `admin` with the password `secret`.
const ADMIN: &str = "Basic YWRtaW46c2VjcmV0";

pub(super) const XML: &str = "application/xml";
pub(super) const JSON: &str = "application/json";
pub(super) const WAVE: &str = "audio/wav";

pub(super) struct Client {
    agent: Agent,
    uri: String,
}

/// A response: its status, the path of a new object, and the body.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

impl Client {
    pub(super) fn of(mock: &CucMock) -> Self {
        let config = Agent::config_builder().http_status_as_error(false);
        Self {
            agent: config.build().into(),
            uri: mock.uri(),
        }
    }

    pub(super) fn get(&self, path: &str) -> Response {
        self.send("GET", path, XML, b"")
    }

    /// Sends a body of a media type, and accepts a response of the same type unless it is audio.
    pub(super) fn send(&self, method: &str, path: &str, media_type: &str, body: &[u8]) -> Response {
        let accepted = match media_type {
            WAVE => "*/*",
            other => other,
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.uri))
            .header("Authorization", ADMIN)
            .header("Accept", accepted);
        let response = match body {
            b"" => self.agent.run(request.body(()).expect("a request")),
            body => {
                let request = request.header("Content-Type", media_type);
                self.agent.run(request.body(body).expect("a request"))
            }
        };
        let mut response = response.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(u64::MAX);
        Response {
            status,
            body: body.read_to_vec().expect("a body"),
        }
    }
}

impl Response {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl fmt::Display for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text();
        let message = text
            .split("<message>")
            .nth(1)
            .and_then(|rest| rest.split('<').next());
        write!(f, "{} {}", self.status, message.unwrap_or(&text))
    }
}
