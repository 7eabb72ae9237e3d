//! Several values in one environment variable, separated by commas.

/// Splits a text at its commas, and leaves out empty values. `\,` is a comma in a value. Before a comma, `\\` is a
/// backslash; elsewhere a backslash has no meaning, so that paths of Windows need no change.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut backslashes: usize = 0;
    for letter in text.chars() {
        let value = values.last_mut().expect("there is always a last value");
        if letter == ',' {
            value.truncate(value.len() - backslashes.div_ceil(2));
            if backslashes % 2 == 1 {
                value.push(letter);
            } else {
                values.push(String::new());
            }
        } else {
            value.push(letter);
        }
        backslashes = if letter == '\\' { backslashes + 1 } else { 0 };
    }
    values.retain(|value| !value.is_empty());
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backslash_before_a_comma_makes_it_a_part_of_the_value() {
        for (text, expected) in [
            ("a", &["a"][..]),
            ("a,b", &["a", "b"]),
            (",a,,b,", &["a", "b"]),
            ("", &[]),
            (r"admin:a\,b:c", &["admin:a,b:c"]),
            (r"a\,,\,b", &["a,", ",b"]),
            (r"a\\,b", &[r"a\", "b"]),
            (r"a\\\,b", &[r"a\,b"]),
            (r"a\\\\,b", &[r"a\\", "b"]),
            (r"C:\a\b,\\host\c\", &[r"C:\a\b", r"\\host\c\"]),
        ] {
            assert_eq!(split(text), expected, "{text}");
        }
    }
}
