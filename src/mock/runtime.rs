//! The threads and ports that all servers of the process share.

use std::{
    collections::HashSet,
    io,
    net::{Ipv4Addr, TcpListener},
    sync::{LazyLock, mpsc},
    time::Duration,
};

use futures_util::FutureExt;
use parking_lot::Mutex;
use tokio::{runtime::Runtime, sync::oneshot};

use crate::{app::App, server, tls::Https};

/// A running server. Dropping it stops the server.
#[derive(Debug)]
pub(super) struct ServerHandle {
    /// Requests the shutdown when it is dropped.
    stop: Option<oneshot::Sender<()>>,
    /// Disconnected when the server has stopped.
    stopped: Mutex<mpsc::Receiver<()>>,
}

impl Drop for ServerHandle {
    /// Stops the server. Its port is closed when this returns.
    fn drop(&mut self) {
        self.stop.take();
        let _ = self.stopped.get_mut().recv();
    }
}

/// Serves `app` on `listener`, on the shared runtime.
pub(super) fn run(listener: TcpListener, app: App, https: Https) -> io::Result<ServerHandle> {
    let runtime = runtime()?;
    let address = listener.local_addr()?;
    USED_PORTS.lock().insert(address.port());
    listener.set_nonblocking(true)?;
    let listener = {
        let _guard = runtime.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    let (stop, stop_request) = oneshot::channel::<()>();
    let (running, stopped) = mpsc::channel();
    let serve = async move {
        // Nothing is ever sent: the wait ends when the sender is dropped.
        let shutdown = async { stop_request.await.unwrap_or_default() };
        server::run(vec![listener], app, https, shutdown, Duration::ZERO).await;
        drop(running);
    };
    // Boxed, as every task (`server::run`).
    runtime.spawn(serve.boxed());
    Ok(ServerHandle {
        stop: Some(stop),
        stopped: Mutex::new(stopped),
    })
}

/// Returns the runtime that all servers of the process share.
pub(super) fn runtime() -> io::Result<&'static Runtime> {
    static RUNTIME: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
        tokio::runtime::Builder::new_multi_thread()
            // Test runners that start one process per test run many of these at the same time.
            .worker_threads(server::threads().min(4))
            .thread_name("cuc-mock")
            .enable_all()
            .build()
    });
    RUNTIME
        .as_ref()
        .map_err(|error| io::Error::new(error.kind(), error.to_string()))
}

/// The ports of all servers of this process, past and present.
static USED_PORTS: LazyLock<Mutex<HashSet<u16>>> = LazyLock::new(Mutex::default);

/// Binds a free port that no earlier server of the process had, so that a client of an earlier server never reaches
/// this one by mistake.
pub(super) fn bind_fresh_port() -> io::Result<TcpListener> {
    /// The maximum number of ports to try.
    const MAX_TRIES: usize = 512;
    // Used ports stay bound until a fresh one is found. Otherwise the system could return them again.
    let mut used = Vec::new();
    for _ in 0..MAX_TRIES {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        if !USED_PORTS.lock().contains(&listener.local_addr()?.port()) {
            return Ok(listener);
        }
        used.push(listener);
    }
    Err(io::Error::new(
        io::ErrorKind::AddrNotAvailable,
        "found no free port that no earlier server of this process had",
    ))
}
