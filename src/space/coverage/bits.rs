//! The coverage of a space as bits: one for each verb, status and field.

use std::{
    ptr,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    hit::{CoverageHit, bit},
    offer::statuses,
};
use crate::{resources::RESOURCES, schema::Verb};

/// The coverage of a space. The first hit allocates; no lock is taken.
#[derive(Debug, Default)]
pub(crate) struct CoverageBits(OnceLock<Box<[AtomicResourceBits]>>);

/// The coverage of one resource.
#[derive(Debug, Default)]
struct AtomicResourceBits {
    /// Three bits per verb: the verb, and its two statuses.
    verbs: AtomicU64,
    /// One bit per field position.
    written: AtomicU64,
    /// One bit per field position.
    asked: AtomicU64,
}

/// The coverage of one resource at one moment, as in [`AtomicResourceBits`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ResourceBits {
    pub(super) verbs: u64,
    pub(super) written: u64,
    pub(super) asked: u64,
}

impl CoverageBits {
    /// Records a request that got `status`. Fields count only if it succeeded.
    pub(crate) fn record(&self, hit: &CoverageHit, status: u16) {
        let mut resources = RESOURCES.iter();
        let Some(position) = resources.position(|resource| ptr::eq(*resource, hit.resource)) else {
            return;
        };
        let is_success = (200..300).contains(&status);
        let if_success = |fields| if is_success { fields } else { 0 };
        let bits = ResourceBits {
            verbs: verb_bit(hit.verb) | status_bit(hit.verb, status),
            written: if_success(hit.written),
            asked: if_success(hit.asked),
        };
        self.bits()[position].add(bits);
    }

    /// Clears all bits.
    pub(crate) fn clear(&self) {
        for bits in self.recorded() {
            bits.take();
        }
    }

    /// Moves all bits to `other`.
    pub(crate) fn move_to(&self, other: &Self) {
        for (position, bits) in self.recorded().iter().enumerate() {
            other.bits()[position].add(bits.take());
        }
    }

    /// Adds the bits of each resource to `totals`.
    pub(super) fn add_to(&self, totals: &mut [ResourceBits]) {
        for (total, bits) in totals.iter_mut().zip(self.recorded()) {
            total.verbs |= bits.verbs.load(Ordering::Relaxed);
            total.written |= bits.written.load(Ordering::Relaxed);
            total.asked |= bits.asked.load(Ordering::Relaxed);
        }
    }

    /// Returns the bits of each resource, or none before the first hit.
    fn recorded(&self) -> &[AtomicResourceBits] {
        self.0.get().map(AsRef::as_ref).unwrap_or_default()
    }

    fn bits(&self) -> &[AtomicResourceBits] {
        self.0.get_or_init(|| {
            RESOURCES
                .iter()
                .map(|_| AtomicResourceBits::default())
                .collect()
        })
    }
}

impl AtomicResourceBits {
    fn add(&self, bits: ResourceBits) {
        for (bits, new) in [
            (&self.verbs, bits.verbs),
            (&self.written, bits.written),
            (&self.asked, bits.asked),
        ] {
            // Most requests add nothing new. Not writing then keeps the cache line shared between cores.
            if bits.load(Ordering::Relaxed) & new != new {
                bits.fetch_or(new, Ordering::Relaxed);
            }
        }
    }

    fn take(&self) -> ResourceBits {
        ResourceBits {
            verbs: self.verbs.swap(0, Ordering::Relaxed),
            written: self.written.swap(0, Ordering::Relaxed),
            asked: self.asked.swap(0, Ordering::Relaxed),
        }
    }
}

impl ResourceBits {
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

/// Returns the bit of a status, or 0 if the verb does not offer it.
fn status_bit(verb: Verb, status: u16) -> u64 {
    let position = statuses(verb).iter().position(|offered| *offered == status);
    position.map_or(0, |position| verb_bit(verb) << (position + 1))
}
