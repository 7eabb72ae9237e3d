//! The memory of the input of a connection that is not parsed yet.

use std::sync::Arc;

use super::{Activity, BufferBudget, BuffersFull, Reservation};

/// The size up to which input is not counted: every active connection has a buffer of this size.
const MAX_UNCOUNTED_SIZE: usize = 8 * 1024;

/// The memory of the input of a connection that is not parsed yet: an incomplete head, or a part of a body. The buffer
/// does not shrink before the connection is idle.
#[derive(Debug)]
pub(super) struct InputMemory {
    reservation: Reservation,
    /// The maximum size of a head.
    max_head: usize,
    /// The size of the incomplete head.
    head: usize,
    /// The number of requests before the incomplete head.
    requests: u64,
}

impl InputMemory {
    pub(super) fn new(buffers: &Arc<BufferBudget>, max_head: usize) -> Self {
        Self {
            reservation: buffers.empty_reservation(),
            max_head,
            head: 0,
            requests: 0,
        }
    }

    /// Counts bytes that were read.
    pub(super) fn record(&mut self, bytes: usize, activity: &Activity) -> Result<(), BuffersFull> {
        let requests = activity.progress().requests;
        if requests != self.requests {
            self.requests = requests;
            self.head = 0;
        }
        let size = if activity.is_receiving_body() {
            // The next bytes are read into another buffer, while a piece of the body is in use.
            2 * bytes
        } else {
            self.head += bytes;
            self.head
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
        self.head = 0;
    }
}
