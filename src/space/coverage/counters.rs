//! What was touched, in a few bits.

use std::{
    ptr,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{CoverageHit, bit, statuses};
use crate::{resources::RESOURCES, schema::Verb};

/// What was touched. Nothing is allocated before the first touch, and no lock is taken.
#[derive(Debug, Default)]
pub(crate) struct Counters(OnceLock<Box<[Bits]>>);

/// What was touched of one resource.
#[derive(Debug, Default)]
struct Bits {
    /// Three for each verb: itself, and its statuses.
    verbs: AtomicU64,
    /// One for each place in the table.
    written: AtomicU64,
    asked: AtomicU64,
}

/// The same, as it was at one moment.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    pub(super) verbs: u64,
    pub(super) written: u64,
    pub(super) asked: u64,
}

impl Counters {
    /// Notes what a request touched that was answered with `status`. Fields count when it was granted.
    pub(crate) fn note(&self, touch: &CoverageHit, status: u16) {
        let mut known = RESOURCES.iter();
        let Some(place) = known.position(|resource| ptr::eq(*resource, touch.resource)) else {
            return;
        };
        let is_granted = (200..300).contains(&status);
        let if_granted = |fields| if is_granted { fields } else { 0 };
        let seen = Seen {
            verbs: verb_bit(touch.verb) | status_bit(touch.verb, status),
            written: if_granted(touch.written),
            asked: if_granted(touch.asked),
        };
        self.bits()[place].add(seen);
    }

    /// Nothing was touched.
    pub(crate) fn clear(&self) {
        let bits = self.0.get().map(AsRef::as_ref).unwrap_or_default();
        for bits in bits {
            bits.take();
        }
    }

    /// Hands what was touched over to `other`.
    pub(crate) fn move_to(&self, other: &Self) {
        let bits = self.0.get().map(AsRef::as_ref).unwrap_or_default();
        for (place, bits) in bits.iter().enumerate() {
            other.bits()[place].add(bits.take());
        }
    }

    /// What was touched of each resource, added to `seen`.
    pub(super) fn add_to(&self, seen: &mut [Seen]) {
        let bits = self.0.get().map(AsRef::as_ref).unwrap_or_default();
        for (seen, bits) in seen.iter_mut().zip(bits) {
            seen.verbs |= bits.verbs.load(Ordering::Relaxed);
            seen.written |= bits.written.load(Ordering::Relaxed);
            seen.asked |= bits.asked.load(Ordering::Relaxed);
        }
    }

    fn bits(&self) -> &[Bits] {
        self.0
            .get_or_init(|| RESOURCES.iter().map(|_| Bits::default()).collect())
    }
}

impl Bits {
    fn add(&self, seen: Seen) {
        for (bits, new) in [
            (&self.verbs, seen.verbs),
            (&self.written, seen.written),
            (&self.asked, seen.asked),
        ] {
            // Most requests touch nothing new, and then nobody's cache need know.
            if bits.load(Ordering::Relaxed) & new != new {
                bits.fetch_or(new, Ordering::Relaxed);
            }
        }
    }

    fn take(&self) -> Seen {
        Seen {
            verbs: self.verbs.swap(0, Ordering::Relaxed),
            written: self.written.swap(0, Ordering::Relaxed),
            asked: self.asked.swap(0, Ordering::Relaxed),
        }
    }
}

impl Seen {
    pub(super) fn has_verb(self, verb: Verb) -> bool {
        self.verbs & verb_bit(verb) != 0
    }

    pub(super) fn has_status(self, verb: Verb, status: u16) -> bool {
        self.verbs & status_bit(verb, status) != 0
    }
}

const fn verb_bit(verb: Verb) -> u64 {
    bit(3 * verb as usize)
}

/// None for a status that the verb does not offer.
fn status_bit(verb: Verb, status: u16) -> u64 {
    let place = statuses(verb).iter().position(|offered| *offered == status);
    place.map_or(0, |place| verb_bit(verb) << (place + 1))
}
