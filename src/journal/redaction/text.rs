//! Recognizes texts that contain secrets.

use super::names::is_secret;

/// The maximum number of encodings around each other that are resolved.
const MAX_ENCODINGS: usize = 4;

/// True if a text contains a URL with user information, or the name of a secret with a value, in any notation:
/// `pin=1`, `"pin": 1`, `<pin>1`, `pin is 1`.
///
/// The same applies to JSON with an escape that cannot be decoded, because it may be part of a name.
pub(crate) fn holds_secret(text: &str) -> bool {
    let decoded = decoded(text);
    has_user_information(&decoded) || has_named_secret(&decoded) || has_broken_escape(text)
}

fn has_broken_escape(text: &str) -> bool {
    const ESCAPES: &str = "\"\\/bfnrt";
    let text = text.replace(r"\\", "");
    text.contains('"')
        && text.match_indices('\\').any(|(at, _)| {
            let is_known = text[at + 1..].starts_with(|c| ESCAPES.contains(c));
            !is_known && numeric_escape(&text[at..]).is_none()
        })
}

/// True if a text contains a URL with user information, as in `https://name:password@host`.
pub(super) fn has_user_information(text: &str) -> bool {
    // A password may contain any character, so the end of the URL is not looked for.
    text.split_once("//")
        .is_some_and(|(_, rest)| rest.contains('@'))
}

fn has_named_secret(text: &str) -> bool {
    let mut rest = text;
    let mut is_of_tag = false;
    while let Some(start) = rest.find(is_of_name) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c| !is_of_name(c)).unwrap_or(from.len());
        let (name, after) = from.split_at(end);
        // A colon behind the prefix of a namespace does not end a tag.
        is_of_tag = before.ends_with('<') || before.ends_with("</") || before == ":" && is_of_tag;
        if (is_of_tag || begins_value(after)) && is_secret(name) {
            return true;
        }
        rest = after;
    }
    false
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// True if the text after a name separates it from a value.
fn begins_value(after: &str) -> bool {
    const QUOTES: [char; 4] = ['"', '\'', '`', ']'];
    const OPERATORS: [&str; 4] = ["is", "startswith", "isnull", "isnotnull"];
    let trimmed = after.trim_start();
    let is_apart = trimmed.len() < after.len();
    let unquoted = trimmed.trim_start_matches(QUOTES).trim_start();
    let is_quoted = unquoted.len() < trimmed.len();
    let word = trimmed.split(|c: char| !c.is_alphanumeric()).next();
    unquoted.starts_with(['=', ':', '<', '>', '{', '['])
        || is_quoted && (is_apart || unquoted.starts_with(','))
        || word.is_some_and(|word| {
            OPERATORS
                .iter()
                .any(|known| word.eq_ignore_ascii_case(known))
        })
}

/// Resolves the escapes of URLs, XML and JSON, also nested ones. Drops invisible characters, which would conceal a name.
pub(super) fn decoded(text: &str) -> String {
    let mut text = text.to_owned();
    let is_invisible = |c: &char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    for _ in 0..MAX_ENCODINGS {
        let next = decoded_once(&text);
        if next == text {
            break;
        }
        text = next;
    }
    text.retain(|c| !is_invisible(&c));
    text
}

fn decoded_once(text: &str) -> String {
    const ENTITIES: [(&str, char); 5] = [
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&amp;", '&'),
        ("&quot;", '"'),
        ("&apos;", '\''),
    ];
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['%', '&', '\\', '\0']) {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity));
        let (letter, length) = match entity {
            Some((entity, letter)) => (Some(*letter), entity.len()),
            None => numeric_escape(rest).unwrap_or_else(|| {
                let letter = rest.chars().next().filter(|c| matches!(c, '%' | '&'));
                (letter, 1)
            }),
        };
        decoded.extend(letter);
        rest = &rest[length..];
    }
    decoded + rest
}

/// Resolves `%70`, `\u0070`, `&#112;` or `&#x70;` at the beginning of a text. Returns the letter and the length of the
/// escape. Half of a surrogate pair is no letter.
fn numeric_escape(text: &str) -> Option<(Option<char>, usize)> {
    let (skip, length, radix) = match text.as_bytes() {
        [b'%', ..] => (1, 2, 16),
        [b'\\', b'u' | b'U', ..] => (2, 4, 16),
        [b'\\', b'x' | b'X', ..] => (2, 2, 16),
        [b'&', b'#', b'x' | b'X', ..] => (3, text[3..].find(';')?, 16),
        [b'&', b'#', ..] => (2, text[2..].find(';')?, 10),
        _ => return None,
    };
    let digits = text.get(skip..skip + length)?;
    let code = u32::from_str_radix(digits, radix).ok()?;
    let closing = usize::from(text.starts_with('&'));
    Some((char::from_u32(code), skip + length + closing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_value_is_found_in_each_notation_and_encoding() {
        for text in [
            "pin=1",
            "Pin : 1",
            "<Pin>1</Pin>",
            "<a:pin x='1'/>",
            r#"{"pin":1}"#,
            "{'pin': 1}",
            r#"["pin","1"]"#,
            "[<PinCode>1</PinCode>]",
            "(Pin is 1)",
            "(pin STARTSWITH 1)",
            "%70in=1",
            "%2570in%253D1",
            "&lt;pin&gt;1",
            "&#x70;in=1",
            "&#112;in=1",
            r#"{\"p\\u0069n\":1}"#,
            r#"{"Pas\ud800sword":1}"#,
            "Bearer=x",
            "a; password=x",
            "p\0i\0n\0=\0",
            "https://user:x@host/",
            "//x@host",
            "see https%3A%2F%2Fu:p%40host",
        ] {
            assert!(holds_secret(text), "{text}");
        }
        for text in [
            "",
            "Shipping Pin",
            "Pin",
            "(DisplayName startswith Pin)",
            "R&D pin",
            "[shopping]",
            "(Pin asc)",
            "bob@example.com",
            "https://host/vmrest/users/1/credential/pin",
            "100%",
            "application/json; q=0.5",
            r"DOM\user",
            "mapping: x",
        ] {
            assert!(!holds_secret(text), "{text}");
        }
    }
}
