//! Receiving a request: its credentials first, then its body within bounds.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use tokio::time::timeout;

use super::{Reply, Shared, negotiate::sent_in};
use crate::engine::{Error, Flaw, Member};

/// How large a body may be.
const LARGEST: usize = 1024 * 1024;
/// How long a body may take.
const LONGEST: Duration = Duration::from_secs(30);
/// How much of a refused body is still read, so that its sender gets to see the answer.
const DRAINED: usize = 64 * LARGEST;

/// The body of a request that was let in, in the request's extensions.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    body: Bytes,
    content_type: Option<HeaderValue>,
}

impl Received {
    /// The members of the object that the body holds, in the format that its headers say.
    pub(super) fn members(&self, element: &str) -> Result<Vec<Member<'_>>, Error> {
        let malformed = |flaw: Flaw| Error::malformed(&self.body, &flaw);
        if self.body.is_empty() {
            let message = format!("the body is empty, expected one {element}");
            return Err(malformed(Flaw::new(0, message)));
        }
        let format = sent_in(self.content_type.as_ref())?;
        format.read_object(&self.body, element).map_err(malformed)
    }
}

/// Lets a request in when its credentials are right and its body is within bounds.
///
/// What is refused is answered at once, while the rest of the body is read and forgotten.
pub(crate) async fn admit(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, mut body) = request.into_parts();
    let user = match shared.sign_in.user(&parts.headers, &shared.sessions) {
        Ok(user) => user,
        Err(error) => return at_once(error.into(), &parts.headers, body),
    };
    let mut response = match receive(&mut body).await {
        Ok(received) => {
            parts.extensions.insert(Received {
                body: received,
                content_type: parts.headers.get(header::CONTENT_TYPE).cloned(),
            });
            next.run(Request::from_parts(parts, Body::empty())).await
        }
        Err(error) => at_once(error.into(), &parts.headers, body),
    };
    for cookie in shared.sessions.of(&user, Instant::now()).iter() {
        response
            .headers_mut()
            .append(header::SET_COOKIE, cookie.clone());
    }
    response
}

/// The response of a reply that does not wait for the body of its request.
pub(super) fn at_once(reply: Reply, headers: &HeaderMap, body: Body) -> Response {
    let mut response = reply.into_response();
    forget(body, waits_for_continue(headers), &mut response);
    response
}

/// Answers a request whose body nobody wants, while it is read and forgotten.
pub(crate) async fn ignore_body(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let waits = waits_for_continue(&parts.headers);
    let mut response = next.run(Request::from_parts(parts, Body::empty())).await;
    forget(body, waits, &mut response);
    response
}

async fn receive(body: &mut Body) -> Result<Bytes, Error> {
    let announced = body.size_hint().lower();
    if announced > LARGEST as u64 {
        return Err(Error::too_large(LARGEST));
    }
    timeout(LONGEST, gather(body))
        .await
        .unwrap_or_else(|_| Err(Error::too_slow(LONGEST.as_secs())))
}

async fn gather(body: &mut Body) -> Result<Bytes, Error> {
    let mut pieces = Vec::new();
    let mut size = 0;
    while let Some(frame) = body.frame().await {
        let Ok(piece) = frame.map_err(|_| Error::broken_off())?.into_data() else {
            continue;
        };
        size += piece.len();
        if size > LARGEST {
            return Err(Error::too_large(LARGEST));
        }
        pieces.push(piece);
    }
    Ok(match pieces.len() {
        1 => pieces.remove(0),
        _ => pieces.concat().into(),
    })
}

/// Reads a body without keeping it, for a while, beside the response.
///
/// A client that `waits` for `100 Continue` has sent nothing yet and need not: its connection ends here.
fn forget(mut body: Body, waits: bool, response: &mut Response) {
    if body.is_end_stream() {
        return;
    }
    if waits {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
        return;
    }
    tokio::spawn(timeout(LONGEST, async move {
        let mut size = 0;
        while let Some(Ok(frame)) = body.frame().await {
            size += frame.data_ref().map_or(0, Bytes::len);
            if size > DRAINED {
                break;
            }
        }
    }));
}

fn waits_for_continue(headers: &HeaderMap) -> bool {
    headers
        .get(header::EXPECT)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}
