//! The threads and ports that all servers of the process share.

use std::{
    collections::HashSet,
    io,
    net::{Ipv4Addr, TcpListener},
    sync::{LazyLock, mpsc},
    time::Duration,
};

use parking_lot::Mutex;
use tokio::{runtime::Runtime, sync::oneshot};

use crate::{app::App, server, tls::Https};

/// A server that runs until this is dropped.
#[derive(Debug)]
pub(super) struct Running {
    /// Dropping it tells the server to stop.
    stop: Option<oneshot::Sender<()>>,
    /// Hangs up when the server has stopped.
    stopped: Mutex<mpsc::Receiver<()>>,
}

impl Drop for Running {
    /// Stops the server: when this returns, its port is closed.
    fn drop(&mut self) {
        self.stop.take();
        let _ = self.stopped.get_mut().recv();
    }
}

/// Runs `app` on `listener`.
pub(super) fn run(listener: TcpListener, app: App, https: Https) -> io::Result<Running> {
    let runtime = runtime()?;
    let address = listener.local_addr()?;
    USED_PORTS.lock().insert(address.port());
    listener.set_nonblocking(true)?;
    let listener = {
        let _inside = runtime.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    let (stop, stopping) = oneshot::channel::<()>();
    let (running, stopped) = mpsc::channel();
    runtime.spawn(async move {
        // `stop` is only ever dropped, which ends the wait as well.
        let shutdown = async { stopping.await.unwrap_or_default() };
        server::run(listener, app, https, shutdown, Duration::ZERO).await;
        drop(running);
    });
    Ok(Running {
        stop: Some(stop),
        stopped: Mutex::new(stopped),
    })
}

/// The threads that all servers of the process share.
pub(super) fn runtime() -> io::Result<&'static Runtime> {
    static RUNTIME: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
        tokio::runtime::Builder::new_multi_thread()
            // Test runners that start a process for each test have many of these.
            .worker_threads(server::threads().min(4))
            .thread_name("cuc-mock")
            .enable_all()
            .build()
    });
    RUNTIME
        .as_ref()
        .map_err(|error| io::Error::new(error.kind(), error.to_string()))
}

/// Every port that a server of this process has had.
static USED_PORTS: LazyLock<Mutex<HashSet<u16>>> = LazyLock::new(Mutex::default);

/// A free port that no earlier server of the process had, so that a client which still knows an
/// earlier one never meets this one.
pub(super) fn fresh_port() -> io::Result<TcpListener> {
    /// How many ports to look at before giving up.
    const TRIES: usize = 512;
    // What was used before is held until a fresh one is found, or it would be given again.
    let mut held = Vec::new();
    for _ in 0..TRIES {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        if !USED_PORTS.lock().contains(&listener.local_addr()?.port()) {
            return Ok(listener);
        }
        held.push(listener);
    }
    Err(io::Error::new(
        io::ErrorKind::AddrNotAvailable,
        "no port is left that no earlier server of this process had",
    ))
}
