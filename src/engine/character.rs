//! Characters that a reader of a message cannot see.

/// Returns the first invisible character of a text: a space other than the usual one, or one without a width.
pub(super) fn invisible(text: &str) -> Option<char> {
    text.chars().find(|c| is_invisible(*c))
}

/// True for a character that a reader of a message cannot see or recognize, such as a no-break space.
pub(super) fn is_invisible(c: char) -> bool {
    let is_escaped = c.escape_debug().nth(1).is_some();
    is_escaped && !matches!(c, '"' | '\'' | '\\')
}

/// Returns the name of a character, such as `U+00A0`.
pub(super) fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}
