//! Tests of faults without a server.

use std::time::{Instant, SystemTime};

use axum::http::{HeaderMap, Method};

use super::*;
use crate::{
    journal::{Budget, Entry, Journal, RecordedBody, RecordedRequest, RequestPattern},
    schema::Provenance,
};

/// The faults and the journal of a space.
struct TestSpace {
    faults: Faults,
    journal: Arc<Journal>,
}

impl TestSpace {
    fn new(seed: u64, faults: impl IntoIterator<Item = Fault>) -> Self {
        let space = Self {
            faults: Faults::new(seed, "default"),
            journal: Journal::new(&Budget::new(1)),
        };
        for fault in faults {
            space.faults.add(fault, Timestamp::UNIX_EPOCH).unwrap();
        }
        space
    }

    fn arrive(&self, time: i64, path: &str) -> Arc<Entry> {
        self.journal.record_request(&RecordedRequest {
            space: &"default".into(),
            time: Timestamp::from_second(time).unwrap(),
            started: Instant::now(),
            method: &Method::GET,
            path,
            query: None,
            headers: &HeaderMap::new(),
            body: RecordedBody::NotRead,
        })
    }

    /// Sends a request to this path and returns the number of the fault that hits it.
    fn hit_at(&self, time: i64, path: &str) -> Option<u64> {
        let entry = self.arrive(time, path);
        let hit = self.faults.inject(&entry).hit.map(|(number, _)| number);
        assert_eq!(entry.fault.get().copied(), hit);
        hit
    }

    /// Sends requests and returns the numbers of the faults that hit them; 0 for none.
    fn hits<const N: usize>(&self) -> [u64; N] {
        [(); N].map(|()| self.hit_at(0, "/vmrest/version").unwrap_or(0))
    }

    fn counts(&self, number: u64) -> (u64, u64, bool) {
        let status = self.faults.get(number, Timestamp::UNIX_EPOCH).unwrap();
        (status.matched, status.hits, status.is_active)
    }
}

#[test]
fn nth_alone_selects_one_request_and_with_times_the_first_of_several() {
    let nth = TestSpace::new(1, [Fault::close().nth(2)]);
    assert_eq!(nth.hits(), [0, 1, 0, 0]);
    assert_eq!(nth.counts(1), (2, 1, false));
    assert_eq!(
        TestSpace::new(1, [Fault::close().times(2)]).hits(),
        [1, 1, 0]
    );
    let both = TestSpace::new(1, [Fault::close().nth(2).times(2)]);
    assert_eq!(both.hits(), [0, 1, 1, 0]);
    assert_eq!(TestSpace::new(1, [Fault::close()]).hits(), [1, 1, 1]);
}

#[test]
fn the_first_due_fault_hits_and_the_others_keep_counting() {
    let space = TestSpace::new(
        1,
        [
            Fault::close().nth(2),
            Fault::reset().nth(2),
            Fault::busy().nth(3),
        ],
    );
    assert_eq!(space.hits(), [0, 1, 3, 0]);
    assert_eq!(
        space.counts(2),
        (2, 0, false),
        "an earlier fault has hit its request"
    );
}

#[test]
fn only_matching_requests_are_counted() {
    let space = TestSpace::new(
        1,
        [Fault::close().on(RequestPattern::get("tenants")).nth(2)],
    );
    let tenants = "/vmrest/tenants/";
    assert_eq!(space.hit_at(0, tenants), None);
    assert_eq!(space.hit_at(0, "/vmrest/version"), None);
    assert_eq!(space.hit_at(0, tenants), Some(1));
}

#[test]
fn dice_depend_on_the_seed_and_the_fault() {
    let hits = |seed| TestSpace::new(seed, [Fault::close().probability(0.5)]).hits::<64>();
    assert_eq!(hits(7), hits(7));
    assert_ne!(hits(7), hits(8));
    let count = hits(7).iter().sum::<u64>();
    assert!((16..=48).contains(&count), "{count} of 64");
    let [never, always] = [0.0, 1.0].map(|p| TestSpace::new(7, [Fault::close().probability(p)]));
    assert_eq!((never.hits(), always.hits()), ([0; 9], [1; 9]));
    let two = TestSpace::new(
        7,
        [
            Fault::close().on(RequestPattern::get("x")),
            Fault::close().probability(0.5),
        ],
    );
    assert_ne!(two.hits::<64>().map(|hit| hit / 2), hits(7));
}

#[test]
fn a_fault_ends_at_its_time_on_the_clock_of_the_space() {
    let until = SystemTime::UNIX_EPOCH + Duration::from_secs(10);
    let space = TestSpace::new(1, [Fault::close().until(until)]);
    assert_eq!(space.hit_at(9, "/"), Some(1));
    assert_eq!(space.hit_at(10, "/"), None);
    let ended = space.faults.list(Timestamp::from_second(10).unwrap());
    assert!(!ended[0].is_active);
    assert_eq!(space.hit_at(9, "/"), Some(1), "the clock was set back");
}

#[test]
fn a_throttle_hits_requests_beyond_its_limit() {
    let delay = Duration::from_millis(5);
    let space = TestSpace::new(1, [Fault::throttle(2).delay(delay)]);
    let [first, second] = [(); 2].map(|()| space.faults.inject(&space.arrive(0, "/")));
    assert!(first.hit.is_none() && second.hit.is_none());
    assert_eq!(second.delay, delay);
    assert_eq!(space.hits(), [1, 1], "a hit request is not in flight");
    drop(first);
    assert_eq!(space.hits(), [0]);
    assert_eq!(space.counts(1), (5, 2, true));
}

#[test]
fn delays_are_within_their_limits_and_depend_on_the_seed() {
    let ms = Duration::from_millis;
    let drawn = |seed, delay: Delay| {
        let space = TestSpace::new(seed, [Fault::slow(delay)]);
        [(); 200].map(|()| space.faults.inject(&space.arrive(0, "/")).delay)
    };
    assert_eq!(drawn(1, Delay::Fixed(ms(3))), [ms(3); 200]);
    let uniform = drawn(1, Delay::Uniform(ms(10), ms(20)));
    assert!(
        uniform
            .iter()
            .all(|delay| (ms(10)..=ms(20)).contains(delay))
    );
    assert_eq!(uniform, drawn(1, Delay::Uniform(ms(10), ms(20))));
    assert_ne!(uniform, drawn(2, Delay::Uniform(ms(10), ms(20))));
    let (median, sigma) = (ms(100), 0.5);
    let normal = drawn(1, Delay::LogNormal { median, sigma });
    let below = normal.iter().filter(|delay| **delay < median).count();
    assert!(
        (70..=130).contains(&below),
        "{below} of 200 are below the median"
    );
    let wild = drawn(
        1,
        Delay::LogNormal {
            median,
            sigma: 10.0,
        },
    );
    assert!(wild.iter().all(|delay| *delay <= delay::MAX_DELAY));
}

#[test]
fn a_reset_restarts_the_numbers_and_inactive_faults_are_replaced() {
    let space = TestSpace::new(1, (0..MAX_FAULTS).map(|_| Fault::close().times(1)));
    let full = space.faults.add(Fault::close(), Timestamp::UNIX_EPOCH);
    assert_eq!(
        full.unwrap_err().to_string(),
        "there are 1000 faults already, and no more can be made: delete some"
    );
    assert_eq!(space.hits(), [1]);
    let made = space.faults.add(Fault::close(), Timestamp::UNIX_EPOCH);
    assert_eq!(made.unwrap().number, 1001);
    assert!(space.faults.get(1, Timestamp::UNIX_EPOCH).is_none());
    assert!(space.faults.remove(1001) && !space.faults.remove(1001));
    space.faults.remove_all();
    let made = space.faults.add(Fault::close(), Timestamp::UNIX_EPOCH);
    assert_eq!(made.unwrap().number, 1002);
    space.faults.reset();
    assert_eq!(space.hits(), [0]);
    let made = space.faults.add(Fault::close(), Timestamp::UNIX_EPOCH);
    assert_eq!(made.unwrap().number, 1);
}

#[test]
fn an_invalid_fault_is_rejected_with_the_reason() {
    let seconds = Duration::from_secs;
    for (fault, error) in [
        (
            Fault::close().on(RequestPattern::any().status(200)),
            "a fault cannot select requests by the status or the provenance of their responses",
        ),
        (
            Fault::close().on(RequestPattern::any().provenance(Provenance::Client)),
            "a fault cannot select requests by the status or the provenance of their responses",
        ),
        (
            Fault::close().nth(0),
            "nth is 0, expected a whole number from 1 to 4294967295",
        ),
        (
            Fault::close().times(0),
            "times is 0, expected a whole number from 1 to 4294967295",
        ),
        (
            Fault::close().probability(f64::NAN),
            "probability is NaN, expected a number from 0 to 1",
        ),
        (
            Fault::slow(seconds(601)),
            "the delay is 601000 ms, expected at most 600000 ms",
        ),
        (
            Fault::slow(Delay::Uniform(seconds(2), seconds(1))),
            "the delay is from 2000 ms to 1000 ms, expected the shorter one first",
        ),
        (
            Fault::slow(Delay::LogNormal {
                median: seconds(1),
                sigma: -1.0,
            }),
            "the sigma of the delay is -1, expected a number from 0 to 10",
        ),
        (
            Fault::throttle(0),
            "throttle.at_once is 0, expected a whole number from 1 to 4294967295",
        ),
        (
            Fault::dribble(0, seconds(1)),
            "dribble.bytes is 0, expected a whole number from 1 to 4294967295",
        ),
        (
            Fault::close().times(u64::MAX),
            "times is 18446744073709551615, expected a whole number from 1 to 4294967295",
        ),
        (
            Fault::cut(1 << 32),
            "cut.after is 4294967296, expected a whole number from 0 to 4294967295",
        ),
        (
            Fault::cut(1).handled(),
            "handled is given, expected it only with an effect that replaces the response",
        ),
        (
            Fault::close().until(SystemTime::UNIX_EPOCH + seconds(1 << 40)),
            "until cannot be such a time: expected a time from 1970-01-01 to 9999-12-30",
        ),
        (
            Fault::answer(101, ""),
            "the status is 101, expected one from 200 to 999",
        ),
        (
            Fault::answer(204, "x"),
            "a response with the status 204 has no body",
        ),
        (
            Fault::answer(200, "").header("a b", ""),
            r#"found the header "a b", expected the name of a header"#,
        ),
        (
            Fault::answer(200, "").header("a", "\n"),
            r#"the header "a" is "\n", expected the value of a header"#,
        ),
        (
            Fault::answer(200, "").header("Transfer-Encoding", "chunked"),
            r#"found the header "Transfer-Encoding", which only the server itself can set"#,
        ),
        (
            Fault::content_type("\r"),
            r#"the content type is "\r", expected the value of a header"#,
        ),
    ] {
        assert_eq!(fault.check().unwrap_err(), error);
    }
}
