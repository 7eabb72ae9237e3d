//! Recognizes the names of secrets.

use std::sync::LazyLock;

use crate::{resources::RESOURCES, schema::Access};

/// The endings of secret names, in any letter case.
const ENDINGS: [&str; 2] = ["password", "pin"];

/// The secret fields of all resources, in lower case, without those that have one of the [`ENDINGS`].
static FIELDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let fields = RESOURCES.iter().flat_map(|resource| resource.fields);
    let secrets = fields.filter(|field| field.access == Access::Secret);
    let names = secrets.map(|field| field.name.to_lowercase());
    names.filter(|name| !has_secret_ending(name)).collect()
});

/// Checks a name, with or without a namespace prefix.
pub(super) fn is_secret(name: &str) -> bool {
    let local = name.rsplit(':').next().unwrap_or(name).to_lowercase();
    has_secret_ending(&local) || FIELDS.contains(&local)
}

fn has_secret_ending(name: &str) -> bool {
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Returns the place from which a text without structure must be hidden: like [`hidden_from_markup`], but a broken
/// escape in a string of JSON hides the rest as well, because it may be part of a name.
pub(super) fn hidden_from(text: &[u8]) -> Option<usize> {
    let places = [hidden_from_markup(text), broken_escape(text)];
    places.into_iter().flatten().min()
}

/// Returns the place from which markup must be hidden: the end of the first name of a secret, which may be part of a
/// longer word. A name in an end tag without a start tag hides all of the markup, because the start tag may be misspelt.
pub(super) fn hidden_from_markup(text: &[u8]) -> Option<usize> {
    let letters = letters(text);
    let shown: Vec<u8> = letters.iter().map(|letter| letter.shown).collect();
    let end = end_of_name(&shown)?;
    Some(if has_stray_end_tag(&shown) {
        0
    } else {
        letters[end - 1].end
    })
}

/// Finds the first name of a secret, in lower case; returns its end.
fn end_of_name(text: &[u8]) -> Option<usize> {
    let fields = FIELDS.iter().map(String::as_str);
    let ends = ENDINGS.into_iter().chain(fields).filter_map(|name| {
        let mut words = text.windows(name.len());
        Some(words.position(|word| word == name.as_bytes())? + name.len())
    });
    ends.min()
}

/// Checks for an end tag with the name of a secret and without a start tag.
fn has_stray_end_tag(text: &[u8]) -> bool {
    let mut open = Vec::new();
    for part in text.split(|&letter| letter == b'<').skip(1) {
        let tag = part.split(|&letter| letter == b'>').next();
        let tag = tag.unwrap_or(part).trim_ascii();
        if let Some(name) = tag.strip_prefix(b"/").map(<[u8]>::trim_ascii) {
            if end_of_name(name).is_some() {
                match open.iter().rposition(|tag: &&[u8]| tag.starts_with(name)) {
                    Some(start) => open.truncate(start),
                    None => return true,
                }
            }
        } else if !tag.ends_with(b"/") {
            open.push(tag);
        }
    }
    false
}

/// Finds an escape that cannot be decoded in a text with strings of JSON.
fn broken_escape(text: &[u8]) -> Option<usize> {
    let mut at = text.iter().position(|&byte| byte == b'"')?;
    loop {
        at += text[at..].iter().position(|&byte| byte == b'\\')?;
        let Some(length) = escape_length(&text[at..]) else {
            return Some(at);
        };
        at += length;
    }
}

/// Returns the length of the escape at the beginning of `text`: of a letter, a code unit, or a surrogate pair.
fn escape_length(text: &[u8]) -> Option<usize> {
    // The string may hold a document whose escapes count too.
    let nested = text.strip_prefix(br"\\u").and_then(|rest| rest.get(..4));
    if nested.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
        return Some(1);
    }
    [2, 6, 12].into_iter().find(|length| {
        let string = text
            .get(..*length)
            .map(|escape| [b"\"", escape, b"\""].concat());
        string.is_some_and(|string| serde_json::from_slice::<String>(&string).is_ok())
    })
}

/// Returns the place from which a query string must be hidden: the end of the first word that is the name of a secret.
pub(super) fn hidden_from_word(query: &str) -> Option<usize> {
    let letters = letters(query.as_bytes());
    let words = letters.split_inclusive(|letter| !is_of_word(letter.shown));
    words
        .filter_map(|word| {
            let word = match word.split_last() {
                Some((last, word)) if !is_of_word(last.shown) => word,
                _ => word,
            };
            let name: Vec<u8> = word.iter().map(|letter| letter.shown).collect();
            let is_name = is_secret(&String::from_utf8_lossy(&name));
            word.last().filter(|_| is_name).map(|last| last.end)
        })
        .next()
}

fn is_of_word(letter: u8) -> bool {
    letter.is_ascii_alphanumeric() || letter == b'_' || !letter.is_ascii()
}

/// One letter of a text, in lower case, without its escape.
struct Letter {
    shown: u8,
    /// The end of the letter in the text.
    end: usize,
}

/// Returns the letters of a text in any encoding that contains ASCII, including those of two and four bytes, with the
/// escapes of JSON, URLs and XML resolved.
fn letters(text: &[u8]) -> Vec<Letter> {
    let wide = text.iter().enumerate().filter(|(_, byte)| **byte != 0);
    let (bytes, ends): (Vec<u8>, Vec<usize>) = wide.map(|(at, byte)| (*byte, at + 1)).unzip();
    let mut letters = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let (shown, length) = escaped(&bytes[at..]).unwrap_or((bytes[at], 1));
        at += length;
        // Each level of nested strings doubles the backslashes.
        if shown == b'\\' {
            continue;
        }
        letters.push(Letter {
            shown: shown.to_ascii_lowercase(),
            end: ends[at - 1],
        });
    }
    letters
}

/// Resolves an escape at the beginning of `text`; returns the letter and the length of the escape.
fn escaped(text: &[u8]) -> Option<(u8, usize)> {
    let (skip, length, radix) = match text {
        [b'\\', b'u', ..] => (2, 4, 16),
        [b'%', ..] => (1, 2, 16),
        [b'&', b'#', b'x' | b'X', rest @ ..] => (3, reference(rest)?, 16),
        [b'&', b'#', rest @ ..] => (2, reference(rest)?, 10),
        _ => return None,
    };
    let digits = std::str::from_utf8(text.get(skip..skip + length)?).ok()?;
    let letter = u32::from_str_radix(digits, radix).ok()?;
    let closed = usize::from(text[0] == b'&');
    // Other letters than ASCII are part of no name.
    Some((
        u8::try_from(letter).unwrap_or(u8::MAX),
        skip + length + closed,
    ))
}

/// Returns the number of digits in a character reference.
fn reference(text: &[u8]) -> Option<usize> {
    const MAX_DIGITS: usize = 32;
    text.iter().take(MAX_DIGITS).position(|&byte| byte == b';')
}
