//! Messages of a server without the values in them.

/// The characters around a value, at the beginning and at the end.
const QUOTES: [(char, char); 6] = [
    ('[', ']'),
    ('<', '>'),
    ('"', '"'),
    ('\'', '\''),
    ('`', '`'),
    ('“', '”'),
];
/// The replacement for a value.
pub(super) const ELLIPSIS: &str = "…";
/// Words with capitals that are no values.
const CAPITALS: [&str; 15] = [
    "API",
    "DELETE",
    "GET",
    "GUID",
    "HTTP",
    "ID",
    "JSON",
    "OPTIONS",
    "POST",
    "PUT",
    "Parameter",
    "URI",
    "URL",
    "Value",
    "XML",
];

/// Returns a message with `…` for everything that may be a value: texts in quotes or brackets, and all words except those
/// in lower case, those that begin a sentence, and names, by `is_name`.
pub(super) fn without_values(message: &str, is_name: &dyn Fn(&str) -> bool) -> String {
    let mut kept = String::with_capacity(message.len());
    let mut rest = message.trim();
    let mut begins_sentence = true;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() {
            kept.push(' ');
            rest = rest.trim_start();
        } else if let Some((value, after)) = quoted(rest) {
            let is_kept = value.is_empty() || is_name(value);
            kept.push(first);
            kept.push_str(if is_kept { value } else { ELLIPSIS });
            let closing = first.len_utf8() + value.len();
            kept.push_str(&rest[closing..rest.len() - after.len()]);
            rest = after;
            begins_sentence = false;
        } else {
            let end = rest[first.len_utf8()..].find(|c: char| c.is_whitespace() || is_quote(c));
            let end = end.map_or(rest.len(), |end| end + first.len_utf8());
            let (word, after) = rest.split_at(end);
            push_word(&mut kept, word, begins_sentence, is_name);
            begins_sentence = word.ends_with(['.', '!', '?']);
            rest = after;
        }
    }
    kept.replace("… …", ELLIPSIS)
}

/// A quote or a bracket that ends a word. An apostrophe is part of one.
fn is_quote(c: char) -> bool {
    c != '\'' && QUOTES.iter().any(|(opening, _)| *opening == c)
}

/// Splits a text that begins with a quote into the value and the text behind its end. A quote without an end encloses the
/// rest of the text.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let first = text.chars().next()?;
    let (_, closing) = QUOTES.iter().find(|(opening, _)| *opening == first)?;
    let inner = &text[first.len_utf8()..];
    Some(inner.split_once(*closing).unwrap_or((inner, "")))
}

fn push_word(kept: &mut String, word: &str, begins_sentence: bool, is_name: &dyn Fn(&str) -> bool) {
    const PUNCTUATION: &[char] = &['.', ',', ':', ';', '!', '?', '(', ')', '-', '='];
    let core = word.trim_matches(PUNCTUATION);
    if core.is_empty() {
        kept.push_str(word);
        return;
    }
    let at = word.find(core).unwrap_or_default();
    kept.push_str(&word[..at]);
    match core.split_once('=') {
        Some((name, _)) if is_name(name) => kept.extend([name, "=", ELLIPSIS]),
        _ if is_plain(core, begins_sentence) || is_name(core) => kept.push_str(core),
        _ => kept.push_str(ELLIPSIS),
    }
    kept.push_str(&word[at + core.len()..]);
}

/// True for a word that is no value by its form.
fn is_plain(word: &str, begins_sentence: bool) -> bool {
    let rest = match begins_sentence {
        true => word.strip_prefix(|c: char| c.is_ascii_uppercase()),
        false => None,
    };
    let is_of_word = |b: u8| b.is_ascii_lowercase() || b == b'\'' || b == b'-';
    rest.unwrap_or(word).bytes().all(is_of_word) || CAPITALS.contains(&word)
}

/// Returns a text with `…` for each of these texts, in any letter case, unless it is a part of a longer word.
pub(super) fn without_texts(text: &str, hidden: &[String], replacement: &str) -> String {
    let mut shown = text.to_owned();
    for hidden in hidden.iter().filter(|hidden| !hidden.is_empty()) {
        shown = without_text(&shown, hidden, replacement);
    }
    shown
}

fn without_text(text: &str, hidden: &str, replacement: &str) -> String {
    // The letter case of ASCII makes no difference to the places of the bytes.
    let (lower, hidden) = (text.to_ascii_lowercase(), hidden.to_ascii_lowercase());
    let mut shown = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, _) in lower.match_indices(&hidden) {
        let end = at + hidden.len();
        let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if !joins(text[..at].chars().next_back()) && !joins(text[end..].chars().next()) {
            shown.extend([&text[copied..at], replacement]);
            copied = end;
        }
    }
    shown + &text[copied..]
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn a_message_keeps_only_its_words_and_the_names_of_fields() {
        let is_name = |name: &str| ["ObjectId", "SmtpDomain", "Alias", "Tenant"].contains(&name);
        let messages = [
            "tenant - ObjectId=4ce278eb-033e-460e-a4f7-5a0cf57b3b2d",
            "Invalid parameter. Parameter = [SmtpDomain], Value = [acme.example.com]: expected a value, it is mandatory",
            "The Tenant Acme of Smith (at 10.0.0.7, extension 4711) isn't \"in use\" by jsmith@example.com, John",
            "Value = []",
            "Unclosed 'quote of Acme",
            "Straße Größe: Überall",
            "  ",
        ];
        let shown: String = messages
            .map(|message| without_values(message, &is_name) + "\n")
            .concat();
        expect![[r#"
            tenant - ObjectId=…
            Invalid parameter. Parameter = [SmtpDomain], Value = […]: expected a value, it is mandatory
            The Tenant … of … (at …, extension …) isn't "…" by …, …
            Value = []
            Unclosed '…
            …: …

        "#]]
        .assert_eq(&shown);
    }

    #[test]
    fn texts_are_hidden_as_whole_words_in_any_letter_case() {
        let hidden = [
            "acme".to_owned(),
            "cuc.example.com".to_owned(),
            String::new(),
        ];
        let shown = |text: &str| without_texts(text, &hidden, ELLIPSIS);
        assert_eq!(
            shown("the Tenant Acme, acme_pt, acmes"),
            "the Tenant …, …_pt, acmes"
        );
        assert_eq!(shown("https://CUC.example.com:8443/ü"), "https://…:8443/ü");
    }
}
