//! Repeating requests that a busy server has rejected.

use std::{fmt, sync::Arc, thread, time::Duration};

use ureq::http::Method;

use super::{NoResponse, Request, Response};

/// The time before the first repetition. It doubles with each one.
const FIRST_DELAY: Duration = Duration::from_millis(100);
const MAX_DELAY: Duration = Duration::from_secs(30);
/// The number of times that a rejected request is repeated: for about three minutes.
const MAX_REJECTIONS: u32 = 12;
/// The number of times that a request without a response is repeated.
const MAX_BREAKS: u32 = 4;
/// Too many requests, and the appliance's own status for them.
const BUSY: [u16; 2] = [429, 503];

type Notify = dyn Fn(&str, Duration) + Send + Sync;

/// Repeats requests, and reports each repetition.
#[derive(Clone)]
pub(super) struct Retries {
    notify: Arc<Notify>,
}

impl Default for Retries {
    fn default() -> Self {
        Self::notifying(|_, _| {})
    }
}

impl fmt::Debug for Retries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Retries")
    }
}

impl Retries {
    pub(super) fn notifying(notify: impl Fn(&str, Duration) + Send + Sync + 'static) -> Self {
        Self {
            notify: Arc::new(notify),
        }
    }

    /// Calls `send` until there is a response of a server that is not busy, or no further attempt is due.
    pub(super) fn repeat(
        &self,
        request: &Request,
        send: impl Fn() -> Result<Response, NoResponse>,
    ) -> Result<Response, NoResponse> {
        let (mut rejections, mut breaks) = (0, 0);
        loop {
            let result = send();
            let (reason, delay) = match &result {
                Ok(response) if BUSY.contains(&response.status) && rejections < MAX_REJECTIONS => {
                    rejections += 1;
                    let delay = requested_delay(response).unwrap_or_else(|| delay(rejections));
                    (format!("status {}", response.status), delay)
                }
                // The server may have executed any other request.
                Err(error)
                    if (request.method == Method::GET || !error.is_sent) && breaks < MAX_BREAKS =>
                {
                    breaks += 1;
                    (error.reason.clone(), delay(breaks))
                }
                _ => return result,
            };
            (self.notify)(&reason, delay);
            thread::sleep(delay);
        }
    }
}

fn delay(attempt: u32) -> Duration {
    let factor = 1 << (attempt - 1).min(16);
    (FIRST_DELAY * factor).min(MAX_DELAY)
}

/// Returns the time in `Retry-After`, in seconds.
fn requested_delay(response: &Response) -> Option<Duration> {
    let seconds: u64 = response.header("Retry-After")?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(MAX_DELAY))
}
