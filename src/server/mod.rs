//! Accepting connections, and ending without breaking an answer off.

mod connection;
mod seats;

use std::{io, num::NonZero, sync::Arc, thread, time::Duration};

use tokio::{
    net::TcpListener,
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};
use tracing::warn;

use self::seats::Seats;
use crate::{
    app::App,
    http::{Limits, Seldom},
    tls::Https,
};

/// How long to wait when the operating system has no connection to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What the connections of a server share.
#[derive(Debug)]
struct Server {
    app: App,
    https: Https,
}

impl Server {
    fn limits(&self) -> &Limits {
        &self.app.shared.limits
    }
}

/// How many threads serve: half of the processors, for the others are the test's, and one at least. The price of one is
/// that a query which has to look at each of a million records holds the others up for as long.
pub(crate) fn threads() -> usize {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    (processors / 2).max(1)
}

/// Serves `app` until `shutdown` is ready. What is in flight then has `grace` to be answered.
pub(crate) async fn run(
    listener: TcpListener,
    app: App,
    https: Https,
    shutdown: impl Future<Output = ()>,
    grace: Duration,
) {
    let server = Arc::new(Server { app, https });
    let seats = Seats::new(server.limits().connections);
    let (stop, stopping) = watch::channel(());
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => if let Some(own) = seats.take(&stopping) {
                    connections.spawn(connection::serve(Arc::clone(&server), stream, own));
                },
                Err(error) => make_room_after(&error, &seats).await,
            },
        }
    }
    // Who has not asked for anything is not waited for.
    drop((stop, stopping));
    drop(listener);
    let ended = async { while connections.join_next().await.is_some() {} };
    if timeout(grace, ended).await.is_err() {
        let cut = seats.busy();
        if cut > 0 {
            warn!(
                cut,
                "the grace period is over: requests are cut off that were not answered"
            );
        }
    }
}

/// A connection that breaks while it is accepted is its client's matter; where descriptors or memory lack, a connection
/// that rests gives its own up.
async fn make_room_after(error: &io::Error, seats: &Seats) {
    static SELDOM: Seldom = Seldom::new();
    let made_room = seats.make_room();
    if let Some(before) = SELDOM.next() {
        warn!(%error, made_room, before, "a connection could not be accepted");
    }
    sleep(ACCEPT_PAUSE).await;
}
