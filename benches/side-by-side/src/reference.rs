//! The reference: the leanest axum server that returns the same bytes and headers from memory, over HTTP or HTTPS.
//!
//!     reference CAPTURED.json [tls]

mod captured;

use std::{env, net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode},
    routing::get,
};
use captured::{Answer, Captured, LIST};
use hyper::server::conn::http1;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A response that is ready to be copied.
#[derive(Clone)]
struct Ready {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Ready {
    fn new(answer: Answer) -> Self {
        let headers = answer.headers.iter().map(|(name, value)| {
            let name: HeaderName = name.parse().expect("a name");
            (name, HeaderValue::from_str(value).expect("a value"))
        });
        Self {
            status: StatusCode::from_u16(answer.status).expect("a status"),
            headers: headers.collect(),
            body: answer.body.into(),
        }
    }

    fn response(&self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.clone();
        response
    }
}

fn routes(captured: Captured) -> Router {
    let ready = |answer| Arc::new(Ready::new(answer));
    let (list, post) = (ready(captured.list), ready(captured.post));
    let (object, put, delete) = (
        ready(captured.object),
        ready(captured.put),
        ready(captured.delete),
    );
    let collection = get(async move || list.response()).post(async move |_: Bytes| post.response());
    let one = get(async move || object.response())
        .put(async move |_: Bytes| put.response())
        .delete(async move || delete.response());
    Router::new()
        .route(LIST, collection)
        .route("/vmrest/externalservices/{id}", one)
}

fn acceptor() -> TlsAcceptor {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]);
    let made = made.expect("a certificate");
    let key = rustls::pki_types::PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key);
    TlsAcceptor::from(Arc::new(config.expect("a key that belongs to it")))
}

#[tokio::main]
async fn main() {
    let arguments: Vec<_> = env::args().collect();
    let routes = routes(Captured::read(&arguments[1]));
    let tls = arguments.get(2).map(|_| acceptor());
    let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
    let listener = TcpListener::bind(any_port).await.expect("a port");
    println!(
        "listening on {}",
        listener.local_addr().expect("an address")
    );
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        let (routes, tls) = (routes.clone(), tls.clone());
        tokio::spawn(async move {
            let service = TowerToHyperService::new(routes);
            let mut http = http1::Builder::new();
            http.title_case_headers(true);
            match tls {
                None => drop(http.serve_connection(TokioIo::new(stream), service).await),
                Some(tls) => {
                    let Ok(stream) = tls.accept(stream).await else {
                        return;
                    };
                    drop(http.serve_connection(TokioIo::new(stream), service).await);
                }
            }
        });
    }
}
