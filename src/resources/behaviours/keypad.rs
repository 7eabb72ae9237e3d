//! The digits of a telephone's keypad.

/// The digit of each letter, from A to Z.
const DIGITS: &[u8; 26] = b"22233344455566677778889999";

/// Returns the digits by which a caller spells a text: those of its letters, and the digits that it contains.
pub(crate) fn digits(text: &str) -> String {
    let digits = text.chars().filter_map(|character| {
        if character.is_ascii_digit() {
            return Some(character);
        }
        let letter = character.to_ascii_uppercase();
        let place = u32::from(letter).checked_sub(u32::from('A'))?;
        let digit = DIGITS.get(usize::try_from(place).ok()?)?;
        Some(char::from(*digit))
    });
    digits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_have_the_digits_of_their_keys() {
        assert_eq!(digits("Brian"), "27426");
        assert_eq!(digits("jsdghj"), "573445");
        assert_eq!(digits("djghfjk"), "3544355");
        assert_eq!(digits("All Voicemail-Enabled"), "2558642362453622533");
        assert_eq!(digits("Ünit 7"), "6487");
    }
}
