//! Faults without a server.

use std::time::{Instant, SystemTime};

use axum::http::{HeaderMap, Method};

use super::*;
use crate::journal::{Budget, Entry, Journal, RecordedBody, RecordedRequest, RequestPattern};

/// The faults of a space, and requests that arrive in it.
struct Struck {
    faults: Faults,
    journal: Arc<Journal>,
}

impl Struck {
    fn new(seed: u64, faults: impl IntoIterator<Item = Fault>) -> Self {
        let struck = Self {
            faults: Faults::new(seed, "default"),
            journal: Journal::new(&Budget::new(1)),
        };
        for fault in faults {
            struck.faults.make(fault, Timestamp::UNIX_EPOCH).unwrap();
        }
        struck
    }

    fn arrive(&self, time: i64, path: &str) -> Arc<Entry> {
        self.journal.record_request(&RecordedRequest {
            time: Timestamp::from_second(time).unwrap(),
            started: Instant::now(),
            method: &Method::GET,
            path,
            query: None,
            headers: &HeaderMap::new(),
            body: RecordedBody::NotRead,
        })
    }

    /// The number of the fault that hits a request to this path.
    fn hit_at(&self, time: i64, path: &str) -> Option<u64> {
        let entry = self.arrive(time, path);
        let hit = self.faults.strike(&entry).hit.map(|(number, _)| number);
        assert_eq!(entry.fault.get().copied(), hit);
        hit
    }

    /// Which of so many requests are hit, and by which fault; 0 is none.
    fn hits<const N: usize>(&self) -> [u64; N] {
        [(); N].map(|()| self.hit_at(0, "/vmrest/version").unwrap_or(0))
    }

    fn counts(&self, number: u64) -> (u64, u64, bool) {
        let listed = self.faults.get(number, Timestamp::UNIX_EPOCH).unwrap();
        (listed.matched, listed.hits, listed.is_active)
    }
}

#[test]
fn the_nth_alone_is_one_request_and_with_times_the_first_of_many() {
    let nth = Struck::new(1, [Fault::close().nth(2)]);
    assert_eq!(nth.hits(), [0, 1, 0, 0]);
    assert_eq!(nth.counts(1), (2, 1, false));
    assert_eq!(Struck::new(1, [Fault::close().times(2)]).hits(), [1, 1, 0]);
    let both = Struck::new(1, [Fault::close().nth(2).times(2)]);
    assert_eq!(both.hits(), [0, 1, 1, 0]);
    assert_eq!(Struck::new(1, [Fault::close()]).hits(), [1, 1, 1]);
}

#[test]
fn the_first_that_fires_hits_and_the_others_count_on() {
    let struck = Struck::new(
        1,
        [
            Fault::close().nth(2),
            Fault::reset().nth(2),
            Fault::busy().nth(3),
        ],
    );
    assert_eq!(struck.hits(), [0, 1, 3, 0]);
    assert_eq!(
        struck.counts(2),
        (2, 0, false),
        "an earlier one took its request"
    );
}

#[test]
fn only_requests_that_are_meant_are_counted() {
    let struck = Struck::new(
        1,
        [Fault::close().on(RequestPattern::get("tenants")).nth(2)],
    );
    let tenants = "/vmrest/tenants/";
    assert_eq!(struck.hit_at(0, tenants), None);
    assert_eq!(struck.hit_at(0, "/vmrest/version"), None);
    assert_eq!(struck.hit_at(0, tenants), Some(1));
}

#[test]
fn the_same_seed_throws_the_same_dice_and_each_fault_has_its_own() {
    let hits = |seed| Struck::new(seed, [Fault::close().probability(0.5)]).hits::<64>();
    assert_eq!(hits(7), hits(7));
    assert_ne!(hits(7), hits(8));
    let count = hits(7).iter().sum::<u64>();
    assert!((16..=48).contains(&count), "{count} of 64");
    let [never, always] = [0.0, 1.0].map(|p| Struck::new(7, [Fault::close().probability(p)]));
    assert_eq!((never.hits(), always.hits()), ([0; 9], [1; 9]));
    let two = Struck::new(
        7,
        [
            Fault::close().on(RequestPattern::get("x")),
            Fault::close().probability(0.5),
        ],
    );
    assert_ne!(two.hits::<64>().map(|hit| hit / 2), hits(7));
}

#[test]
fn a_fault_ends_when_the_clock_of_its_space_says_so() {
    let until = SystemTime::UNIX_EPOCH + Duration::from_secs(10);
    let struck = Struck::new(1, [Fault::close().until(until)]);
    assert_eq!(struck.hit_at(9, "/"), Some(1));
    assert_eq!(struck.hit_at(10, "/"), None);
    let ended = struck.faults.list(Timestamp::from_second(10).unwrap());
    assert!(!ended[0].is_active);
    assert_eq!(struck.hit_at(9, "/"), Some(1), "the clock was set back");
}

#[test]
fn a_throttle_hits_what_goes_beyond_those_in_flight() {
    let delay = Duration::from_millis(5);
    let struck = Struck::new(1, [Fault::throttle(2).delay(delay)]);
    let [first, second] = [(); 2].map(|()| struck.faults.strike(&struck.arrive(0, "/")));
    assert!(first.hit.is_none() && second.hit.is_none());
    assert_eq!(second.delay, delay);
    assert_eq!(struck.hits(), [1, 1], "what was hit is not in flight");
    drop(first);
    assert_eq!(struck.hits(), [0]);
    assert_eq!(struck.counts(1), (5, 2, true));
}

#[test]
fn delays_are_drawn_within_their_bounds_from_the_seed() {
    let ms = Duration::from_millis;
    let drawn = |seed, delay: Delay| {
        let struck = Struck::new(seed, [Fault::slow(delay)]);
        [(); 200].map(|()| struck.faults.strike(&struck.arrive(0, "/")).delay)
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
    assert!(wild.iter().all(|delay| *delay <= LONGEST_DELAY));
}

#[test]
fn a_reset_numbers_from_one_and_ended_faults_give_way() {
    let struck = Struck::new(1, (0..MOST).map(|_| Fault::close().times(1)));
    let full = struck.faults.make(Fault::close(), Timestamp::UNIX_EPOCH);
    assert_eq!(
        full.unwrap_err().to_string(),
        "there are 1000 faults already, and no more can be made: delete some"
    );
    assert_eq!(struck.hits(), [1]);
    let made = struck.faults.make(Fault::close(), Timestamp::UNIX_EPOCH);
    assert_eq!(made.unwrap().number, 1001);
    assert!(struck.faults.get(1, Timestamp::UNIX_EPOCH).is_none());
    assert!(struck.faults.remove(1001) && !struck.faults.remove(1001));
    struck.faults.remove_all();
    let made = struck.faults.make(Fault::close(), Timestamp::UNIX_EPOCH);
    assert_eq!(made.unwrap().number, 1002);
    struck.faults.reset();
    assert_eq!(struck.hits(), [0]);
    let made = struck.faults.make(Fault::close(), Timestamp::UNIX_EPOCH);
    assert_eq!(made.unwrap().number, 1);
}

#[test]
fn what_cannot_be_is_refused() {
    let seconds = Duration::from_secs;
    for (fault, error) in [
        (
            Fault::close().on(RequestPattern::any().status(200)),
            "a fault cannot choose requests by the status of their answers",
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
            "handled is given, expected it only with an effect that stands in the place of the right answer",
        ),
        (
            Fault::close().until(SystemTime::UNIX_EPOCH + seconds(1 << 40)),
            "until cannot be such a time: expected a time from 1970-01-01 to 9999-12-30",
        ),
        (
            Fault::answer(101, ""),
            "the status is 101, expected one from 200 to 999",
        ),
        (Fault::answer(204, "x"), "an answer of 204 has no body"),
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
