//! Receiving a request: its credentials first, then its body within bounds.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use http_body_util::BodyExt;
use tokio::time::timeout;

use super::{Shared, refuse};
use crate::engine::{Error, Flaw, Member, xml};

/// How large a body may be.
const LARGEST: usize = 1024 * 1024;
/// How long a body may take.
const LONGEST: Duration = Duration::from_secs(30);
/// How much of a refused body is still read, so that its sender gets to see the answer.
const DRAINED: usize = 64 * LARGEST;

/// The body of a request that was let in, in the request's extensions.
#[derive(Clone, Debug)]
pub(crate) struct Received(pub(crate) Bytes);

/// Lets a request in when its credentials are right and its body is within bounds.
///
/// What is refused is answered at once, while the rest of the body is read and forgotten.
pub(crate) async fn admit(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, mut body) = request.into_parts();
    let received = match shared.sign_in.authenticate(&parts.headers) {
        Ok(()) => receive(&mut body).await,
        Err(error) => Err(error),
    };
    match received {
        Ok(received) => {
            parts.extensions.insert(Received(received));
            next.run(Request::from_parts(parts, Body::empty())).await
        }
        Err(error) => {
            let mut response = refuse(&error);
            forget(&parts.headers, body, &mut response);
            response
        }
    }
}

/// Answers a request whose body nobody wants, while it is read and forgotten.
pub(crate) async fn ignore_body(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let headers = parts.headers.clone();
    let mut response = next.run(Request::from_parts(parts, Body::empty())).await;
    forget(&headers, body, &mut response);
    response
}

/// The members of the object that a body holds, in the format that its headers say.
pub(super) fn members<'b>(
    headers: &HeaderMap,
    Received(body): &'b Received,
    element: &str,
) -> Result<Vec<Member<'b>>, Error> {
    if body.is_empty() {
        let flaw = Flaw::new(0, format!("the body is empty, expected <{element}>"));
        return Err(Error::malformed(body, &flaw));
    }
    is_xml(headers)?;
    xml::read_object(body, element).map_err(|flaw| Error::malformed(body, &flaw))
}

/// Whether the headers say that the body is XML in UTF-8.
fn is_xml(headers: &HeaderMap) -> Result<(), Error> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return Err(Error::unsupported_media_type(None));
    };
    let value = String::from_utf8_lossy(value.as_bytes());
    let (media_type, parameters) = value.split_once(';').unwrap_or((&value, ""));
    let is = |known: &str| media_type.trim().eq_ignore_ascii_case(known);
    if !is("application/xml") && !is("text/xml") {
        return Err(Error::unsupported_media_type(Some(&value)));
    }
    let charset = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_charset = name.trim().eq_ignore_ascii_case("charset");
        is_charset.then(|| value.trim().trim_matches('"'))
    });
    match charset {
        Some(charset) if !charset.eq_ignore_ascii_case("utf-8") => {
            Err(Error::unsupported_charset(charset))
        }
        _ => Ok(()),
    }
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
/// A client that waits for `100 Continue` has sent nothing yet and need not: its connection ends here.
pub(super) fn forget(headers: &HeaderMap, mut body: Body, response: &mut Response) {
    if body.is_end_stream() {
        return;
    }
    if waits_for_continue(headers) {
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
