//! Measures the time from the start of a server in this process to its first response, in microseconds: that of the
//! first server and that of the hundredth.
//!
//!     start cuc-mock|reference|wiremock|httpmock|mockito

use std::{env, net::SocketAddr, time::Instant};

use axum::{Router, routing::get};
use cuc_mock::CucMock;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

const HUNDREDTH: usize = 100;

async fn ask(address: SocketAddr) {
    let mut client = TcpStream::connect(address).await.expect("a connection");
    let request = "GET /vmrest/version HTTP/1.1\r\nHost: x\r\nAuthorization: Basic YTpi\r\n\r\n";
    client
        .write_all(request.as_bytes())
        .await
        .expect("it is sent");
    let mut first = [0; 12];
    client.read_exact(&mut first).await.expect("an answer");
    assert!(first.starts_with(b"HTTP/1.1 "), "{first:?}");
}

/// The times of the first start of a server in this process and of the hundredth, in microseconds. Each server is
/// dropped before the next one starts, as in a test.
async fn times<S>(mut run: impl AsyncFnMut() -> S) -> [f64; 2] {
    let mut first = 0.0;
    for number in 1.. {
        let begun = Instant::now();
        let started = run().await;
        let took = begun.elapsed().as_secs_f64() * 1e6;
        drop(started);
        match number {
            1 => first = took,
            HUNDREDTH => return [first, took],
            _ => {}
        }
    }
    unreachable!("the numbers have no end")
}

/// Aborts the task of a server when it is dropped.
struct Serving(JoinHandle<()>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn cuc_mock() -> CucMock {
    let mock = CucMock::start().await;
    let address = mock.uri().trim_start_matches("http://").parse();
    ask(address.expect("an address")).await;
    mock
}

/// A server of axum alone.
async fn reference() -> Serving {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let routes = Router::new().route("/vmrest/version", get(async || "10.5.2"));
    let served = async move {
        let (stream, _) = listener.accept().await.expect("a connection");
        let service = hyper_util::service::TowerToHyperService::new(routes);
        let stream = hyper_util::rt::TokioIo::new(stream);
        let http = hyper::server::conn::http1::Builder::new();
        drop(http.serve_connection(stream, service).await);
    };
    let serving = Serving(tokio::spawn(served));
    ask(address).await;
    serving
}

async fn wiremock() -> wiremock::MockServer {
    let server = wiremock::MockServer::start().await;
    ask(*server.address()).await;
    server
}

async fn httpmock() -> httpmock::MockServer {
    let server = httpmock::MockServer::start_async().await;
    ask(*server.address()).await;
    server
}

async fn mockito() -> mockito::ServerGuard {
    let server = mockito::Server::new_async().await;
    ask(server.socket_address()).await;
    server
}

#[tokio::main]
async fn main() {
    let [first, hundredth] = match env::args().nth(1).as_deref() {
        Some("cuc-mock") => times(cuc_mock).await,
        Some("reference") => times(reference).await,
        Some("wiremock") => times(wiremock).await,
        Some("httpmock") => times(httpmock).await,
        Some("mockito") => times(mockito).await,
        other => panic!("there is no server {other:?}"),
    };
    println!("{first:.1} {hundredth:.1}");
}
