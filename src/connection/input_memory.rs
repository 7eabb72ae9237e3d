//! The memory of the input of a connection that is not parsed yet.

use std::sync::Arc;

use bytes::Bytes;

use super::{
    Activity, BufferBudget, BuffersFull, Reservation, UnparsedHead, input_head::InputHead,
};

/// The size up to which input is not counted: every active connection has a buffer of this size.
const MAX_UNCOUNTED_SIZE: usize = 8 * 1024;

/// The memory of the input of a connection that is not parsed yet: an incomplete head, or a part of a body. The buffer
/// does not shrink before the connection is idle.
#[derive(Debug)]
pub(super) struct InputMemory {
    reservation: Reservation,
    /// The maximum size of a head.
    max_head: usize,
    head: InputHead,
}

impl InputMemory {
    pub(super) fn new(buffers: &Arc<BufferBudget>, max_head: usize) -> Self {
        Self {
            reservation: buffers.empty_reservation(),
            max_head,
            head: InputHead::default(),
        }
    }

    /// Counts bytes that were read.
    pub(super) fn record(&mut self, read: &[u8], activity: &Activity) -> Result<(), BuffersFull> {
        let size = if activity.is_receiving_body() {
            // The next bytes are read into another buffer, while a piece of the body is in use.
            2 * read.len()
        } else {
            self.head.record(read, activity.progress().requests)
        };
        // One read may take more than a head, because the buffer grows by doubling.
        let size = size.min(2 * self.max_head);
        if size <= MAX_UNCOUNTED_SIZE {
            return Ok(());
        }
        self.reservation.grow_to(size)
    }

    /// Records that the buffer is empty.
    pub(super) fn release(&mut self) {
        self.reservation.release();
        self.head.release();
    }

    /// Returns the head that could not be parsed. `unread` is the rest of hyper's buffer.
    pub(super) fn unparsed_head(self, unread: Bytes, activity: &Activity) -> UnparsedHead {
        self.head.unparsed(activity.progress().requests, unread)
    }
}
