//! Accepting connections, and ending without breaking an answer off.

use std::{io, time::Duration};

use hyper::{Request, body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::TcpListener,
    task::JoinSet,
    time::{sleep, timeout},
};
use tower::ServiceExt;
use tracing::{debug, warn};

use crate::{app::App, http::Endpoint};

/// How long a client may take to send the head of a request.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
/// How long to wait when the operating system has no connection to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves `app` until `shutdown` is ready. What is in flight then has `grace` to be answered.
pub(crate) async fn run(
    listener: TcpListener,
    app: App,
    shutdown: impl Future<Output = ()>,
    grace: Duration,
) {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let Ok(address) = stream.local_addr() else { continue };
                    // Answers are small and whole: waiting to fill a packet only delays them.
                    let _ = stream.set_nodelay(true);
                    let endpoint = Endpoint { scheme: "http", address };
                    let service = app.clone().map_request(move |mut request: Request<Incoming>| {
                        request.extensions_mut().insert(endpoint);
                        request
                    });
                    let connection = http1::Builder::new()
                        .timer(TokioTimer::new())
                        .header_read_timeout(HEADER_TIMEOUT)
                        .title_case_headers(true)
                        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
                    connections.spawn(graceful.watch(connection));
                }
                Err(error) => pause_after(&error).await,
            },
        }
    }
    drop(listener);
    if timeout(grace, graceful.shutdown()).await.is_err() {
        warn!("some requests were not answered within the grace period");
    }
}

/// A connection that breaks while it is accepted is its client's matter; a lack of descriptors passes.
async fn pause_after(error: &io::Error) {
    debug!(%error, "a connection could not be accepted");
    sleep(ACCEPT_PAUSE).await;
}
