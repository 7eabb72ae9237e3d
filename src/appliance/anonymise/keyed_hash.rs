//! Numbers that follow from a key and a text.

use ring::hmac;

/// A keyed hash. Without the key, its numbers reveal nothing about the texts.
pub(super) struct KeyedHash(hmac::Key);

impl KeyedHash {
    pub(super) fn new(key: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// Returns the number of a text. The numbers for one purpose are independent of those for another one.
    pub(super) fn number(&self, purpose: &str, text: &str) -> u128 {
        let mut context = hmac::Context::with_key(&self.0);
        for part in [purpose, "\0", text] {
            context.update(part.as_bytes());
        }
        let tag = context.sign();
        let bytes = tag.as_ref().iter().take(size_of::<u128>());
        bytes.fold(0, |number, byte| number << 8 | u128::from(*byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_depends_on_the_key_the_purpose_and_the_text() {
        let number = KeyedHash::new(b"key").number("word", "jdoe");
        assert_eq!(KeyedHash::new(b"key").number("word", "jdoe"), number);
        assert_ne!(KeyedHash::new(b"kez").number("word", "jdoe"), number);
        assert_ne!(KeyedHash::new(b"key").number("host", "jdoe"), number);
        assert_ne!(KeyedHash::new(b"key").number("word", "jdof"), number);
        // HMAC-SHA256 of "word\0jdoe".
        assert_eq!(number, 0xa5be_dbcc_c204_f959_53a6_5d46_6668_b3f5);
    }
}
