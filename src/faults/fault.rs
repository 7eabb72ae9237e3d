//! A fault as plain data.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use super::{
    CustomResponse, Delay, Effect,
    count::check_count,
    effect::{HTML, VENDOR_CONCURRENCY},
    response::ResponseBody,
};
use crate::{engine::OutOfRange, journal::RequestPattern, values::Number};

/// A failure that a test requests: which requests it hits, when, and its effect on them.
///
/// The constructors name the effect. By default, a fault applies to every request until the server stops or is reset.
/// At most one fault hits a request: the oldest of those that would.
///
/// ```
/// use std::time::Duration;
/// use cuc_mock::{Delay, Fault, RequestPattern};
///
/// let busy_twice = Fault::busy().on(RequestPattern::post("externalservices")).times(2);
/// let one_in_ten = Fault::reset().probability(0.1);
/// let lost_response = Fault::close().handled().on(RequestPattern::delete("externalservices/*")).nth(3);
/// let teapot = Fault::answer(418, "short and stout").header("Content-Type", "text/plain");
/// let slow = Fault::slow(Delay::log_normal(Duration::from_millis(80), 0.5));
/// # drop((busy_twice, one_in_ten, lost_response, teapot, slow));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "pass it to `CucMock::fault` or `Space::fault`"]
pub struct Fault {
    pub(super) requests: RequestPattern,
    pub(super) nth: Option<u64>,
    pub(super) times: Option<u64>,
    pub(super) probability: Option<f64>,
    pub(super) until: Option<Result<Timestamp, OutOfRange>>,
    pub(super) delay: Option<Delay>,
    pub(crate) effect: Option<Effect>,
    pub(crate) handled: bool,
}

/// Constructors, each for one effect.
impl Fault {
    fn new(effect: impl Into<Option<Effect>>) -> Self {
        Self {
            requests: RequestPattern::any(),
            nth: None,
            times: None,
            probability: None,
            until: None,
            delay: None,
            effect: effect.into(),
            handled: false,
        }
    }

    /// Delays the response.
    pub fn slow(delay: impl Into<Delay>) -> Self {
        Self::new(None).delay(delay)
    }

    /// Sends no response: the connection is held open until the client disconnects or the server stops.
    pub fn no_answer() -> Self {
        Self::new(Effect::NoAnswer)
    }

    /// Resets the connection (RST) before the first byte of the response.
    pub fn reset() -> Self {
        Self::new(Effect::Reset)
    }

    /// Closes the connection (FIN) before the first byte of the response.
    pub fn close() -> Self {
        Self::new(Effect::Close)
    }

    /// Closes the connection after this many bytes of the body, or at the end of a shorter body.
    pub fn cut(after: u64) -> Self {
        let reset = false;
        Self::new(Effect::Cut { after, reset })
    }

    /// Resets the connection after this many bytes of the body, or at the end of a shorter body.
    pub fn cut_by_reset(after: u64) -> Self {
        let reset = true;
        Self::new(Effect::Cut { after, reset })
    }

    /// Sends the body a few bytes at a time, with a pause between them.
    pub fn dribble(bytes: usize, every: Duration) -> Self {
        Self::new(Effect::Dribble { bytes, every })
    }

    /// Announces a chunked body, sends a first chunk without a size, and closes the connection.
    pub fn malformed_chunk() -> Self {
        Self::new(Effect::MalformedChunk)
    }

    /// Sends 503 in the vendor's envelope: the server is overloaded.
    pub fn busy() -> Self {
        Self::new(Effect::Busy)
    }

    /// Sends 401 with the page of the servlet container: the account is locked.
    pub fn locked_out() -> Self {
        Self::new(Effect::LockedOut)
    }

    /// Sends 403 in the vendor's envelope: the server accepts no writes.
    pub fn read_only() -> Self {
        Self::new(Effect::ReadOnly)
    }

    /// Sends 500 with the page of the servlet container.
    pub fn tomcat_error() -> Self {
        Self::new(Effect::TomcatError)
    }

    /// Sends 200 with a login page in HTML.
    pub fn login_page() -> Self {
        Self::new(Effect::LoginPage)
    }

    /// Ends the XML or JSON of the response inside an element.
    pub fn truncated() -> Self {
        Self::new(Effect::Truncate)
    }

    /// Sends the response with this content type.
    pub fn content_type(value: impl Into<String>) -> Self {
        Self::new(Effect::ContentType(value.into()))
    }

    /// Sends the response with the content type of a web page.
    pub fn wrong_content_type() -> Self {
        Self::content_type(HTML)
    }

    /// Sends 503 to each request that arrives while five others are in flight, as the vendor's server does.
    pub fn throttled() -> Self {
        Self::throttle(VENDOR_CONCURRENCY)
    }

    /// Sends 503 to each request that arrives while this many others are in flight. A delay applies to the admitted
    /// requests, so that they overlap.
    pub fn throttle(at_once: u64) -> Self {
        Self::new(Effect::Throttle { at_once })
    }

    /// Sends this response instead, with any status from 200 to 999 and any body. Use it for features that the server
    /// does not implement.
    pub fn answer(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(Effect::Answer(CustomResponse {
            status,
            headers: Vec::new(),
            body: ResponseBody(body.into().into()),
        }))
    }

    /// Adds a header to the response. It replaces the header of this name that the server would set.
    ///
    /// # Panics
    ///
    /// If the fault is not a [`Fault::answer`].
    #[track_caller]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let Some(Effect::Answer(response)) = &mut self.effect else {
            panic!("only a fault made with Fault::answer has headers");
        };
        response.headers.push((name.into(), value.into()));
        self
    }
}

/// Conditions.
impl Fault {
    /// Applies the fault only to requests that match the pattern. Only the first 64 KiB of a body are examined.
    pub fn on(mut self, requests: RequestPattern) -> Self {
        self.requests = requests;
        self
    }

    /// Applies the fault only to the Nth matching request, counted from 1. With [`Fault::times`] or
    /// [`Fault::probability`], it applies from that request on.
    pub fn nth(mut self, nth: u64) -> Self {
        self.nth = Some(nth);
        self
    }

    /// Applies the fault to this many requests.
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Applies the fault to each matching request with this probability, 0 to 1. The random numbers come from the seed.
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = Some(probability);
        self
    }

    /// Ends the fault at this time on the clock of the space.
    pub fn until(mut self, time: SystemTime) -> Self {
        self.until = Some(Timestamp::try_from(time).map_err(|_| OutOfRange));
        self
    }

    /// Delays the response.
    pub fn delay(mut self, delay: impl Into<Delay>) -> Self {
        self.delay = Some(delay.into());
        self
    }

    /// Handles the request before it fails. By default, an effect that replaces the response prevents the handling.
    pub fn handled(mut self) -> Self {
        self.handled = true;
        self
    }

    /// Returns the reason why the fault is invalid, if it is.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.requests.selects_responses() {
            return Err(
                "a fault cannot select requests by the status or the provenance of their responses"
                    .to_owned(),
            );
        }
        for (name, count) in [("nth", self.nth), ("times", self.times)] {
            count.map_or(Ok(()), |count| check_count::<1>(name, count))?;
        }
        if let Some(probability) = self.probability {
            Number::<0, 1>::try_from(probability)
                .map_err(|error| format!("probability {error}"))?;
        }
        if let Some(Err(error)) = self.until {
            return Err(format!("until cannot be such a time: {error}"));
        }
        if self.handled && !self.can_be_handled() {
            return Err(
                "handled is given, expected it only with an effect that replaces the response"
                    .to_owned(),
            );
        }
        self.delay.as_ref().map_or(Ok(()), Delay::check)?;
        self.effect.as_ref().map_or(Ok(()), Effect::check)
    }

    /// Returns whether `handled` makes a difference.
    pub(super) fn can_be_handled(&self) -> bool {
        self.effect.as_ref().is_some_and(Effect::replaces_response)
    }

    /// Returns the time at which the fault ends by itself.
    pub(super) fn end(&self) -> Option<Timestamp> {
        self.until.and_then(Result::ok)
    }

    /// Returns whether the fault has hit or missed all the requests that it can hit.
    pub(super) fn is_exhausted(&self, matched: u64, hits: u64) -> bool {
        let is_single = self.times.is_none() && self.probability.is_none();
        let nth = self.nth.filter(|_| is_single);
        nth.is_some_and(|nth| matched >= nth) || self.times.is_some_and(|times| hits >= times)
    }

    /// Returns whether the fault may hit the request with this ordinal.
    pub(super) fn has_begun(&self, ordinal: u64) -> bool {
        self.nth.is_none_or(|nth| ordinal >= nth)
    }
}
