//! Recognizes the names of secrets: of fields, members, attributes, parameters and headers.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use parking_lot::RwLock;

use crate::{resources::writable_fields, schema::Catalogue};

/// The replacement for a secret.
pub(crate) const MASK: &str = "[redacted]";

/// A name that contains one of these words is that of a secret. A plural and trailing digits make no difference.
const WORDS: [&str; 24] = [
    "apikey",
    "auth",
    "authorization",
    "bearer",
    "cookie",
    "credential",
    "creds",
    "csrf",
    "jwt",
    "key",
    "otp",
    "pass",
    "passwd",
    "password",
    "pin",
    "pw",
    "pwd",
    "secret",
    "session",
    "sid",
    "sig",
    "signature",
    "token",
    "xsrf",
];
/// Words that name a secret before `code`, as in `AccessCode`.
const CODES: [&str; 6] = [
    "access",
    "invite",
    "recovery",
    "reset",
    "security",
    "verification",
];
/// The same for names whose words are not separated, such as `servicepassword`, also with a spelling mistake.
const PARTS: [&str; 16] = [
    "accesscode",
    "accesskey",
    "apikey",
    "authcode",
    "authkey",
    "authorization",
    "cookie",
    "credential",
    "jwt",
    "passcode",
    "passphrase",
    "passw",
    "pasw",
    "privatekey",
    "secret",
    "sessionid",
];
/// The maximum length of a field's name that is looked up without an allocation.
const MAX_FIELD: usize = 64;
const ENDINGS: [&str; 3] = ["pin", "pwd", "token"];

/// The fields of the embedded resources that a request can write, by their names in lower case; `true` if a field is a
/// secret.
static FIELDS: LazyLock<BTreeMap<String, bool>> = LazyLock::new(writable_fields);

/// The names of the secret fields that users describe, in lower case. The log and the errors of the command line belong to no
/// server, so a name that is a secret for one server of the process is hidden by all.
static SECRETS: RwLock<BTreeSet<String>> = RwLock::new(BTreeSet::new());

/// Adds the secrets of a catalogue, those of other releases as well.
pub(crate) fn add_secrets(catalogue: &Catalogue) {
    let mut secrets = catalogue.secrets().peekable();
    if secrets.peek().is_some() {
        let mut known = SECRETS.write();
        known.extend(secrets.map(str::to_lowercase));
    }
}

/// Checks a name, with or without a namespace prefix. The embedded descriptions decide about the fields that a request can
/// write, and the descriptions of users add secrets; the words of a name decide about all other names.
pub(crate) fn is_secret(name: &str) -> bool {
    let local = name.rsplit(':').next().unwrap_or(name);
    let mut buffer = [0; MAX_FIELD];
    // Most names are those of fields.
    if let Some(is_secret) = in_lower_case(local, &mut buffer).and_then(is_secret_field) {
        return is_secret;
    }
    let joined: String = local.chars().filter(|c| c.is_alphanumeric()).collect();
    let joined = joined.to_lowercase();
    if let Some(is_secret) = is_secret_field(&joined) {
        return is_secret;
    }
    let words = words(local);
    words.iter().any(|word| WORDS.contains(&singular(word)))
        || words
            .windows(2)
            .any(|pair| CODES.contains(&&*pair[0]) && pair[1] == "code")
        || joined == "code"
        || PARTS.iter().any(|part| joined.contains(part))
        || ENDINGS
            .iter()
            .any(|ending| singular(&joined).ends_with(ending))
}

/// True if the field with this name in lower case is a secret; `None` if there is none.
fn is_secret_field(name: &str) -> Option<bool> {
    if SECRETS.read().contains(name) {
        return Some(true);
    }
    FIELDS.get(name).copied()
}

/// Writes a short name of ASCII letters and digits in lower case.
fn in_lower_case<'b>(name: &str, buffer: &'b mut [u8; MAX_FIELD]) -> Option<&'b str> {
    let buffer = buffer.get_mut(..name.len())?;
    for (byte, lower) in name.bytes().zip(buffer.iter_mut()) {
        if !byte.is_ascii_alphanumeric() {
            return None;
        }
        *lower = byte.to_ascii_lowercase();
    }
    str::from_utf8(buffer).ok()
}

/// Splits a name such as `X-CSRFToken` or `access_code` into words in lower case, without digits.
fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (index, letter) in letters.iter().enumerate() {
        let follows_lower = index > 0 && letters[index - 1].is_lowercase();
        let precedes_lower = letters
            .get(index + 1)
            .is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (follows_lower || precedes_lower) || !letter.is_alphabetic() {
            words.push(String::new());
        }
        if letter.is_alphabetic() {
            let word = words.last_mut().expect("there is a word");
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Returns a word without the `s` of a plural.
fn singular(word: &str) -> &str {
    let word = word.trim_end_matches(|c: char| c.is_numeric());
    let singular = word.strip_suffix('s').unwrap_or(word);
    if WORDS.contains(&word) {
        word
    } else {
        singular
    }
}
