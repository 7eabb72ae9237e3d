//! The server under test, in this process and without a connection.

use std::{cell::RefCell, collections::BTreeMap, net::SocketAddr, sync::Arc};

use axum::{
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use tokio::{runtime::Runtime, sync::watch};

use super::rows::Model;

use crate::{
    app::App,
    connection::{ConnectionHandle, Endpoint},
    engine::Mode,
    http::Authentication,
    schema::Release,
    settings::Settings,
    space::Space,
};

pub(super) const XML: &str = "application/xml";
pub(super) const JSON: &str = "application/json";
/// The time of the servers.
const NOW: &str = "2030-01-01T00:00:00Z";

/// A server, and the client that sends the requests of a history.
pub(super) struct Server {
    pub(super) client: Client,
    pub(super) space: Arc<Space>,
    /// The records that histories begin with, by their number. The server has a snapshot of each.
    pub(super) beginnings: RefCell<BTreeMap<usize, Model>>,
}

/// A client, which waits for each response on its own thread.
pub(super) struct Client {
    app: App,
    runtime: Runtime,
}

/// A response.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Server {
    /// Starts a server with the invented resources in addition to its own.
    pub(super) fn start(release: Release) -> Self {
        let library = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/model/library.xml");
        let settings = Settings {
            release,
            resources: vec![library.into()],
            seed: Some(1),
            journal: Some(1),
            clock: NOW.parse::<Mode>().expect("a time"),
            authentication: Authentication::Disabled,
            ..Settings::default()
        };
        let address = address();
        let app = settings.build(address.ip()).expect("valid resources");
        Self {
            space: Arc::clone(app.state.spaces.default()),
            beginnings: RefCell::default(),
            client: Client::new(app),
        }
    }
}

impl Client {
    fn new(app: App) -> Self {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        Self {
            runtime: builder.enable_all().build().expect("a runtime"),
            app,
        }
    }

    /// Returns another client of the same server.
    pub(super) fn another(&self) -> Self {
        Self::new(self.app.clone())
    }

    /// Sends a request, whose body has this type.
    pub(super) fn send(&self, method: &str, path: &str, media_type: &str, body: &str) -> Response {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, address().to_string())
            .header(header::ACCEPT, media_type)
            .header(header::CONTENT_TYPE, media_type)
            .body(Body::from(body.to_owned()))
            .expect("a valid request");
        let (_shutdown, receiver) = watch::channel(());
        let connection = ConnectionHandle::new(receiver, false);
        let endpoint = Endpoint {
            scheme: "http",
            address: address(),
        };
        self.runtime.block_on(async {
            let response = self.app.handle(endpoint, &connection, request).await;
            let (head, body) = response.into_parts();
            let body = body.collect().await.expect("a body").to_bytes();
            Response {
                status: head.status,
                headers: head.headers,
                body: String::from_utf8(body.to_vec()).expect("UTF-8"),
            }
        })
    }
}

fn address() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8443))
}
