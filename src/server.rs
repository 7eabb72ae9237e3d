//! Accepting connections, and ending without breaking an answer off.

use std::{io, sync::Arc, time::Duration};

use axum::extract::OriginalUri;
use hyper::{Request, body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulConnection, GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    net::TcpListener,
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};
use tower::ServiceExt;
use tracing::{debug, warn};

use crate::{
    app::App,
    greeting::{Client, greet},
    http::Line,
    tls::Https,
    wire::Wire,
};

/// How long a client may take to send the head of a request.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
/// How long to wait when the operating system has no connection to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves `app` until `shutdown` is ready. What is in flight then has `grace` to be answered.
pub(crate) async fn run(
    listener: TcpListener,
    app: App,
    https: Https,
    shutdown: impl Future<Output = ()>,
    grace: Duration,
) {
    let graceful = GracefulShutdown::new();
    let mut greetings = JoinSet::new();
    let mut connections = JoinSet::new();
    let (stop, stopping) = watch::channel(());
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => {}
            Some(greeted) = greetings.join_next() => if let Ok(Some(client)) = greeted {
                connections.spawn(graceful.watch(serve(client, app.clone(), &stopping)));
            },
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    greetings.spawn(greet(stream, https.clone()));
                }
                Err(error) => pause_after(&error).await,
            },
        }
    }
    drop(listener);
    // Who has not said anything yet has asked for nothing.
    drop(greetings);
    drop(stop);
    if timeout(grace, graceful.shutdown()).await.is_err() {
        warn!("some requests were not answered within the grace period");
    }
}

/// Answers the requests of one client, which learn where they arrived and how their path was written.
fn serve(
    Client { stream, endpoint }: Client,
    app: App,
    stopping: &watch::Receiver<()>,
) -> impl GracefulConnection<Error = hyper::Error> + Send + use<> {
    let line = Line::new(stopping.clone());
    let wire = Wire::new(stream, Arc::clone(&line));
    let App { routes, shared } = app;
    let service = routes.map_request(move |mut request: Request<Incoming>| {
        let uri = OriginalUri(request.uri().clone());
        let extensions = request.extensions_mut();
        extensions.insert(uri);
        extensions.insert(endpoint);
        extensions.insert(Arc::clone(&line));
        extensions.insert(Arc::clone(&shared));
        request
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .title_case_headers(true)
        .serve_connection(TokioIo::new(wire), TowerToHyperService::new(service))
}

/// A connection that breaks while it is accepted is its client's matter; a lack of descriptors passes.
async fn pause_after(error: &io::Error) {
    debug!(%error, "a connection could not be accepted");
    sleep(ACCEPT_PAUSE).await;
}
