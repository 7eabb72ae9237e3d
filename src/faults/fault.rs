//! A failure that a test asks for, as plain data.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use jiff::Timestamp;

use super::effect::{Answer, Effect, Failure};
use crate::{engine::OutOfRange, faults::Delay, journal::RequestPattern};

/// The highest number that a fault may count to.
pub(crate) const HIGHEST: u64 = u32::MAX as u64;
/// How many requests the vendor's server answers at once.
pub(crate) const AT_ONCE: u64 = 5;
/// What the vendor's servlet container says of its pages.
const HTML: &str = "text/html;charset=utf-8";

/// A failure that a test asks for: which requests it hits, when, and what happens to them.
///
/// It begins with what happens. Nothing else said, it hits every request, as long as the server lives or until
/// it is reset. Only one fault hits a request: the first one made of those that would.
///
/// ```
/// use std::time::Duration;
/// use cuc_mock::{Delay, Fault, RequestPattern};
///
/// let busy_twice = Fault::busy().on(RequestPattern::post("externalservices")).times(2);
/// let now_and_then = Fault::reset().probability(0.1);
/// let lost = Fault::close().handled().on(RequestPattern::delete("externalservices/*")).nth(3);
/// let teapot = Fault::answer(418, "short and stout").header("Content-Type", "text/plain");
/// let slow = Fault::slow(Delay::log_normal(Duration::from_millis(80), 0.5));
/// # drop((busy_twice, now_and_then, lost, teapot, slow));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a fault does nothing until a server is given it"]
pub struct Fault {
    pub(crate) requests: RequestPattern,
    pub(crate) nth: Option<u64>,
    pub(crate) times: Option<u64>,
    pub(crate) probability: Option<f64>,
    pub(crate) until: Option<Result<Timestamp, OutOfRange>>,
    pub(crate) delay: Option<Delay>,
    pub(crate) effect: Option<Effect>,
    pub(crate) handled: bool,
}

/// What happens.
impl Fault {
    pub(crate) fn of(effect: Option<Effect>) -> Self {
        Self {
            requests: RequestPattern::any(),
            nth: None,
            times: None,
            probability: None,
            until: None,
            delay: None,
            effect,
            handled: false,
        }
    }

    /// The right answer comes late.
    pub fn slow(delay: impl Into<Delay>) -> Self {
        Self::of(None).delay(delay)
    }

    /// No answer at all: the connection is held until the client goes or the server stops.
    pub fn no_answer() -> Self {
        Self::of(Some(Effect::NoAnswer))
    }

    /// The connection is reset (RST) before any byte of the answer.
    pub fn reset() -> Self {
        Self::of(Some(Effect::Reset))
    }

    /// The connection is closed (FIN) before any byte of the answer.
    pub fn close() -> Self {
        Self::of(Some(Effect::Close))
    }

    /// The connection is closed after so many bytes of the body, or at its end if it is shorter.
    pub fn cut(after: u64) -> Self {
        let reset = false;
        Self::of(Some(Effect::Cut { after, reset }))
    }

    /// The connection is reset after so many bytes of the body, or at its end if it is shorter.
    pub fn cut_by_reset(after: u64) -> Self {
        let reset = true;
        Self::of(Some(Effect::Cut { after, reset }))
    }

    /// The body comes so many bytes at a time, with a pause between them.
    pub fn dribble(bytes: usize, every: Duration) -> Self {
        Self::of(Some(Effect::Dribble { bytes, every }))
    }

    /// The body is announced in chunks, the first of which has no size; then the connection is closed.
    pub fn malformed_chunk() -> Self {
        Self::of(Some(Effect::MalformedChunk))
    }

    /// 503 in the vendor's envelope: the server has too much to do.
    pub fn busy() -> Self {
        Self::of(Some(Effect::Failure(Failure::Busy)))
    }

    /// 401 with the servlet container's page: the account is locked.
    pub fn locked_out() -> Self {
        Self::of(Some(Effect::Failure(Failure::LockedOut)))
    }

    /// 403 in the vendor's envelope: the server takes no writes.
    pub fn read_only() -> Self {
        Self::of(Some(Effect::Failure(Failure::ReadOnly)))
    }

    /// 500 with the servlet container's page.
    pub fn tomcat_error() -> Self {
        Self::of(Some(Effect::Failure(Failure::Tomcat)))
    }

    /// 200 with a page to log in at.
    pub fn login_page() -> Self {
        Self::of(Some(Effect::Failure(Failure::LoginPage)))
    }

    /// The right answer, but its XML or JSON ends inside an element.
    pub fn truncated() -> Self {
        Self::of(Some(Effect::Truncate))
    }

    /// The right answer under this content type.
    pub fn content_type(value: impl Into<String>) -> Self {
        Self::of(Some(Effect::ContentType(value.into())))
    }

    /// The right answer under the content type of a web page.
    pub fn wrong_content_type() -> Self {
        Self::content_type(HTML)
    }

    /// 503 for each request that arrives while five others are in flight, as the vendor's server does it.
    pub fn throttled() -> Self {
        Self::throttle(AT_ONCE)
    }

    /// 503 for each request that arrives while this many others are in flight. A delay holds up those that are let in,
    /// so that they meet.
    pub fn throttle(at_once: u64) -> Self {
        Self::of(Some(Effect::Throttle { at_once }))
    }

    /// Another answer, with any status from 200 on, and any body: a way past what is not implemented.
    pub fn answer(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::of(Some(Effect::Answer(Answer {
            status,
            headers: Vec::new(),
            body: Bytes::from(body.into()),
        })))
    }

    /// One more header of the answer. It stands in the place of what the server would say there.
    ///
    /// # Panics
    ///
    /// When the fault is not a [`Fault::answer`].
    #[track_caller]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let Some(Effect::Answer(answer)) = &mut self.effect else {
            panic!("only a fault that was made by Fault::answer has headers");
        };
        answer.headers.push((name.into(), value.into()));
        self
    }
}

/// To which requests, and when.
impl Fault {
    /// Only to these requests. Fields of bodies of more than 64 KiB are not looked at.
    pub fn on(mut self, requests: RequestPattern) -> Self {
        self.requests = requests;
        self
    }

    /// Only to the Nth of the requests, counted from 1. With [`Fault::times`] or [`Fault::probability`]: from that one
    /// on.
    pub fn nth(mut self, nth: u64) -> Self {
        self.nth = Some(nth);
        self
    }

    /// To this many requests.
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// To each of the requests with this probability, 0 to 1. The dice come from the seed.
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = Some(probability);
        self
    }

    /// Until the clock of the server shows this time.
    pub fn until(mut self, time: SystemTime) -> Self {
        self.until = Some(Timestamp::try_from(time).map_err(|_| OutOfRange));
        self
    }

    /// After this delay.
    pub fn delay(mut self, delay: impl Into<Delay>) -> Self {
        self.delay = Some(delay.into());
        self
    }

    /// The request does its work before it fails. Without this, it does not, unless the right answer is needed.
    pub fn handled(mut self) -> Self {
        self.handled = true;
        self
    }

    /// Why there can be no such fault.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.requests.status.is_some() {
            return Err("a fault cannot choose requests by the status of their answers".to_owned());
        }
        for (name, value) in [("nth", self.nth), ("times", self.times)] {
            if let Some(value) = value {
                check_count(name, value)?;
            }
        }
        match self.probability {
            Some(p) if !(0.0..=1.0).contains(&p) => {
                return Err(format!("probability is {p}, expected a number from 0 to 1"));
            }
            _ => {}
        }
        if let Some(Err(error)) = self.until {
            return Err(format!("until cannot be such a time: {error}"));
        }
        if self.handled && !self.can_be_handled() {
            return Err(
                "handled is given, expected it only with an effect that stands in the place of the right answer"
                    .to_owned(),
            );
        }
        self.delay.as_ref().map_or(Ok(()), Delay::check)?;
        self.effect.as_ref().map_or(Ok(()), Effect::check)
    }

    /// Whether it makes a difference that the request does its work.
    pub(crate) fn can_be_handled(&self) -> bool {
        self.effect.as_ref().is_some_and(Effect::is_instead)
    }

    /// When it ends by itself.
    pub(crate) fn end(&self) -> Option<Timestamp> {
        self.until.and_then(Result::ok)
    }

    /// Whether it does not hit the request of this number, but those after it neither.
    pub(super) fn is_over_at(&self, matched: u64, hits: u64) -> bool {
        let is_one = self.times.is_none() && self.probability.is_none();
        let nth = self.nth.filter(|_| is_one);
        nth.is_some_and(|nth| matched >= nth) || self.times.is_some_and(|times| hits >= times)
    }

    /// Whether it may hit the request of this number.
    pub(super) fn has_begun_at(&self, ordinal: u64) -> bool {
        self.nth.is_none_or(|nth| ordinal >= nth)
    }
}

/// That a number can be counted to.
pub(super) fn check_count(name: &str, number: u64) -> Result<(), String> {
    if (1..=HIGHEST).contains(&number) {
        return Ok(());
    }
    Err(format!(
        "{name} is {number}, expected a whole number from 1 to {HIGHEST}"
    ))
}
