//! The memory of responses that are not sent yet.

use std::{
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    response::Response,
};
use hyper::body::{Frame, SizeHint};

use crate::{
    connection::{BufferBudget, BuffersFull, Reservation},
    engine::CHUNK_SIZE,
};

/// The size up to which a body is not counted: the buffers of a connection are larger.
const MAX_UNCOUNTED_SIZE: usize = 4 * 1024;
/// The memory of a body that is encoded while it is sent: the chunks in the buffer of the connection, and the next one.
const STREAM_MEMORY: usize = 3 * CHUNK_SIZE;

/// Marks a response whose body is encoded while it is sent, so that it is never in memory as a whole.
#[derive(Clone, Copy, Debug)]
struct StreamMarker;

/// Returns a response whose body is encoded while it is sent.
pub(crate) fn stream_response(body: Body) -> Response {
    let mut response = Response::new(body);
    response.extensions_mut().insert(StreamMarker);
    response
}

/// Reserves memory for the body of a response until it is sent.
pub(crate) fn reserve_body(
    buffers: &Arc<BufferBudget>,
    response: &mut Response,
) -> Result<(), BuffersFull> {
    let is_stream = response.extensions().get::<StreamMarker>().is_some();
    let body = response.body_mut();
    let size = if is_stream {
        STREAM_MEMORY
    } else {
        usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX)
    };
    if size > MAX_UNCOUNTED_SIZE {
        let reservation = Arc::new(buffers.reserve(size)?);
        *body = Body::new(BufferedBody {
            body: mem::take(body),
            buffers: Arc::clone(buffers),
            reservation,
        });
    }
    Ok(())
}

/// A body whose frames hold a reservation until they are sent.
struct BufferedBody {
    body: Body,
    buffers: Arc<BufferBudget>,
    reservation: Arc<Reservation>,
}

impl BufferedBody {
    /// Returns the reservation for a frame. A frame with an extraordinarily large record needs its own.
    fn reservation_for(&self, bytes: &Bytes) -> Result<Arc<Reservation>, axum::Error> {
        if bytes.len() <= self.reservation.bytes() {
            return Ok(Arc::clone(&self.reservation));
        }
        let reservation = self.buffers.reserve(bytes.len());
        reservation.map(Arc::new).map_err(axum::Error::new)
    }
}

impl HttpBody for BufferedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
            Some(Ok(frame)) => frame,
            end => return Poll::Ready(end),
        };
        let frame = match frame.into_data() {
            Ok(bytes) => {
                let reservation = self.reservation_for(&bytes);
                reservation.map(|reservation| Frame::data(reservation.hold_for(bytes)))
            }
            Err(trailers) => Ok(trailers),
        };
        Poll::Ready(Some(frame))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::stream;
    use http_body_util::BodyExt;
    use tokio::runtime::Builder;

    use super::*;

    fn stream_of(chunks: &'static [usize]) -> Response {
        let chunks = chunks
            .iter()
            .map(|size| Ok::<_, Infallible>(Bytes::from(vec![0; *size])));
        stream_response(Body::from_stream(stream::iter(chunks)))
    }

    #[test]
    fn a_body_is_counted_until_its_last_frame_is_dropped() {
        let budget = BufferBudget::new(10_000);
        let mut first = Response::new(Body::from(vec![1; 8_000]));
        reserve_body(&budget, &mut first).expect("there is room");
        let mut second = Response::new(Body::from(vec![2; 5_000]));
        assert!(reserve_body(&budget, &mut second).is_err());
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        let frame = runtime.block_on(first.body_mut().frame());
        let bytes = frame.expect("a frame").expect("no error").into_data();
        drop(first);
        assert!(reserve_body(&budget, &mut second).is_err());
        assert_eq!(bytes.expect("data"), vec![1; 8_000]);
        assert!(reserve_body(&budget, &mut second).is_ok());
    }

    #[test]
    fn a_small_body_is_not_counted() {
        let budget = BufferBudget::new(1);
        let mut response = Response::new(Body::from(vec![0; MAX_UNCOUNTED_SIZE]));
        assert!(reserve_body(&budget, &mut response).is_ok());
    }

    #[test]
    fn a_stream_is_counted_by_its_chunks_and_fails_at_a_chunk_that_does_not_fit() {
        let budget = BufferBudget::new(STREAM_MEMORY + 500_000);
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        for (chunks, fits) in [
            (&[CHUNK_SIZE; 20][..], true),
            (&[CHUNK_SIZE, 400_000, CHUNK_SIZE], true),
            (&[CHUNK_SIZE, 600_000], false),
        ] {
            let mut response = stream_of(chunks);
            reserve_body(&budget, &mut response).expect("there is room");
            let collected = runtime.block_on(response.into_body().collect());
            assert_eq!(collected.is_ok(), fits, "{chunks:?}");
        }
    }
}
