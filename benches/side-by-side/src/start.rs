//! Measures the time from the start of a server in this process to its first response: that of the first server and that
//! of the hundredth. Prints a line for each, with three durations in microseconds: until the server has started, until a
//! connection is open, and until the response begins.
//!
//!     start cuc-mock|reference|loop|wiremock|httpmock|mockito

use std::{env, net::SocketAddr, time::Instant};

use axum::{Router, routing::get};
use cuc_mock::CucMock;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

const HUNDREDTH: usize = 100;

/// The durations of the start of a server, of the connection, and of the response, in microseconds.
type Phases = [f64; 3];

/// Starts a server and sends a request. Returns the server and the durations.
async fn measure<S>(start: &mut impl AsyncFnMut() -> (S, SocketAddr)) -> (S, Phases) {
    let begun = Instant::now();
    let (server, address) = start().await;
    let started = begun.elapsed();
    let mut client = TcpStream::connect(address).await.expect("a connection");
    let connected = begun.elapsed();
    let request = "GET /vmrest/version HTTP/1.1\r\nHost: x\r\nAuthorization: Basic YTpi\r\n\r\n";
    client
        .write_all(request.as_bytes())
        .await
        .expect("it is sent");
    let mut first = [0; 12];
    client.read_exact(&mut first).await.expect("an answer");
    assert!(first.starts_with(b"HTTP/1.1 "), "{first:?}");
    let phases = [started, connected - started, begun.elapsed() - connected];
    (server, phases.map(|phase| phase.as_secs_f64() * 1e6))
}

/// The durations of the first server in this process and of the hundredth. Each server is dropped before the next one
/// starts, as in a test.
async fn times<S>(mut start: impl AsyncFnMut() -> (S, SocketAddr)) -> [Phases; 2] {
    let mut first = Phases::default();
    for number in 1.. {
        let (server, phases) = measure(&mut start).await;
        drop(server);
        match number {
            1 => first = phases,
            HUNDREDTH => return [first, phases],
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

async fn cuc_mock() -> (CucMock, SocketAddr) {
    let mock = CucMock::start().await;
    let address = mock.address();
    (mock, address)
}

/// A server whose only task accepts a connection and serves it.
async fn serve<F: Future<Output = ()> + Send>(
    connection: impl FnOnce(TcpStream) -> F + Send + 'static,
) -> (Serving, SocketAddr) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let served = async move {
        let (stream, _) = listener.accept().await.expect("a connection");
        connection(stream).await;
    };
    (Serving(tokio::spawn(served)), address)
}

/// A server of axum alone.
async fn reference() -> (Serving, SocketAddr) {
    let routes = Router::new().route("/vmrest/version", get(async || "10.5.2"));
    serve(async |stream| {
        let service = hyper_util::service::TowerToHyperService::new(routes);
        let stream = hyper_util::rt::TokioIo::new(stream);
        let http = hyper::server::conn::http1::Builder::new();
        drop(http.serve_connection(stream, service).await);
    })
    .await
}

/// A server without HTTP: it returns the same bytes for the first ones that it reads.
async fn only_loop() -> (Serving, SocketAddr) {
    serve(async |mut stream: TcpStream| {
        let mut request = [0; 4096];
        let read = stream.read(&mut request).await;
        read.expect("a request");
        let response = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n10.5.2";
        stream.write_all(response).await.expect("a client");
        // The client closes the connection.
        drop(stream.read(&mut request).await);
    })
    .await
}

async fn wiremock() -> (wiremock::MockServer, SocketAddr) {
    let server = wiremock::MockServer::start().await;
    let address = *server.address();
    (server, address)
}

async fn httpmock() -> (httpmock::MockServer, SocketAddr) {
    let server = httpmock::MockServer::start_async().await;
    let address = *server.address();
    (server, address)
}

async fn mockito() -> (mockito::ServerGuard, SocketAddr) {
    let server = mockito::Server::new_async().await;
    let address = server.socket_address();
    (server, address)
}

#[tokio::main]
async fn main() {
    let times = match env::args().nth(1).as_deref() {
        Some("cuc-mock") => times(cuc_mock).await,
        Some("reference") => times(reference).await,
        Some("loop") => times(only_loop).await,
        Some("wiremock") => times(wiremock).await,
        Some("httpmock") => times(httpmock).await,
        Some("mockito") => times(mockito).await,
        other => panic!("there is no server {other:?}"),
    };
    for [started, connected, answered] in times {
        println!("{started:.1} {connected:.1} {answered:.1}");
    }
}
