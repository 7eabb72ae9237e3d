//! Shortening the long texts of a line in JSON.

/// The length of a line, in bytes, up to which it is complete.
const MAX_LINE_LENGTH: usize = 8 * 1024;
/// The maximum length of a text in a longer line, in bytes.
const MAX_TEXT_LENGTH: usize = 2 * 1024;

/// Shortens each long text of a long line in JSON. An ellipsis marks the place.
pub(super) fn shorten_texts(line: &str) -> String {
    if line.len() <= MAX_LINE_LENGTH {
        return line.to_owned();
    }
    let mut shortened = String::new();
    // The length of the text up to here; `None` outside texts.
    let mut length: Option<usize> = None;
    let mut rest = line;
    while let Some((unit, after)) = split_unit(rest) {
        rest = after;
        match &mut length {
            _ if unit == "\"" => {
                if length.is_some_and(|length| length > MAX_TEXT_LENGTH) {
                    shortened.push('…');
                }
                length = length.xor(Some(0));
                shortened.push_str(unit);
            }
            Some(length) => {
                *length += unit.len();
                if *length <= MAX_TEXT_LENGTH {
                    shortened.push_str(unit);
                }
            }
            None => shortened.push_str(unit),
        }
    }
    shortened
}

/// Splits a character or an escape sequence from the beginning of a text.
fn split_unit(text: &str) -> Option<(&str, &str)> {
    let first = text.chars().next()?;
    let length = match first {
        '\\' if text[1..].starts_with('u') => 6,
        '\\' => 2,
        _ => first.len_utf8(),
    };
    text.split_at_checked(length).or(Some((text, "")))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn long_texts_are_shortened_and_the_line_stays_json() {
        for (unit, kept) in [
            ("a", 2048),
            ("é", 1024),
            ("\"", 1024),
            ("\\", 1024),
            ("\u{1}", 341),
        ] {
            let line = json!({ "a": unit.repeat(9_000), "b": [1, "x\"y"], "c": "end" }).to_string();
            let shortened: Value = serde_json::from_str(&shorten_texts(&line)).expect("JSON");
            let text = format!("{}…", unit.repeat(kept));
            assert_eq!(
                shortened,
                json!({ "a": text, "b": [1, "x\"y"], "c": "end" })
            );
        }
    }

    #[test]
    fn a_short_line_is_complete() {
        let line = json!({ "a": "a".repeat(8_000) }).to_string();
        assert_eq!(shorten_texts(&line), line);
    }
}
