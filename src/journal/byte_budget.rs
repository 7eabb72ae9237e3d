//! A limit on memory that is used only while there is room.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// A number of bytes that can be reserved.
#[derive(Debug)]
pub(super) struct ByteBudget {
    max: usize,
    reserved: AtomicUsize,
}

/// Bytes that are free again when this is dropped.
#[derive(Debug)]
pub(super) struct ReservedBytes {
    budget: Arc<ByteBudget>,
    bytes: usize,
}

impl ByteBudget {
    pub(super) fn new(max: usize) -> Arc<Self> {
        Arc::new(Self {
            max,
            reserved: AtomicUsize::new(0),
        })
    }

    /// Reserves this many bytes, unless there are too few left.
    pub(super) fn reserve(self: &Arc<Self>, bytes: usize) -> Option<ReservedBytes> {
        let before = self.reserved.fetch_add(bytes, Ordering::Relaxed);
        let reserved = ReservedBytes {
            budget: Arc::clone(self),
            bytes,
        };
        (before + bytes <= self.max).then_some(reserved)
    }
}

impl Drop for ReservedBytes {
    fn drop(&mut self) {
        self.budget
            .reserved
            .fetch_sub(self.bytes, Ordering::Relaxed);
    }
}
