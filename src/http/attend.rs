//! The road of a request: who asks, in which space, and what was sent; then the answer, unless a fault hits it; both
//! into the journal.

use std::{sync::Arc, time::Instant};

use axum::{
    Extension,
    body::{Body, Bytes},
    extract::{OriginalUri, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};

#[cfg(feature = "cli")]
use super::metrics::Route;
use super::{
    Endpoint, Line, Reply, Shared,
    body::{LARGEST, Received, forget, receive, waits_for_continue},
    fault::{self, Outcome},
    log::Unsent,
    negotiate::answered_in,
    reply::{base, encode},
};
use crate::{
    engine::Error,
    journal::{Answered, Arrival, Entry, SentBody},
    schema::Provenance,
    space::{Space, Touch},
};

/// Lets a request in, has it answered, and notes both.
pub(crate) async fn attend(
    State(shared): State<Arc<Shared>>,
    Extension(endpoint): Extension<Endpoint>,
    Extension(line): Extension<Arc<Line>>,
    OriginalUri(uri): OriginalUri,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, mut body) = request.into_parts();
    let format = answered_in(&parts.headers);
    let host = parts.headers.get(header::HOST).cloned();
    let visitor = shared.meet(endpoint, &uri, &parts);
    let received = match visitor.admitted {
        Ok(()) => receive(&mut body, LARGEST).await.map_err(Reply::from),
        Err(reply) => Err(reply),
    };
    let space = visitor.space;
    #[cfg(feature = "cli")]
    let counted = (parts.method.clone(), Route::of(parts.extensions.get()));
    let note = Note::begin(&space, &uri, &parts, received.as_ref().ok());
    let strike = space.faults.strike(&note.entry);
    let content_type = parts.headers.get(header::CONTENT_TYPE).cloned();
    let waits = waits_for_continue(&parts.headers);
    let is_vendors = is_vendors(&uri);
    let mut response = match received {
        _ if let Some(response) = fault::instead(&strike, false, is_vendors) => response,
        Err(reply) if is_vendors || visitor.is_redirected => reply.into_response(),
        received => {
            parts.extensions.insert(Arc::clone(&space));
            if let Ok(body) = received {
                parts.extensions.insert(Received { body, content_type });
            }
            next.run(Request::from_parts(parts, Body::empty())).await
        }
    };
    if let Some(made) = fault::instead(&strike, true, is_vendors) {
        response = made;
    }
    forget(body, waits, &mut response);
    let mut response = encode(response, format, || base(endpoint, host.as_ref()));
    let is_let_in = response.status() != StatusCode::UNAUTHORIZED;
    let headers = response.headers_mut();
    if let Some(user) = visitor.user.filter(|_| is_let_in) {
        shared.set_cookies(&user, headers);
    }
    let date = HeaderValue::try_from(space.records.clock.http_date());
    headers.insert(header::DATE, date.expect("a date is ASCII"));
<<<<<<< HEAD
    if let Some(touch) = response.extensions().get::<Touch>() {
        space.coverage.note(touch, response.status().as_u16());
    }
    #[cfg(feature = "cli")]
    {
        let ((method, route), took) = (counted, note.entry.started.elapsed());
        let metrics = &shared.metrics;
        metrics.answered(&method, route, response.status(), took);
    }
    note.answered(&response);
    response
=======
    let outcome = fault::apply(&strike, &note.entry.method, response).await;
    note.send(outcome, &line).await
>>>>>>> work/faults
}

/// Who sends a request, and what comes of it.
struct Visitor {
    space: Arc<Space>,
    /// Whoever signed in to the vendor's API.
    user: Option<String>,
    /// What the request is answered with when it is not let in.
    admitted: Result<(), Reply>,
    is_redirected: bool,
}

impl Shared {
    /// Finds out who sends a request. Whoever does not sign in works in the default space.
    fn meet(&self, endpoint: Endpoint, uri: &Uri, parts: &Parts) -> Visitor {
        let signed_in = self.sign_in.user(&parts.headers, &self.sessions);
        let found = signed_in.and_then(|user| match self.spaces.of_user(&user) {
            Ok(space) => Ok((user, space)),
            Err(refused) => Err(Error::no_space(refused.to_string())),
        });
        let is_vendors = is_vendors(uri);
        let (space, user, refusal) = match found {
            Ok((user, space)) => (space, Some(user), None),
            Err(error) => (Arc::clone(self.spaces.default()), None, Some(error)),
        };
        let redirect = self.redirect(endpoint, uri, parts);
        let is_redirected = redirect.is_some();
        let refusal = redirect.or(refusal.filter(|_| is_vendors).map(Reply::from));
        Visitor {
            space,
            user: user.filter(|_| is_vendors && !is_redirected),
            admitted: refusal.map_or(Ok(()), Err),
            is_redirected,
        }
    }

    #[cfg(not(feature = "tls"))]
    fn redirect(&self, _: Endpoint, _: &Uri, _: &Parts) -> Option<Reply> {
        None
    }

    fn set_cookies(&self, user: &str, headers: &mut HeaderMap) {
        for cookie in self.sessions.of(user, Instant::now()).iter() {
            headers.append(header::SET_COOKIE, cookie.clone());
        }
    }
}

fn is_vendors(uri: &Uri) -> bool {
    let rest = uri.path().strip_prefix("/vmrest");
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The note of one request in the journal of its space, which ends with it, answered or not.
struct Note {
    space: Arc<Space>,
    entry: Arc<Entry>,
}

impl Note {
    fn begin(space: &Arc<Space>, uri: &Uri, parts: &Parts, body: Option<&Bytes>) -> Self {
        let arrival = Arrival {
            time: space.records.clock.now(),
            method: &parts.method,
            path: uri.path(),
            query: uri.query(),
            headers: &parts.headers,
            body: body.map_or(SentBody::NotRead, |body| SentBody::Received(body)),
        };
        Self {
            entry: space.journal.arrived(&arrival),
            space: Arc::clone(space),
        }
    }

    /// Notes what comes of the answer, and tells the connection.
    async fn send(self, outcome: Outcome, line: &Line) -> Response {
        match outcome {
            Outcome::Sent(response) => {
                self.answered(&response);
                response
            }
            Outcome::Cut(response, plan) => {
                self.answered(&response);
                line.plan(plan);
                response
            }
            Outcome::Nothing { plan, holds } => {
                drop(self);
                if holds {
                    line.stopped().await;
                }
                line.plan(plan);
                let mut response = ().into_response();
                response.extensions_mut().insert(Unsent);
                response
            }
        }
    }

    fn answered(self, response: &Response) {
        let provenance = response.extensions().get::<Provenance>().copied();
        let sent = Some((response.status(), response.headers()));
        let answered = Answered::new(sent, provenance, self.entry.started.elapsed());
        self.space.journal.answered(&self.entry, answered);
    }
}

impl Drop for Note {
    /// A client that went away is answered with nothing, as is one that a fault says so of.
    fn drop(&mut self) {
        if self.entry.answer().is_none() {
            let answered = Answered::new(None, None, self.entry.started.elapsed());
            self.space.journal.answered(&self.entry, answered);
        }
    }
}
