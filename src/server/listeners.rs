//! The listening sockets of a server.

use std::{
    future::poll_fn,
    io,
    task::{Context, Poll},
};

use tokio::net::{TcpListener, TcpStream};

/// The listening sockets of a server.
#[derive(Debug)]
pub(super) struct Listeners {
    listeners: Vec<TcpListener>,
    /// The position of the socket to ask first, so that clients of one socket cannot keep out those of another.
    next: usize,
}

impl Listeners {
    pub(super) fn new(listeners: Vec<TcpListener>) -> Self {
        Self { listeners, next: 0 }
    }

    /// Waits for the next connection to any of the sockets.
    pub(super) async fn accept(&mut self) -> io::Result<TcpStream> {
        poll_fn(|context| self.poll_accept(context)).await
    }

    fn poll_accept(&mut self, context: &mut Context<'_>) -> Poll<io::Result<TcpStream>> {
        let count = self.listeners.len();
        for position in (self.next..count).chain(0..self.next) {
            if let Poll::Ready(accepted) = self.listeners[position].poll_accept(context) {
                self.next = (position + 1) % count;
                return Poll::Ready(accepted.map(|(stream, _)| stream));
            }
        }
        Poll::Pending
    }
}
