//! The substitutes of texts.

use super::{
    addresses, digit_permutation,
    keyed_hash::KeyedHash,
    notation::{is_constant, is_dialed, is_guid, split_port, split_scheme},
    vocabulary::Vocabulary,
};
use crate::store::{fold, is_blank};

/// The number of letters of a word: 42 bits. A longer word would make a SIP URI longer than an extension may be.
const LETTERS: usize = 9;
/// The number of characters that most names may have.
const MAX_NAME: usize = 64;
/// The number of characters that an extension and the name of a file may have.
const MAX_EXTENSION: usize = 40;
/// The characters around a word of a sentence.
const BEFORE: [char; 5] = ['(', '<', '"', '\'', '{'];
const BEHIND: [char; 10] = [')', '>', '"', '\'', '}', ',', ';', '!', '.', ':'];

/// The substitutes of texts, under one key.
pub(super) struct Substitutes {
    pub(super) hash: KeyedHash,
    pub(super) vocabulary: Vocabulary,
}

/// The form of a text, by which its usual length is known: a rule that does not depend on the field.
enum Form {
    Sentence,
    /// The URI of a SIP user, or the name of a file.
    Extension,
    Other,
}

/// The length of the words of a substitute.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    Complete,
    /// No word is longer than the one that it replaces, except in addresses.
    ShortOutsideAddresses,
    /// No word is longer than the one that it replaces.
    Short,
}

impl Substitutes {
    /// Returns the substitute of a text for a field with a maximum number of characters. Each word, each number and
    /// each address in it has its own substitute, and everything between them remains.
    pub(super) fn text(&self, text: &str, max: Option<usize>) -> String {
        if is_blank(text) || is_constant(text) || self.vocabulary.contains(text) {
            return text.to_owned();
        }
        let complete = self.sentence(text, Words::Complete);
        let length = complete.chars().count();
        let usual = match usual_form(text) {
            Form::Sentence if length > MAX_NAME => {
                self.sentence(text, Words::ShortOutsideAddresses)
            }
            Form::Extension if length > MAX_EXTENSION => self.sentence(text, Words::Short),
            _ => complete,
        };
        match max.is_some_and(|max| usual.chars().count() > max) {
            true => self.sentence(text, Words::Short),
            false => usual,
        }
    }

    /// Replaces each part of a text between blanks, or a number to dial as a whole.
    fn sentence(&self, text: &str, words: Words) -> String {
        if let Some(address) = addresses::substitute(&self.hash, text) {
            return address;
        }
        if is_dialed(text) {
            return self.dialed(text);
        }
        let parts = text.split_inclusive(char::is_whitespace);
        let parts = parts.map(|part| {
            let inner = part.trim_end().trim_start_matches(BEFORE);
            let inner = inner.trim_end_matches(BEHIND);
            let before = part.len() - part.trim_start_matches(BEFORE).len();
            let before = before.min(part.len() - inner.len());
            let (before, rest) = part.split_at(before);
            let (_, behind) = rest.split_at(inner.len());
            [before, &self.part(inner, words), behind].concat()
        });
        parts.collect()
    }

    /// Replaces a text without blanks: a URI, an address, or a name.
    fn part(&self, text: &str, words: Words) -> String {
        let scheme = split_scheme(text);
        let is_address = scheme.is_some() || text.contains('@');
        let words = match words {
            Words::ShortOutsideAddresses if is_address => Words::Complete,
            _ => words,
        };
        let Some((scheme, rest)) = scheme else {
            return self.address(text, false, words);
        };
        if is_dialed(rest) {
            return scheme.to_owned() + &self.dialed(rest);
        }
        let end = rest.find(['/', '?', ';']).unwrap_or(rest.len());
        let (address, rest) = rest.split_at(end);
        [
            scheme,
            &self.address(address, true, words),
            &self.names(rest, words),
        ]
        .concat()
    }

    /// Replaces the parts of an address before and behind each `@`.
    fn address(&self, text: &str, is_of_uri: bool, words: Words) -> String {
        let parts = text.split('@');
        let parts = parts.map(|part| self.host(part, is_of_uri, words));
        parts.collect::<Vec<_>>().join("@")
    }

    /// Replaces a host, which keeps its port, or a name that has the same notation.
    fn host(&self, text: &str, is_of_uri: bool, words: Words) -> String {
        if let Some(address) = addresses::substitute(&self.hash, text) {
            return address;
        }
        if let Some((host, port)) = split_port(text, is_of_uri) {
            return format!("{}:{port}", self.host(host, is_of_uri, words));
        }
        let names = self.names(text, words);
        match words == Words::Complete && names.chars().count() > MAX_NAME {
            true => self.names(text, Words::Short),
            false => names,
        }
    }

    /// Replaces each name in a text. It consists of letters, digits, hyphens and apostrophes.
    fn names(&self, text: &str, words: Words) -> String {
        let mut substitute = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(is_of_name) {
            let (before, from_start) = rest.split_at(start);
            let end = from_start
                .find(|c| !is_of_name(c))
                .unwrap_or(from_start.len());
            let (name, behind) = from_start.split_at(end);
            let is_placeholder = before.ends_with('%')
                && behind.starts_with('%')
                && name.bytes().all(|byte| byte.is_ascii_uppercase());
            substitute.push_str(before);
            match is_placeholder {
                true => substitute.push_str(name),
                false => substitute.push_str(&self.name(name, words)),
            }
            rest = behind;
        }
        substitute + rest
    }

    fn name(&self, name: &str, words: Words) -> String {
        let trimmed = name.trim_matches(['-', '\'']);
        if trimmed.is_empty() || is_guid(trimmed) {
            return name.to_owned();
        }
        if is_dialed(name) {
            return self.dialed(name);
        }
        if self.vocabulary.contains(trimmed) {
            return name.to_owned();
        }
        name.replacen(trimmed, &self.word(trimmed, words), 1)
    }

    /// Returns the substitute of a word, which consists of letters.
    fn word(&self, word: &str, words: Words) -> String {
        let mut number = self.hash.number("word", &fold(word));
        let letters = (0..LETTERS).map(|_| {
            let place = u8::try_from(number % 26).unwrap_or(0);
            number /= 26;
            char::from(b'a' + place)
        });
        let length = match words {
            Words::Complete => LETTERS,
            Words::ShortOutsideAddresses | Words::Short => word.chars().count(),
        };
        letters.take(length).collect()
    }

    /// Replaces the digits of a number to dial. Everything between them remains.
    fn dialed(&self, text: &str) -> String {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let is_kept = |digits: &str| self.vocabulary.contains(digits);
        let digits = digit_permutation::permuted(&self.hash, &digits, is_kept);
        let mut digits = digits.chars();
        let replaced = text.chars().map(|character| match character {
            '0'..='9' => digits.next().unwrap_or(character),
            _ => character,
        });
        replaced.collect()
    }
}

fn usual_form(text: &str) -> Form {
    let folded = fold(text);
    let is_extension = ["sip:", "sips:"]
        .iter()
        .any(|scheme| folded.starts_with(scheme));
    match folded.contains(char::is_whitespace) {
        true => Form::Sentence,
        false if is_extension || folded.ends_with(".wav") => Form::Extension,
        false => Form::Other,
    }
}

fn is_of_name(character: char) -> bool {
    let is_other = !character.is_ascii() && !character.is_whitespace();
    character.is_alphanumeric() || is_other || matches!(character, '-' | '\'')
}
