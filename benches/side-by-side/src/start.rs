//! Measures the time from the start of a server in this process to its first response: the median in microseconds.
//!
//!     start

use std::{net::SocketAddr, time::Instant};

use axum::{Router, routing::get};
use cuc_mock::CucMock;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

const TIMES: usize = 201;

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

/// Measures `run`. The server that it starts is stopped outside the measured time.
async fn median<S>(name: &str, mut run: impl AsyncFnMut() -> S) {
    let mut took = Vec::new();
    for _ in 0..TIMES {
        let begun = Instant::now();
        let started = run().await;
        took.push(begun.elapsed().as_secs_f64() * 1e6);
        drop(started);
    }
    took.sort_by(f64::total_cmp);
    println!("{name} {:.0}", took[TIMES / 2]);
}

/// Aborts the task of a server when it is dropped.
struct Serving(JoinHandle<()>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[tokio::main]
async fn main() {
    median("cuc-mock", async || {
        let mock = CucMock::start().await;
        let address = mock.uri().trim_start_matches("http://").parse();
        ask(address.expect("an address")).await;
        mock
    })
    .await;
    median("reference", async || {
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
    })
    .await;
    median("wiremock", async || {
        let server = wiremock::MockServer::start().await;
        ask(*server.address()).await;
        server
    })
    .await;
    median("httpmock", async || {
        let server = httpmock::MockServer::start_async().await;
        ask(*server.address()).await;
        server
    })
    .await;
    median("mockito", async || {
        let server = mockito::Server::new_async().await;
        ask(server.socket_address()).await;
        server
    })
    .await;
}
