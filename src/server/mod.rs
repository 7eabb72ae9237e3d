//! Accepts connections, limits their number, and shuts down gracefully.

mod connection;
mod handshake;
mod head_rejection;
mod listeners;
mod log_rate_limit;
mod slots;

use std::{io, num::NonZero, sync::Arc, thread, time::Duration};

use futures_util::FutureExt;
use tokio::{
    net::TcpListener,
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};
use tracing::warn;

use self::{listeners::Listeners, log_rate_limit::LogRateLimit, slots::ConnectionSlots};
use crate::{app::App, http::Limits, tls::Https};

/// The time in which a request that is aborted must reach its next pause.
const ABORT_TIMEOUT: Duration = Duration::from_secs(1);
/// The pause after the operating system failed to accept a connection.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(50);

/// The state that the connections of a server share.
#[derive(Debug)]
struct Server {
    app: App,
    https: Https,
}

impl Server {
    fn limits(&self) -> &Limits {
        &self.app.state.limits
    }
}

/// Returns the number of threads that serve requests: half of the processors, at least one. The others are for the
/// test. With one thread, a query that has to scan a million records delays all other requests.
pub(crate) fn threads() -> usize {
    threads_on(thread::available_parallelism().map_or(1, NonZero::get))
}

fn threads_on(processors: usize) -> usize {
    (processors / 2).max(1)
}

/// Serves `app` on all listeners until `shutdown` is ready. Requests in flight then have `grace` to finish.
pub(crate) async fn run(
    listeners: Vec<TcpListener>,
    app: App,
    https: Https,
    shutdown: impl Future<Output = ()>,
    grace: Duration,
) {
    let server = Arc::new(Server { app, https });
    let mut listeners = Listeners::new(listeners);
    let slots = ConnectionSlots::new(server.limits().connections);
    let (stop, stopped) = watch::channel(());
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => {}
            accepted = listeners.accept() => match accepted {
                Ok(stream) => if let Some(guard) = slots.acquire(&stopped) {
                    // Boxed, as every task, because everything in a task of tokio is compiled again for each type of future.
                    connections.spawn(connection::serve(Arc::clone(&server), stream, guard).boxed());
                },
                Err(error) => recover_from(&error, &slots).await,
            },
        }
    }
    // Connections without a request close at once.
    drop((stop, stopped));
    drop(listeners);
    let drained = async { while connections.join_next().await.is_some() {} };
    if timeout(grace, drained).await.is_err() {
        let requests = slots.busy();
        if requests > 0 {
            warn!(
                requests,
                "the grace period is over: aborting the requests in flight"
            );
        }
        // A request on another thread could still change the records and be answered, after their last save.
        let _ = timeout(ABORT_TIMEOUT, connections.shutdown()).await;
    }
}

/// Logs an error of `accept`, and waits. The error may be a connection that its client has already reset, or a lack
/// of descriptors or memory: an idle connection is closed to release its own.
async fn recover_from(error: &io::Error, slots: &ConnectionSlots) {
    static LIMIT: LogRateLimit = LogRateLimit::new();
    let evicted = slots.evict();
    if let Some(suppressed) = LIMIT.allow() {
        warn!(%error, evicted, suppressed, "could not accept a connection");
    }
    sleep(ACCEPT_RETRY_DELAY).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_processors_serve_requests_and_at_least_one() {
        let threads = [1, 2, 3, 4, 5, 16].map(threads_on);
        assert_eq!(threads, [1, 1, 1, 2, 2, 8]);
    }
}
