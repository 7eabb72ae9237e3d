//! The path of a request to the API, and to all other paths outside the control plane.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::request::Parts,
    response::Response,
};
use tokio::sync::SemaphorePermit;

use super::{
    ServerState,
    auth::SessionUser,
    base_uri::BaseUri,
    body::{drain_body, receive_body},
    faults,
    log::log_panic,
    recorder::RequestRecorder,
    rejection::Rejection,
    response::{EncodedResponse, Outcome, ResponseContext, accepted_format, reserve_body},
    rest::{ApiRequest, RouteMatch, RouteTables, fallback, is_api},
};
use crate::{
    connection::{ConnectionHandle, Endpoint},
    engine::{Format, normalize_path},
    faults::Injection,
    journal::Entry,
    space::{Space, SpaceError},
};

/// Handles a request, and records it.
pub(crate) async fn handle(
    server: &ServerState,
    routes: &RouteTables,
    endpoint: Endpoint,
    connection: &ConnectionHandle,
    request: Request,
) -> Response {
    if let Some(response) = server.cors.preflight(&request) {
        return response;
    }
    let mut recorder = RequestRecorder::begin(server, &request);
    let (parts, mut body) = request.into_parts();
    let path = normalize_path(parts.uri.path());
    let base = BaseUri::new(endpoint, &parts.headers, server.trusts_proxy);
    let mut head = RequestHead::new(base, &parts, &path);
    let mut caller = authenticate(server, &head);
    let routes = routes.of(&caller.space.records.catalogue);
    let catalogue = &caller.space.records.catalogue;
    head.route = routes.find(catalogue, &parts.method, &path);
    let mut input = receive(server, &head, &mut caller, &mut body).await;
    let _permit = acquire_permit(server, &head, connection, &mut input);
    let entry = recorder.record_request(&caller.space, &parts, input.as_ref().ok());
    let injection = inject(&caller.space, &entry, &mut input);
    let fault = faults::outcome(&injection, head.is_api);
    let admitted = fault.instead_of_handler.map_or(input, Err);
    let mut outcome = run_handler(server, &head, &caller, admitted);
    if let Some(query) = outcome.take_query() {
        match server.long_queries.run(query).await {
            Ok(page) => outcome.set_page(page),
            Err(_) => outcome = failed_handler(),
        }
    }
    outcome.describe_error(&caller.space.records.catalogue);
    outcome.compare_with_files(&caller.space);
    let outcome = outcome.replaced_by(fault.after_handler);
    let mut encoded = encode(server, &head, &caller, &entry, outcome);
    recorder.record_coverage(head.route(), &encoded);
    drain_body(body, &parts.headers, &mut encoded.response);
    recorder.stamp(&mut encoded.response);
    let interruption =
        faults::apply(server, &injection, &parts.method, &mut encoded, connection).await;
    if head.is_api {
        server
            .cors
            .share(&parts.headers, encoded.response.headers_mut());
    }
    let response = recorder.finish(head.route(), encoded, interruption.as_ref());
    faults::interrupt(connection, interruption).await;
    response
}

/// The head of a request, with its route.
struct RequestHead<'r> {
    base: BaseUri<'r>,
    parts: &'r Parts,
    is_api: bool,
    route: Option<RouteMatch<'r>>,
    accepted: Result<Format, Rejection>,
}

impl<'r> RequestHead<'r> {
    /// Returns the head of a request whose route is not known yet.
    fn new(base: BaseUri<'r>, parts: &'r Parts, path: &str) -> Self {
        Self {
            base,
            parts,
            is_api: is_api(path),
            route: None,
            accepted: accepted_format(&parts.headers),
        }
    }

    /// Returns the format of the response. A client that accepts none gets errors in XML.
    fn format(&self) -> Format {
        *self.accepted.as_ref().unwrap_or(&Format::Xml)
    }

    /// Returns the registered path of the route.
    fn route(&self) -> Option<&Arc<str>> {
        self.route.as_ref().map(|found| &found.route.path)
    }

    /// Rejects the request. Outside the API, no path has a more specific response than the fallback.
    fn reject(&self, rejection: Rejection) -> Outcome {
        if self.is_api {
            rejection.into()
        } else {
            fallback(&self.parts.method, self.parts.uri.path(), false)
        }
    }
}

/// The sender of a request.
struct Caller {
    space: Arc<Space>,
    /// The user name, if the user is authenticated for the API.
    user: Option<String>,
    /// The outcome, if the request is not admitted.
    rejection: Option<Outcome>,
}

/// Identifies the caller and its space. Callers that are not authenticated work in the default space.
fn authenticate(server: &ServerState, head: &RequestHead<'_>) -> Caller {
    let redirect = redirect_to_https(server, head);
    // Only a request that is admitted creates a space.
    let may_create = head.is_api && redirect.is_none();
    let headers = &head.parts.headers;
    let store_of = |name: &str| {
        let space = server.spaces.for_user(name, false).ok().flatten();
        let space = space.as_ref().unwrap_or(server.spaces.default());
        space.records.read()
    };
    let sessions = &server.sessions;
    let user = server.authentication.user(headers, sessions, store_of);
    let user_and_space = user.and_then(|user| match server.spaces.for_user(&user, may_create) {
        Ok(space) => Ok((user, space)),
        Err(error @ SpaceError::InvalidName) => Err(Rejection::invalid_space(error.to_string())),
        Err(error) => Err(Rejection::no_space(error.to_string())),
    });
    let (user, space, rejection) = match user_and_space {
        Ok((user, space)) => (Some(user), space, None),
        Err(rejection) => (None, None, Some(rejection)),
    };
    Caller {
        space: space.unwrap_or_else(|| Arc::clone(server.spaces.default())),
        user: user.filter(|_| may_create),
        rejection: redirect.or(rejection.filter(|_| head.is_api).map(Outcome::from)),
    }
}

#[cfg(feature = "tls")]
fn redirect_to_https(server: &ServerState, head: &RequestHead<'_>) -> Option<Outcome> {
    let location = super::auth::https_location(&server.https, head.base, &head.parts.uri)?;
    let payload = super::response::Payload::Redirect(location);
    let provenance = crate::schema::Provenance::Documented;
    Some(Outcome::success(provenance, payload))
}

#[cfg(not(feature = "tls"))]
fn redirect_to_https(_: &ServerState, _: &RequestHead<'_>) -> Option<Outcome> {
    None
}

/// Receives the body of a request that is admitted.
async fn receive(
    server: &ServerState,
    head: &RequestHead<'_>,
    caller: &mut Caller,
    body: &mut Body,
) -> Result<Bytes, Outcome> {
    if let Some(rejection) = caller.rejection.take() {
        return Err(rejection);
    }
    let max_size = server.limits.body_size;
    let route = head.route.as_ref();
    let max_size = route.map_or(max_size, |route| route.max_body_size(max_size));
    receive_body(server, body, max_size)
        .await
        .map_err(|rejection| head.reject(rejection))
}

/// Takes one of the permits for requests in flight, once the request has arrived completely. Rejects the request if
/// there is none left.
fn acquire_permit<'s>(
    server: &'s ServerState,
    head: &RequestHead<'_>,
    connection: &ConnectionHandle,
    input: &mut Result<Bytes, Outcome>,
) -> Option<SemaphorePermit<'s>> {
    let permit = if connection.is_surplus {
        Err("too many connections")
    } else {
        let permit = server.in_flight.try_acquire();
        permit.map_err(|_| "too many requests are in flight")
    };
    if let Err(reason) = permit
        && input.is_ok()
    {
        *input = Err(head.reject(Rejection::busy(reason)));
    }
    permit.ok()
}

/// Selects the fault that hits the request. If a closure of a fault panics, no fault hits it, and it gets a 500.
fn inject(space: &Space, entry: &Entry, input: &mut Result<Bytes, Outcome>) -> Injection {
    let injected = catch_unwind(AssertUnwindSafe(|| space.faults.inject(entry)));
    injected.unwrap_or_else(|_| {
        log_panic();
        *input = Err(Rejection::failed_closure().into());
        Injection::default()
    })
}

/// Calls the handler of the request's route. A panic in it becomes a 500.
fn run_handler(
    server: &ServerState,
    head: &RequestHead<'_>,
    caller: &Caller,
    input: Result<Bytes, Outcome>,
) -> Outcome {
    let body = match input {
        Ok(body) => body,
        Err(outcome) => return outcome,
    };
    let parts = head.parts;
    let Some(route) = &head.route else {
        return fallback(&parts.method, parts.uri.path(), head.is_api);
    };
    let request = ApiRequest {
        space: &caller.space,
        user: caller.user.as_deref(),
        format: head.format(),
        base: head.base,
        uri: &parts.uri,
        headers: &parts.headers,
        body,
        max_body_size: server.limits.body_size,
    };
    let handled = catch_unwind(AssertUnwindSafe(|| route.handle(&parts.method, &request)));
    let outcome = handled.unwrap_or_else(|_| failed_handler());
    outcome.negotiate(&head.accepted)
}

/// Logs a panic, and returns the outcome of its request.
fn failed_handler() -> Outcome {
    log_panic();
    Rejection::internal().into()
}

fn encode(
    server: &ServerState,
    head: &RequestHead<'_>,
    caller: &Caller,
    entry: &Entry,
    outcome: Outcome,
) -> EncodedResponse {
    let context = ResponseContext {
        format: head.format(),
        base: head.base,
        user: caller.user.as_deref().map(|name| SessionUser {
            sessions: &server.sessions,
            name,
            space: &caller.space,
            now: entry.started,
        }),
    };
    let mut encoded = context.encode(outcome);
    if let Err(full) = reserve_body(&server.buffers, &mut encoded.response) {
        encoded.reject(Rejection::busy(full), context.format);
    }
    encoded
}
