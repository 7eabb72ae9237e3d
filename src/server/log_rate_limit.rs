//! Rate limiting for log messages.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// The minimum time between two messages.
const MIN_INTERVAL: Duration = Duration::from_secs(10);

/// Lets at most one message through in ten seconds, so that no client can fill the log.
#[derive(Debug)]
pub(super) struct LogRateLimit(Mutex<Option<LastMessage>>);

#[derive(Debug)]
struct LastMessage {
    at: Instant,
    /// The number of messages that were suppressed since.
    suppressed: u64,
}

impl LogRateLimit {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// Returns the number of messages suppressed before this one, or `None` if this one is to be suppressed too.
    pub(super) fn allow(&self) -> Option<u64> {
        let mut last = self.0.lock();
        if let Some(last) = &mut *last
            && last.at.elapsed() < MIN_INTERVAL
        {
            last.suppressed += 1;
            return None;
        }
        let before = last.replace(LastMessage {
            at: Instant::now(),
            suppressed: 0,
        });
        Some(before.map_or(0, |last| last.suppressed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suppressed_messages_are_counted() {
        let limit = LogRateLimit::new();
        assert_eq!(limit.allow(), Some(0));
        assert_eq!((limit.allow(), limit.allow()), (None, None));
        if let Some(last) = &mut *limit.0.lock() {
            last.at = last.at.checked_sub(MIN_INTERVAL).expect("a past instant");
            assert_eq!(last.suppressed, 2);
        }
        assert_eq!(limit.allow(), Some(2));
    }
}
