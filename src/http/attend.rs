//! The road of a request: who asks, in which space, and what was sent; then the answer, unless a fault hits it; both
//! into the journal.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{header, request::Parts},
    response::Response,
};

use super::{
    Reply, Routes, Shared,
    body::{Received, forget, receive, waits_for_continue},
    fault,
    in_flight::Place,
    log::{Noted, REQUEST_ID, panic_message},
    negotiate::answered_in,
    note::Note,
    reply::{Encoded, User, Wish},
    rest::not_served,
    routes::{is_vendors, plain},
};
use crate::{
    connection::{ConnectionHandle, Endpoint},
    engine::Error,
    faults::Strike,
    space::{Space, SpaceError},
};

/// Lets a request in, has it answered, and notes both; hands out what was noted of it for the log.
pub(crate) async fn attend(
    shared: &Shared,
    routes: &'static Routes,
    endpoint: Endpoint,
    connection: &ConnectionHandle,
    request: Request,
) -> (Response, Option<Noted>) {
    let (parts, mut body) = request.into_parts();
    let path = plain(parts.uri.path());
    let is_vendors = is_vendors(&path);
    let visitor = shared.meet(endpoint, &parts, is_vendors);
    let received = match visitor.admitted {
        Ok(()) => shared.receive(&mut body).await.map_err(Reply::from),
        Err(reply) => Err(reply),
    };
    // Only what has arrived takes a place.
    let place = shared.place(connection);
    let received = received.and_then(|body| match &place {
        Ok(_) => Ok(body),
        Err(busy) => Err(Reply::from(busy.clone())),
    });
    let space = visitor.space.as_ref().unwrap_or(shared.spaces.default());
    let found = routes.find(&path);
    let route = found.as_ref().map(|found| &*found.route.path);
    let note = Note::begin(shared, space, route, &parts, received.as_ref().ok());
    let wish = Wish {
        format: answered_in(&parts.headers),
        endpoint,
        host: parts.headers.get(header::HOST),
        user: visitor.user.as_deref().map(|name| User {
            name,
            space,
            sessions: &shared.sessions,
            now: note.entry.started,
        }),
    };
    let strike = space.faults.strike(&note.entry);
    let reply = || match received {
        Err(reply) if is_vendors || visitor.is_redirected => reply,
        received => {
            let received = Received {
                space,
                uri: &parts.uri,
                content_type: parts.headers.get(header::CONTENT_TYPE),
                body: received.unwrap_or_default(),
            };
            match found {
                Some(found) => handled(|| found.answer(&parts.method, &received)),
                None => not_served(&received, is_vendors),
            }
        }
    };
    let mut told = unless_struck(&strike, is_vendors, &wish, &note, reply);
    forget(body, waits_for_continue(&parts.headers), &mut told.response);
    let headers = told.response.headers_mut();
    headers.insert(header::DATE, note.date());
    headers.insert(REQUEST_ID, note.number().into());
    let outcome = fault::apply(&strike, &parts.method, told, connection).await;
    note.send(outcome, connection).await
}

/// What a request is answered with, unless a fault answers in its place, before it does its work or after.
fn unless_struck(
    strike: &Strike,
    is_vendors: bool,
    wish: &Wish<'_>,
    note: &Note<'_>,
    reply: impl FnOnce() -> Reply,
) -> Encoded {
    if let Some(made) = fault::instead(strike, false, is_vendors) {
        return wish.encode(made);
    }
    let reply = reply();
    match fault::instead(strike, true, is_vendors) {
        None => wish.encode(reply).noted_by(note),
        Some(made) => {
            // Nobody is told, so that no session begins with it.
            wish.without_a_session().encode(reply).noted_by(note);
            wish.encode(made)
        }
    }
}

/// What a handler says, which may panic.
fn handled(handler: impl FnOnce() -> Reply) -> Reply {
    catch_unwind(AssertUnwindSafe(handler)).unwrap_or_else(|panic| {
        panic_message(panic);
        Error::internal().into()
    })
}

/// Who sends a request, and what comes of it.
struct Visitor {
    /// Where it works, if not in the default space.
    space: Option<Arc<Space>>,
    /// Whoever signed in to the vendor's API.
    user: Option<String>,
    /// What the request is answered with when it is not let in.
    admitted: Result<(), Reply>,
    is_redirected: bool,
}

impl Shared {
    /// Finds out who sends a request. Whoever does not sign in works in the default space.
    fn meet(&self, endpoint: Endpoint, parts: &Parts, is_vendors: bool) -> Visitor {
        let redirect = self.redirect(endpoint, parts);
        let signed_in = self.sign_in.user(&parts.headers, &self.sessions);
        // Only who works in it makes a space.
        let may_make = is_vendors && redirect.is_none();
        let found = signed_in.and_then(|user| match self.spaces.for_user(&user, may_make) {
            Ok(space) => Ok((user, space)),
            Err(SpaceError::InvalidName) => {
                Err(Error::no_such_space(SpaceError::InvalidName.to_string()))
            }
            Err(refused) => Err(Error::no_space(refused.to_string())),
        });
        let (space, user, refusal) = match found {
            Ok((user, space)) => (space, Some(user), None),
            Err(error) => (None, None, Some(error)),
        };
        let is_redirected = redirect.is_some();
        let refusal = redirect.or(refusal.filter(|_| is_vendors).map(Reply::from));
        Visitor {
            space,
            user: user.filter(|_| is_vendors && !is_redirected),
            admitted: refusal.map_or(Ok(()), Err),
            is_redirected,
        }
    }

    async fn receive(&self, body: &mut Body) -> Result<Bytes, Error> {
        receive(body, self.limits.body_size, self.limits.body_time).await
    }

    /// A place among the requests that wait for their answer.
    fn place(&self, connection: &ConnectionHandle) -> Result<Place<'_>, Error> {
        if connection.is_surplus {
            return Err(Error::busy("too many connections"));
        }
        let place = self.in_flight.enter(self.limits.in_flight);
        place.ok_or_else(|| Error::busy("too many requests are in flight"))
    }

    #[cfg(not(feature = "tls"))]
    fn redirect(&self, _: Endpoint, _: &Parts) -> Option<Reply> {
        None
    }
}
