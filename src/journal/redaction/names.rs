//! The names of secrets, and where they stand in a text that nobody could decode.

use std::sync::LazyLock;

use crate::{resources::RESOURCES, schema::Access};

/// What the name of a secret ends with, without regard to case.
const ENDINGS: [&str; 2] = ["password", "pin"];

/// The secret fields of all resources, in lower case, whose names do not tell.
static FIELDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let fields = RESOURCES.iter().flat_map(|resource| resource.fields);
    let secrets = fields.filter(|field| field.access == Access::Secret);
    let names = secrets.map(|field| field.name.to_lowercase());
    names.filter(|name| !ends_as_secret(name)).collect()
});

/// Whether what has this name, of a namespace or not, is a secret.
pub(super) fn is_secret(name: &str) -> bool {
    let local = name.rsplit(':').next().unwrap_or(name).to_lowercase();
    ends_as_secret(&local) || FIELDS.contains(&local)
}

fn ends_as_secret(name: &str) -> bool {
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// From where on a text is hidden that could not be decoded: behind the first secret's name, wherever it stands,
/// even inside of a longer word. Where only the closing tag has that name, from the tag before it.
pub(super) fn hidden_from(text: &[u8]) -> Option<usize> {
    let letters = letters(text);
    let fields = FIELDS.iter().map(String::as_str);
    let (start, end) = ENDINGS
        .into_iter()
        .chain(fields)
        .filter_map(|name| Some((find(&letters, name)?, name.len())))
        .map(|(start, length)| (start, start + length))
        .min_by_key(|(_, end)| *end)?;
    let word =
        |letter: &Letter| letter.shown.is_ascii_alphanumeric() || b"_-.:".contains(&letter.shown);
    let before = letters[..start].iter().rposition(|letter| !word(letter));
    let tag = before.filter(|&slash| slash > 0 && is_at(&letters, slash - 1, b"</"));
    let opening = tag.and_then(|slash| {
        letters[..slash - 1]
            .iter()
            .rposition(|letter| letter.shown == b'<')
    });
    Some(opening.map_or(letters[end - 1].end, |opening| letters[opening].end - 1))
}

/// From where on a query string is hidden: behind the first word that is a secret's name.
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

/// One letter of a text, in lower case, however it is written.
struct Letter {
    shown: u8,
    /// Where it ends in the text.
    end: usize,
}

/// The letters of a text in any encoding that has ASCII in it, also two and four bytes wide, and with the escapes
/// of JSON, URLs and XML resolved.
fn letters(text: &[u8]) -> Vec<Letter> {
    let wide = text.iter().enumerate().filter(|(_, byte)| **byte != 0);
    let (bytes, ends): (Vec<u8>, Vec<usize>) = wide.map(|(at, byte)| (*byte, at + 1)).unzip();
    let mut letters = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let (shown, length) = escaped(&bytes[at..]).unwrap_or((bytes[at], 1));
        at += length;
        letters.push(Letter {
            shown: shown.to_ascii_lowercase(),
            end: ends[at - 1],
        });
    }
    letters
}

/// The letter that an escape at the beginning of `text` stands for, and how long the escape is.
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
    // What is not ASCII is part of no name.
    Some((
        u8::try_from(letter).unwrap_or(u8::MAX),
        skip + length + closed,
    ))
}

/// How many digits stand before the end of a reference.
fn reference(text: &[u8]) -> Option<usize> {
    const LONGEST: usize = 32;
    text.iter().take(LONGEST).position(|&byte| byte == b';')
}

fn find(letters: &[Letter], name: &str) -> Option<usize> {
    (0..letters.len()).find(|&at| is_at(letters, at, name.as_bytes()))
}

fn is_at(letters: &[Letter], at: usize, text: &[u8]) -> bool {
    let Some(part) = letters.get(at..at + text.len()) else {
        return false;
    };
    part.iter()
        .map(|letter| letter.shown)
        .eq(text.iter().copied())
}
