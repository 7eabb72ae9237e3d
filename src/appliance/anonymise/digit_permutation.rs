//! A keyed permutation of the digit strings of each length.

use super::keyed_hash::KeyedHash;

/// An even number of rounds, after which a half has its former length again.
const ROUNDS: usize = 10;
/// The maximum number of digits that are permuted together: a half is a number of 64 bits.
const MAX_DIGITS: usize = 36;

/// Returns the substitute of a string of ASCII digits: another one of the same length. Different strings have different
/// substitutes. A string that `is_kept` is its own substitute. Of several digits, the first one is 0 in the substitute
/// if it is 0 in the string, so that a number stays one.
pub(super) fn permuted(
    hash: &KeyedHash,
    digits: &str,
    is_kept: impl Fn(&str) -> bool + Copy,
) -> String {
    if digits.is_empty() || is_kept(digits) {
        return digits.to_owned();
    }
    if let Some((first, rest)) = digits.split_at_checked(MAX_DIGITS)
        && !rest.is_empty()
    {
        return permuted(hash, first, is_kept) + &permuted(hash, rest, is_kept);
    }
    // The permutation leads from a string back to itself, so the walk ends there at the latest.
    let mut substitute = permuted_once(hash, digits);
    while is_kept(&substitute) || begins_with_zero(&substitute) != begins_with_zero(digits) {
        substitute = permuted_once(hash, &substitute);
    }
    substitute
}

fn begins_with_zero(digits: &str) -> bool {
    digits.len() > 1 && digits.starts_with('0')
}

/// Permutes the strings of one length by a Feistel network over decimal digits, and the ten digits by their order in
/// the hash.
fn permuted_once(hash: &KeyedHash, digits: &str) -> String {
    if digits.len() == 1 {
        let mut order: Vec<_> = (0..10).map(|digit: u8| digit.to_string()).collect();
        order.sort_by_key(|digit| hash.number("digit", digit));
        let place = digits.parse().unwrap_or(0);
        return order.swap_remove(place);
    }
    let (left, right) = digits.split_at(digits.len() / 2);
    let (mut left, mut right) = (left.to_owned(), right.to_owned());
    for round in 0..ROUNDS {
        let purpose = format!("digits {} {round}", digits.len());
        let sum = sum(&left, hash.number(&purpose, &right));
        left = right;
        right = sum;
    }
    left + &right
}

/// Adds a number to a string of digits, which keeps its length.
fn sum(digits: &str, number: u128) -> String {
    let length = digits.len();
    let count = 10_u128.pow(u32::try_from(length).unwrap_or(0));
    let value: u128 = digits.parse().unwrap_or(0);
    let sum = (value + number % count) % count;
    format!("{sum:0length$}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_substitutes_of_all_strings_of_a_length_are_all_strings_of_the_length() {
        let hash = KeyedHash::new(b"key");
        let kept = ["7", "42", "007", "99990"];
        for length in 1..=5 {
            let strings = (0..10_u32.pow(length)).map(|number| {
                let length = length as usize;
                format!("{number:0length$}")
            });
            let mut substitutes = BTreeSet::new();
            let mut same = 0;
            for digits in strings {
                let substitute = permuted(&hash, &digits, |digits| kept.contains(&digits));
                assert_eq!(substitute.len(), digits.len());
                assert_eq!(begins_with_zero(&substitute), begins_with_zero(&digits));
                assert!(!kept.contains(&&*digits) || substitute == digits);
                same += usize::from(substitute == digits);
                assert!(substitutes.insert(substitute), "{digits}");
            }
            assert_eq!(substitutes.len(), 10_usize.pow(length));
            assert!(same < 10, "{same} strings of {length} digits are kept");
        }
    }

    #[test]
    fn long_strings_keep_their_length_and_depend_on_the_key() {
        for length in [6, 35, 36, 37, 100] {
            let digits = "1".repeat(length);
            let substitute = permuted(&KeyedHash::new(b"key"), &digits, |_| false);
            assert_eq!(substitute.len(), length);
            assert!(substitute.bytes().all(|byte| byte.is_ascii_digit()));
            assert_ne!(substitute, digits);
            assert_ne!(
                permuted(&KeyedHash::new(b"other"), &digits, |_| false),
                substitute
            );
        }
    }
}
