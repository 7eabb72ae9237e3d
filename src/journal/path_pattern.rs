//! Path patterns: `*` matches any characters but a slash, `**` any characters at all.

use std::borrow::Cow;

/// Completes a path that is relative to `/vmrest/`.
pub(super) fn absolute(path: &str) -> String {
    let absolute = if path.starts_with(['/', '*']) {
        Cow::Borrowed(path)
    } else {
        Cow::Owned(format!("/vmrest/{path}"))
    };
    without_trailing_slash(&absolute).to_owned()
}

/// Removes the slashes at the end of a path: they do not change its meaning.
pub(super) fn without_trailing_slash(path: &str) -> &str {
    match path.trim_end_matches('/') {
        "" => "/",
        path => path,
    }
}

/// Returns whether `pattern` matches the whole of `path`. It takes time in proportion to the product of their lengths,
/// whatever the pattern.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let path = path.as_bytes();
    // For each length, whether the part of the pattern read so far matches that many bytes of the path.
    let mut matched = vec![false; path.len() + 1];
    matched[0] = true;
    let mut pattern = pattern.as_bytes();
    while let Some((&byte, rest)) = pattern.split_first() {
        pattern = rest;
        if byte != b'*' {
            for end in (0..path.len()).rev() {
                matched[end + 1] = matched[end] && path[end] == byte;
            }
            matched[0] = false;
            continue;
        }
        let is_double = pattern.first() == Some(&b'*');
        if is_double {
            pattern = &pattern[1..];
        }
        for end in 0..path.len() {
            matched[end + 1] |= matched[end] && (is_double || path[end] != b'/');
        }
    }
    matched[path.len()]
}
