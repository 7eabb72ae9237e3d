//! Serves one connection, from its first byte to its end.
//!
//! hyper drives the connection only while it is active. Between requests, and before the first one, it is idle: it
//! waits for input without any buffer, so that a server can have many connections.

use std::{convert::Infallible, sync::Arc, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use hyper::{
    Request,
    body::Incoming,
    header::{self, HeaderValue},
    server::conn::http1,
    service::{HttpService, service_fn},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    time::{Instant, Interval, MissedTickBehavior, interval, interval_at, sleep, timeout},
};

use super::{Server, handshake, head_rejection::HeadRejection, slots::SlotGuard};
use crate::{
    connection::{
        ConnectionHandle, Endpoint, FaultStream, Progress, TrackedRequestBody, TrackedResponseBody,
    },
    http::Limits,
};

/// The time after which a connection without a new request becomes idle.
const IDLE_DELAY: Duration = Duration::from_millis(20);
/// The interval of the later checks of an active connection.
const CHECK_INTERVAL: Duration = Duration::from_millis(250);
/// The time in which a request that is being read must arrive when the server shuts down.
const ARRIVAL_TIME: Duration = Duration::from_millis(100);
/// The interval of the checks during a shutdown.
const SHUTDOWN_CHECK_INTERVAL: Duration = Duration::from_millis(10);
/// Serves one connection to its end.
pub(super) async fn serve(server: Arc<Server>, stream: TcpStream, guard: SlotGuard) {
    let connection = &guard.slot.connection;
    if !wait_for_input(&server, &stream, &guard).await {
        return;
    }
    let https = server.https.clone();
    // Boxed, because most connections are idle most of the time, and need none of this then.
    let accepting = Box::pin(handshake::accept(
        stream,
        https,
        server.limits().header_time,
    ));
    let accepted = tokio::select! {
        // A request that has already arrived still gets its response during a shutdown.
        biased;
        accepted = accepting => accepted,
        () = guard.slot.evicted() => None,
        () = connection.wait_for_shutdown() => None,
    };
    let Some((transport, endpoint)) = accepted else {
        return;
    };
    let mut stream = FaultStream::new(
        transport,
        Arc::clone(connection),
        &server.app.state.buffers,
        server.limits().input_size(),
    );
    while let Some(idle) = serve_requests(&server, stream, endpoint, &guard).await {
        stream = idle;
        if !wait_for_input(&server, stream.socket(), &guard).await {
            // TLS announces the end of a connection. The client may not read it.
            let _ = timeout(CHECK_INTERVAL, stream.shutdown()).await;
            return;
        }
    }
}

/// Waits for the next byte. Returns false if the connection is to close instead.
async fn wait_for_input(server: &Server, stream: &TcpStream, guard: &SlotGuard) -> bool {
    let mut first = [0];
    tokio::select! {
        biased;
        peeked = stream.peek(&mut first) => matches!(peeked, Ok(1..)),
        () = guard.slot.evicted() => false,
        () = guard.slot.connection.wait_for_shutdown() => false,
        () = sleep(server.limits().idle_time) => false,
    }
}

/// Serves requests until the connection ends, or until it is idle: then returns its stream.
async fn serve_requests(
    server: &Server,
    stream: FaultStream,
    endpoint: Endpoint,
    guard: &SlotGuard,
) -> Option<FaultStream> {
    let connection = &guard.slot.connection;
    let mut http = Box::new(begin_http(server, stream, endpoint, connection));
    let mut monitor = Monitor::new(connection);
    // The time at which a connection closes that has no complete request.
    let mut deadline = None;
    // It polls only futures that were woken, so rare events cost nothing per request.
    let mut events = FuturesUnordered::new();
    events.push(next_event(guard, check_interval(), false));
    loop {
        let (event, mut checks) = tokio::select! {
            // HTTP first: a request that has already arrived still gets its response during a shutdown.
            biased;
            ended = &mut http => {
                if let Some(rejection) = ended.err().as_ref().and_then(HeadRejection::find) {
                    rejection.finish(&server.app, http.into_parts()).await;
                }
                return None;
            }
            Some(event) = events.next() => event,
        };
        match event {
            Event::Eviction => return None,
            // The graceful shutdown of hyper would drop a request that has arrived behind a response in progress, which
            // did not announce the end of the connection.
            Event::Shutdown => {
                deadline = Some(Instant::now() + ARRIVAL_TIME);
                checks = interval(SHUTDOWN_CHECK_INTERVAL);
            }
            Event::Check(now) => match monitor.check(guard, server.limits(), now) {
                Condition::Idle if deadline.is_some() || !connection.is_surplus => {
                    return Some(into_stream(http.into_parts()));
                }
                Condition::Receiving if deadline.is_some_and(|deadline| now >= deadline) => {
                    return None;
                }
                Condition::SlowHead => {
                    let rejection = HeadRejection::too_slow();
                    rejection.finish(&server.app, http.into_parts()).await;
                    return None;
                }
                Condition::Stuck => return None,
                Condition::Idle | Condition::Receiving | Condition::Responding => {}
            },
        }
        events.push(next_event(guard, checks, deadline.is_some()));
    }
}

/// Begins to read requests from a stream.
fn begin_http(
    server: &Server,
    stream: FaultStream,
    endpoint: Endpoint,
    connection: &Arc<ConnectionHandle>,
) -> http1::Connection<
    TokioIo<FaultStream>,
    impl HttpService<Incoming, ResBody = TrackedResponseBody, Error = Infallible, Future: Send> + use<>,
> {
    http1::Builder::new()
        .max_header_size(server.limits().header_size)
        .max_buf_size(server.limits().input_size())
        .keep_alive(!connection.is_surplus)
        .title_case_headers(true)
        .serve_connection(TokioIo::new(stream), service(server, endpoint, connection))
}

/// Returns the stream, which begins with the bytes that were read but not used.
fn into_stream<S>(parts: http1::Parts<TokioIo<FaultStream>, S>) -> FaultStream {
    let mut stream = parts.io.into_inner();
    stream.unread(parts.read_buf);
    stream
}

fn check_interval() -> Interval {
    let mut checks = interval_at(Instant::now() + IDLE_DELAY, CHECK_INTERVAL);
    checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    checks
}

/// An event beside the requests of a connection.
enum Event {
    /// The server shuts down.
    Shutdown,
    /// Another connection needs the slot.
    Eviction,
    /// It is time to check the condition of the connection.
    Check(Instant),
}

/// Waits for the next event, and returns it with the interval of the checks.
async fn next_event(
    guard: &SlotGuard,
    mut checks: Interval,
    is_stopping: bool,
) -> (Event, Interval) {
    let event = tokio::select! {
        biased;
        () = guard.slot.connection.wait_for_shutdown(), if !is_stopping => Event::Shutdown,
        () = guard.slot.evicted() => Event::Eviction,
        now = checks.tick() => Event::Check(now),
    };
    (event, checks)
}

/// Returns the HTTP service of a connection, which tracks the bodies of its requests and responses.
fn service(
    server: &Server,
    endpoint: Endpoint,
    connection: &Arc<ConnectionHandle>,
) -> impl HttpService<Incoming, ResBody = TrackedResponseBody, Error = Infallible, Future: Send> + use<>
{
    let (app, connection) = (server.app.clone(), Arc::clone(connection));
    service_fn(move |request: Request<Incoming>| {
        let (app, connection) = (app.clone(), Arc::clone(&connection));
        // Before hyper reads on, and may find the end of the stream.
        let request = request.map(|body| TrackedRequestBody::begin(body, &connection));
        async move {
            let mut response = app.handle(endpoint, &connection, request).await;
            if connection.is_shutting_down() {
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(header::CONNECTION, close);
            }
            Ok(response.map(|body| TrackedResponseBody::new(body, &connection)))
        }
    })
}

/// Compares the condition of a connection from one check to the next.
struct Monitor {
    progress: Progress,
    /// The first check that found that the client accepts nothing.
    blocked_since: Option<Instant>,
    /// The first check that found an incomplete head of a request.
    head_since: Option<Instant>,
}

enum Condition {
    /// A response is still to be sent, at least in part.
    Responding,
    /// At most a part of the next request has arrived.
    Receiving,
    /// There is nothing to do.
    Idle,
    /// The head of a request takes too long.
    SlowHead,
    /// The client has not accepted anything for too long.
    Stuck,
}

impl Monitor {
    fn new(connection: &ConnectionHandle) -> Self {
        Self {
            progress: connection.activity.progress(),
            blocked_since: None,
            head_since: None,
        }
    }

    fn check(&mut self, guard: &SlotGuard, limits: &Limits, now: Instant) -> Condition {
        let activity = &guard.slot.connection.activity;
        let progress = activity.progress();
        if progress.requests != self.progress.requests {
            guard.record_request();
            self.head_since = None;
        }
        if !activity.is_receiving_head() {
            self.head_since = None;
        } else if now - *self.head_since.get_or_insert(now) >= limits.header_time {
            return Condition::SlowHead;
        }
        if !activity.is_blocked() || progress != self.progress {
            self.blocked_since = None;
        } else if now - *self.blocked_since.get_or_insert(now) >= limits.send_time {
            return Condition::Stuck;
        }
        self.progress = progress;
        if activity.is_idle() {
            Condition::Idle
        } else if activity.is_responding() {
            Condition::Responding
        } else {
            Condition::Receiving
        }
    }
}
