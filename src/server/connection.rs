//! One connection, from its first byte to its end.
//!
//! It is HTTP's only while there is something to do. Between requests, and before the first one, it rests: then it
//! holds no buffers, so that many can.

use std::{convert::Infallible, pin::Pin, sync::Arc, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use hyper::{
    Request,
    body::Incoming,
    server::conn::http1,
    service::{HttpService, service_fn},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    time::{Instant, Interval, MissedTickBehavior, interval_at, sleep, timeout},
};

use super::{Server, seats::OwnSeat};
use crate::{
    greeting::{Client, greet},
    http::{Asked, Done, Endpoint, Limits, Line, Told},
    wire::Wire,
};

/// How long the next request may take to come before the connection rests.
const LINGER: Duration = Duration::from_millis(20);
/// How often it is looked at what a connection does that does not rest by then.
const LOOK: Duration = Duration::from_millis(250);
/// What a client is told that did not send the head of its request in time.
const TOO_SLOW: &[u8] =
    b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/// Serves one connection to its end.
pub(super) async fn serve(server: Arc<Server>, stream: TcpStream, own: OwnSeat) {
    let line = &own.seat.line;
    if !rests(&server, &stream, &own).await {
        return;
    }
    let https = server.https.clone();
    // In a box: most connections rest most of the time, and then need none of this.
    let greeted = Box::pin(greet(stream, https, server.limits().header_time));
    let client = tokio::select! {
        client = greeted => client,
        () = own.seat.told_to_leave() => None,
        () = line.stopped() => None,
    };
    let Some(Client { stream, endpoint }) = client else {
        return;
    };
    let mut wire = Wire::new(stream, Arc::clone(line));
    while let Some(rested) = answer(&server, wire, endpoint, &own).await {
        wire = rested;
        if !rests(&server, wire.socket(), &own).await {
            return;
        }
    }
}

/// Waits for the next byte; tells whether one has come.
async fn rests(server: &Server, stream: &TcpStream, own: &OwnSeat) -> bool {
    let mut first = [0];
    tokio::select! {
        biased;
        peeked = stream.peek(&mut first) => matches!(peeked, Ok(1..)),
        () = own.seat.told_to_leave() => false,
        () = own.seat.line.stopped() => false,
        () = sleep(server.limits().idle_time) => false,
    }
}

/// Answers requests until the connection ends, or rests: then it is given back.
async fn answer(server: &Server, wire: Wire, endpoint: Endpoint, own: &OwnSeat) -> Option<Wire> {
    let line = &own.seat.line;
    let limits = server.limits();
    let service = service(server, endpoint, line);
    let mut http = Box::new(
        http1::Builder::new()
            .max_header_size(limits.header_size)
            .keep_alive(!line.is_surplus)
            .title_case_headers(true)
            .serve_connection(TokioIo::new(wire), service),
    );
    let mut watch = Watch::new(line);
    let mut looks = interval_at(Instant::now() + LINGER, LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_to_stop = false;
    // Of those it polls only what was woken, so that a request pays for none of what seldom comes.
    let mut events = FuturesUnordered::new();
    events.push(next_event(own, looks, is_to_stop));
    loop {
        let (event, looks) = tokio::select! {
            // First HTTP: a request that is there already is still answered when the server is to stop.
            biased;
            _ = &mut http => return None,
            Some(event) = events.next() => event,
        };
        match event {
            Event::Leave => return None,
            Event::Stop => {
                is_to_stop = true;
                Pin::new(&mut *http).graceful_shutdown();
            }
            Event::Look(now) => match watch.look(own, limits, now) {
                Found::Resting if !is_to_stop && !line.is_surplus => {
                    let parts = http.into_parts();
                    let mut wire = parts.io.into_inner();
                    wire.unread(parts.read_buf);
                    return Some(wire);
                }
                Found::TooSlow => {
                    say_too_slow(http.into_parts().io.into_inner()).await;
                    return None;
                }
                Found::Stuck => return None,
                Found::Resting | Found::Going => {}
            },
        }
        events.push(next_event(own, looks, is_to_stop));
    }
}

/// What comes while a connection is served, beside its requests.
enum Event {
    /// The server is to stop.
    Stop,
    /// Another connection needs the room.
    Leave,
    /// It is time to look at how the connection gets on.
    Look(Instant),
}

/// What comes next, with what tells when it is time to look.
async fn next_event(own: &OwnSeat, mut looks: Interval, is_to_stop: bool) -> (Event, Interval) {
    let event = tokio::select! {
        biased;
        () = own.seat.line.stopped(), if !is_to_stop => Event::Stop,
        () = own.seat.told_to_leave() => Event::Leave,
        now = looks.tick() => Event::Look(now),
    };
    (event, looks)
}

/// Answers the requests of a connection, which knows of each.
fn service(
    server: &Server,
    endpoint: Endpoint,
    line: &Arc<Line>,
) -> impl HttpService<Incoming, ResBody = Told, Error = Infallible, Future: Send> + use<> {
    let (app, line) = (server.app.clone(), Arc::clone(line));
    service_fn(move |request: Request<Incoming>| {
        let (app, line) = (app.clone(), Arc::clone(&line));
        async move {
            let request = request.map(|body| Asked::begin(body, &line));
            let response = app.answer(endpoint, &line, request).await;
            Ok(response.map(|body| Told::new(body, &line)))
        }
    })
}

/// What becomes of a connection from one look to the next.
struct Watch {
    done: Done,
    stuck: Duration,
    /// Since when the head of a request has been on its way.
    amid_a_head: Option<Instant>,
}

enum Found {
    Going,
    /// There is nothing to do.
    Resting,
    /// The head of a request takes too long.
    TooSlow,
    /// The client has not taken anything for too long.
    Stuck,
}

impl Watch {
    fn new(line: &Line) -> Self {
        Self {
            done: line.pace.done(),
            stuck: Duration::ZERO,
            amid_a_head: None,
        }
    }

    fn look(&mut self, own: &OwnSeat, limits: &Limits, now: Instant) -> Found {
        let pace = &own.seat.line.pace;
        let done = pace.done();
        if done.requests != self.done.requests {
            own.is_active();
            self.amid_a_head = None;
        }
        match pace.is_amid_a_head() {
            true if now - *self.amid_a_head.get_or_insert(now) >= limits.header_time => {
                return Found::TooSlow;
            }
            true => {}
            false => self.amid_a_head = None,
        }
        let is_still = done == self.done;
        self.done = done;
        self.stuck = match is_still && pace.is_blocked() {
            true => self.stuck + LOOK,
            false => Duration::ZERO,
        };
        if self.stuck >= limits.send_time {
            return Found::Stuck;
        }
        match pace.is_resting() {
            true => Found::Resting,
            false => Found::Going,
        }
    }
}

/// Says why the connection ends, to a client that may not listen.
async fn say_too_slow(mut wire: Wire) {
    let said = async {
        wire.write_all(TOO_SLOW).await?;
        wire.shutdown().await
    };
    let _ = timeout(LOOK, said).await;
}
