//! Media types, such as the value of `Content-Type`.

use mime::Mime;

/// Parses a media type with its parameters, in lower case. Blanks around semicolons and a trailing semicolon are common.
pub(crate) fn media_type(text: &str) -> Option<Mime> {
    let parts: Vec<_> = unquoted_split(text, ';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(";").to_ascii_lowercase().parse().ok()
}

/// Returns the character encoding that a `Content-Type` names.
pub(crate) fn charset(content_type: &[u8]) -> Option<String> {
    if !content_type.contains(&b';') {
        return None;
    }
    let media_type = media_type(&String::from_utf8_lossy(content_type))?;
    let charset = media_type.get_param(mime::CHARSET)?;
    Some(charset.as_str().to_owned())
}

/// Splits a text at the separators outside quotes.
pub(crate) fn unquoted_split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    text.split(move |c| {
        is_quoted ^= c == '"';
        c == separator && !is_quoted
    })
}
