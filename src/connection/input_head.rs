//! The head of a request while it arrives.

use bytes::Bytes;

/// The maximum number of bytes of a head that are copied.
const MAX_COPY_SIZE: usize = 2 * 1024;

/// The input since the last request began. hyper discards a head whose fields contradict each other, so its beginning is
/// copied.
#[derive(Debug, Default)]
pub(super) struct InputHead {
    copy: Vec<u8>,
    /// The number of bytes that were read.
    size: usize,
    /// The number of requests before it.
    requests: u64,
}

/// A head that hyper could not parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UnparsedHead {
    /// The part of it that is known; empty if none is.
    pub(crate) bytes: Bytes,
    /// True if it began directly behind another request.
    pub(crate) follows_request: bool,
}

impl InputHead {
    /// Records input, of which this number of requests was parsed before. Returns the size of the input since the last
    /// of them.
    pub(super) fn record(&mut self, read: &[u8], requests: u64) -> usize {
        if requests != self.requests {
            self.requests = requests;
            self.size = 0;
            self.copy.clear();
        }
        let room = MAX_COPY_SIZE.saturating_sub(self.copy.len());
        self.copy.extend_from_slice(&read[..read.len().min(room)]);
        self.size += read.len();
        self.size
    }

    /// Forgets the input, and frees the memory.
    pub(super) fn release(&mut self) {
        self.size = 0;
        self.copy = Vec::new();
    }

    /// Returns the head that could not be parsed after this number of requests. `unread` is the rest of hyper's buffer.
    pub(super) fn unparsed(self, requests: u64, unread: Bytes) -> UnparsedHead {
        let size = if requests == self.requests {
            self.size
        } else {
            0
        };
        let follows_request = requests > 0 && (size == 0 || unread.len() > size);
        // Unless hyper discarded the head, all input since the last request is still in its buffer.
        let bytes = if unread.len() >= size {
            unread
        } else {
            self.copy.into()
        };
        UnparsedHead {
            bytes,
            follows_request,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unparsed(reads: &[(&str, u64)], requests: u64, unread: &'static str) -> (Bytes, bool) {
        let mut head = InputHead::default();
        for (read, requests) in reads {
            head.record(read.as_bytes(), *requests);
        }
        let unparsed = head.unparsed(requests, Bytes::from_static(unread.as_bytes()));
        (unparsed.bytes, unparsed.follows_request)
    }

    #[test]
    fn a_head_is_known_from_the_buffer_or_from_the_copy() {
        let head = |text: &'static str| Bytes::from_static(text.as_bytes());
        // hyper keeps a head that it cannot parse at all, and discards one with contradicting fields.
        assert_eq!(unparsed(&[("bad", 0)], 0, "bad"), (head("bad"), false));
        assert_eq!(
            unparsed(&[("head body", 0)], 0, "body"),
            (head("head body"), false)
        );
        assert_eq!(
            unparsed(&[("good", 0), ("ba", 1), ("d", 1)], 1, "bad"),
            (head("bad"), false)
        );
        // It arrived together with an earlier request, at least in part.
        assert_eq!(
            unparsed(&[("good b", 0), ("ad", 1)], 1, "bad"),
            (head("bad"), true)
        );
        assert_eq!(unparsed(&[("good bad", 0)], 1, "bad"), (head("bad"), true));
        assert_eq!(unparsed(&[("good bad", 0)], 1, ""), (head(""), true));
    }

    #[test]
    fn the_copy_is_bounded() {
        let mut head = InputHead::default();
        let read = vec![b'a'; 1_500];
        assert_eq!(
            (head.record(&read, 0), head.record(&read, 0)),
            (1_500, 3_000)
        );
        let unparsed = head.unparsed(0, Bytes::new());
        assert_eq!(unparsed.bytes.len(), MAX_COPY_SIZE);
    }
}
