//! Random streams, drawn from one seed.

use std::hash::{BuildHasher, RandomState};

use uuid::{Builder, Uuid};

/// A random stream for one purpose. A draw depends only on the seed, the space, the purpose and its own ordinal, so that
/// no stream shifts another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RandomStream {
    namespace: Uuid,
}

impl RandomStream {
    pub(crate) fn new(seed: u64, space: &str, purpose: &str) -> Self {
        let name = format!("{seed}/{space}/{purpose}");
        Self {
            namespace: Uuid::new_v5(&Uuid::nil(), name.as_bytes()),
        }
    }

    /// Returns the draw with this ordinal.
    pub(crate) fn draw(&self, ordinal: u64) -> [u8; 16] {
        Uuid::new_v5(&self.namespace, &ordinal.to_be_bytes()).into_bytes()
    }

    /// Returns the same draw as an id.
    pub(crate) fn guid(&self, ordinal: u64) -> Uuid {
        Builder::from_random_bytes(self.draw(ordinal)).into_uuid()
    }
}

/// Draws a random seed. It has 64 bits, so that no value of a [`RandomStream`], such as a cookie, reveals it.
#[expect(clippy::disallowed_methods, reason = "this is where the seed is drawn")]
pub(crate) fn fresh_seed() -> u64 {
    // Unlike other sources of randomness, this one needs no /dev/urandom, which a minimal container lacks.
    RandomState::new().hash_one(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_of_a_drawn_seed_is_random() {
        let seeds = [(); 128].map(|()| fresh_seed());
        let (ones, zeros) = seeds
            .iter()
            .fold((0, 0), |(ones, zeros), seed| (ones | seed, zeros | !seed));
        assert_eq!((ones, zeros), (u64::MAX, u64::MAX));
    }
}
