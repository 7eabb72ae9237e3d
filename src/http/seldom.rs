//! What happens often and is to be logged seldom.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// How long nothing is logged after something was.
const SILENCE: Duration = Duration::from_secs(10);

/// Lets one event through in ten seconds, so that no client can fill the log.
#[derive(Debug, Default)]
pub(crate) struct Seldom(Mutex<Option<Told>>);

#[derive(Debug)]
struct Told {
    at: Instant,
    left_out: u64,
}

impl Seldom {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// How many events were left out before this one, if it is to be logged.
    pub(crate) fn next(&self) -> Option<u64> {
        let mut told = self.0.lock();
        match &mut *told {
            Some(told) if told.at.elapsed() < SILENCE => {
                told.left_out += 1;
                None
            }
            told => {
                let at = Instant::now();
                let before = told.replace(Told { at, left_out: 0 });
                Some(before.map_or(0, |told| told.left_out))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_counted() {
        let seldom = Seldom::new();
        assert_eq!(seldom.next(), Some(0));
        assert_eq!((seldom.next(), seldom.next()), (None, None));
        let Some(told) = &mut *seldom.0.lock() else {
            panic!("something was told");
        };
        told.at = told.at.checked_sub(SILENCE).expect("time goes on");
        assert_eq!(told.left_out, 2);
    }
}
