//! How a connection is getting on, so that one that rests is told from one that is slow.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    task::{Context, Poll},
};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};

use super::Line;

/// How a connection is getting on.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    requests: AtomicU64,
    /// From the head of a request to the end of its answer.
    is_asked: AtomicBool,
    /// While the body of a request is on its way.
    is_receiving: AtomicBool,
    /// A body was given up before its end: only HTTP knows how to go on.
    is_given_up: AtomicBool,
    /// Whether anything was read since the last answer.
    has_heard: AtomicBool,
    /// Whether nothing more is there to be read.
    is_drained: AtomicBool,
    writes: AtomicU64,
    /// Whether the client does not take what is written.
    is_blocked: AtomicBool,
}

/// What a connection had done at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) requests: u64,
    pub(crate) writes: u64,
}

impl Pace {
    /// What the connection has done up to now.
    pub(crate) fn done(&self) -> Done {
        Done {
            requests: self.requests.load(Relaxed),
            writes: self.writes.load(Relaxed),
        }
    }

    /// Whether a request has arrived as a whole and its answer is not yet sent.
    pub(crate) fn is_busy(&self) -> bool {
        self.is_asked.load(Relaxed) && !self.is_receiving.load(Relaxed)
    }

    /// Whether a part of a request has arrived, and no more.
    pub(crate) fn is_amid_a_head(&self) -> bool {
        self.has_heard.load(Relaxed) && !self.is_asked.load(Relaxed)
    }

    /// Whether the client does not take what is written.
    pub(crate) fn is_blocked(&self) -> bool {
        self.is_blocked.load(Relaxed)
    }

    /// Whether nothing is left to do until the client sends something.
    pub(crate) fn is_resting(&self) -> bool {
        let unfinished = [
            &self.is_asked,
            &self.is_receiving,
            &self.is_given_up,
            &self.has_heard,
            &self.is_blocked,
        ];
        !unfinished.iter().any(|flag| flag.load(Relaxed)) && self.is_drained.load(Relaxed)
    }

    /// Notes whether an attempt to read found anything.
    pub(crate) fn read(&self, found: bool) {
        self.is_drained.store(!found, Relaxed);
        if found {
            self.has_heard.store(true, Relaxed);
        }
    }

    /// Notes whether the client took what was written.
    pub(crate) fn written(&self, taken: bool) {
        self.is_blocked.store(!taken, Relaxed);
        if taken {
            self.writes.fetch_add(1, Relaxed);
        }
    }
}

/// The body of a request, which the pace of its connection knows of.
#[derive(Debug)]
pub(crate) struct Asked {
    body: Incoming,
    line: Arc<Line>,
}

impl Asked {
    /// Notes that a request has begun; tells its body.
    pub(crate) fn begin(body: Incoming, line: &Arc<Line>) -> Body {
        let pace = &line.pace;
        pace.requests.fetch_add(1, Relaxed);
        pace.is_asked.store(true, Relaxed);
        if body.is_end_stream() {
            return Body::empty();
        }
        pace.is_receiving.store(true, Relaxed);
        let line = Arc::clone(line);
        Body::new(Self { body, line })
    }
}

impl HttpBody for Asked {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if matches!(polled, Poll::Ready(None)) {
            self.line.pace.is_receiving.store(false, Relaxed);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        let pace = &self.line.pace;
        if !self.body.is_end_stream() && pace.is_receiving.load(Relaxed) {
            pace.is_given_up.store(true, Relaxed);
        }
        pace.is_receiving.store(false, Relaxed);
    }
}

/// The body of an answer, which the pace of its connection knows of.
#[derive(Debug)]
pub(crate) struct Told {
    body: Body,
    line: Arc<Line>,
}

impl Told {
    pub(crate) fn new(body: Body, line: &Arc<Line>) -> Self {
        let line = Arc::clone(line);
        Self { body, line }
    }
}

impl HttpBody for Told {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        let pace = &self.line.pace;
        pace.is_asked.store(false, Relaxed);
        pace.has_heard.store(false, Relaxed);
    }
}
