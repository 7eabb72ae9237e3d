//! Path patterns: `*` matches any characters but a slash, `**` any characters at all.
//!
//! The parts of a pattern between two `**` are searched for from left to right, each from the end of the one before it.
//! The first place is always the best one, so nothing is tried twice, and the time grows only with the lengths.

use std::{borrow::Cow, fmt, ops::Range, str, str::Split};

use serde::{Serialize, Serializer};

use crate::engine::normalize_path;

/// The maximum number of comparisons of a part of a pattern with a segment of a path, before the last `**`. A pattern that
/// needs more does not match: it has many slashes and asterisks, or the path has thousands of segments.
const MAX_COMPARISONS: usize = 2_000;

/// A pattern for paths.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PathPattern {
    text: String,
    /// The end of the part before the first asterisk, and the start of the part after the last one, if there is any.
    ends: Option<(usize, usize)>,
    /// The part from the first `**` to the last one, if there is any.
    middle: Option<Range<usize>>,
}

impl PathPattern {
    /// Completes a path that is relative to `/vmrest/`.
    pub(super) fn new(path: &str) -> Self {
        let absolute = if path.starts_with(['/', '*']) {
            Cow::Borrowed(path)
        } else {
            Cow::Owned(format!("/vmrest/{path}"))
        };
        let mut text = absolute.into_owned();
        text.truncate(without_trailing_slash(text.as_bytes()).len());
        // More asterisks have no other meaning than two.
        while text.contains("***") {
            text = text.replace("***", "**");
        }
        let middle = text.find("**").zip(text.rfind("**"));
        let ends = text.find('*').zip(text.rfind('*'));
        Self {
            ends: ends.map(|(first, last)| (first, last + 1)),
            middle: middle.map(|(start, end)| start..end + 2),
            text,
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns whether the pattern matches the whole of a path, as it was sent or in the form in which it is routed: empty
    /// segments and path parameters such as `;jsessionid=A` have no meaning. Slashes at its end never count.
    pub(super) fn matches(&self, path: &[u8]) -> bool {
        self.matches_exactly(without_trailing_slash(path)) || self.matches_normalized(path)
    }

    fn matches_normalized(&self, path: &[u8]) -> bool {
        match str::from_utf8(path).map(normalize_path) {
            Ok(Cow::Owned(path)) if path.is_empty() => self.matches_exactly(b"/"),
            Ok(Cow::Owned(path)) => self.matches_exactly(path.as_bytes()),
            // It is the same path.
            Ok(Cow::Borrowed(_)) | Err(_) => false,
        }
    }

    fn matches_exactly(&self, path: &[u8]) -> bool {
        let text = self.text.as_bytes();
        let Some((start, end)) = self.ends else {
            return path == text;
        };
        path.starts_with(&text[..start])
            && path.ends_with(&text[end..])
            && str::from_utf8(path).is_ok_and(|path| self.matches_parts(path))
    }

    fn matches_parts(&self, path: &str) -> bool {
        let Some(middle) = self.middle.clone() else {
            return matches_whole(&self.text, path);
        };
        let (first, last) = (&self.text[..middle.start], &self.text[middle.end..]);
        match_end(last, path).is_some_and(|last_start| {
            let end = match_blocks(first, &self.text[middle], path);
            end.is_some_and(|end| end <= last_start)
        })
    }
}

impl fmt::Debug for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for PathPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

/// Removes the slashes at the end of a path, except for the first one: they do not change its meaning.
fn without_trailing_slash(mut path: &[u8]) -> &[u8] {
    while let [rest @ .., b'/'] = path
        && !rest.is_empty()
    {
        path = rest;
    }
    path
}

/// Matches the first block and those of the middle, which is between asterisks. Returns the first possible end.
fn match_blocks(first: &str, middle: &str, path: &str) -> Option<usize> {
    let mut comparisons = MAX_COMPARISONS;
    let mut end = match_start(first, path, &mut comparisons)?;
    for block in middle.split("**").filter(|block| !block.is_empty()) {
        end += find_block(block, &path[end..], &mut comparisons)?;
    }
    Some(end)
}

/// Returns whether a block, which is a pattern without `**`, matches the whole path: each segment matches its own part.
fn matches_whole(block: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    block.split('/').all(|part| {
        segments
            .next()
            .is_some_and(|found| matches_segment(part, found))
    }) && segments.next().is_none()
}

/// Returns the length of the shortest beginning of a path that a block matches.
fn match_start(block: &str, path: &str, comparisons: &mut usize) -> Option<usize> {
    let mut rest = path;
    let mut parts = block.split('/').peekable();
    while let Some(part) = parts.next() {
        *comparisons = comparisons.checked_sub(1)?;
        let (segment, later) = rest.split_once('/').unwrap_or((rest, ""));
        if parts.peek().is_none() {
            return Some(path.len() - rest.len() + segment_start(part, segment)?);
        }
        if segment.len() == rest.len() || !matches_segment(part, segment) {
            return None;
        }
        rest = later;
    }
    None
}

/// Returns the greatest position from which a block matches the end of a path.
fn match_end(block: &str, path: &str) -> Option<usize> {
    let mut rest = path;
    let mut parts = block.rsplit('/').peekable();
    while let Some(part) = parts.next() {
        let (earlier, segment) = rest.rsplit_once('/').unwrap_or(("", rest));
        if parts.peek().is_none() {
            let start = segment_end(part, segment)?;
            return Some(rest.len() - segment.len() + start);
        }
        if segment.len() == rest.len() || !matches_segment(part, segment) {
            return None;
        }
        rest = earlier;
    }
    None
}

/// Searches for a block, and returns the end of the first place that it matches.
fn find_block(block: &str, path: &str, comparisons: &mut usize) -> Option<usize> {
    if !block.contains('*') {
        return find(block, path).map(|start| start + block.len());
    }
    let mut start = 0;
    loop {
        *comparisons = comparisons.checked_sub(1)?;
        let rest = &path[start..];
        if let Some(length) = match_in_segment(block, rest, comparisons) {
            return Some(start + length);
        }
        start += rest.find('/')? + 1;
    }
}

/// Matches a block that begins anywhere in the first segment of a path, and returns the first possible end.
fn match_in_segment(block: &str, path: &str, comparisons: &mut usize) -> Option<usize> {
    let segment = path.split('/').next().unwrap_or_default();
    let Some((first, others)) = block.split_once('/') else {
        return find_all(block.split('*'), segment);
    };
    segment_end(first, segment)?;
    let later = path.get(segment.len() + 1..)?;
    match_start(others, later, comparisons).map(|length| segment.len() + 1 + length)
}

/// Returns whether a part without slashes matches a whole segment.
fn matches_segment(part: &str, segment: &str) -> bool {
    let Some((start, others)) = part.split_once('*') else {
        return part == segment;
    };
    let (middle, end) = others.rsplit_once('*').unwrap_or(("", others));
    let rest = segment.strip_prefix(start);
    let rest = rest.and_then(|rest| rest.strip_suffix(end));
    rest.is_some_and(|rest| find_all(middle.split('*'), rest).is_some())
}

/// Returns the length of the shortest beginning of a segment that a part matches.
fn segment_start(part: &str, segment: &str) -> Option<usize> {
    let mut texts = part.split('*');
    let start = texts.next().unwrap_or_default();
    let rest = segment.strip_prefix(start)?;
    find_all(texts, rest).map(|length| start.len() + length)
}

/// Returns the greatest position from which a part matches the end of a segment.
fn segment_end(part: &str, segment: &str) -> Option<usize> {
    let mut texts = part.rsplit('*');
    let end = texts.next().unwrap_or_default();
    let mut rest = segment.strip_suffix(end)?;
    for text in texts {
        rest = &rest[..rest.rfind(text)?];
    }
    Some(rest.len())
}

/// Searches for texts one after the other, and returns the end of the last one.
fn find_all(texts: Split<'_, char>, segment: &str) -> Option<usize> {
    let mut end = 0;
    for text in texts {
        end += find(text, &segment[end..])? + text.len();
    }
    Some(end)
}

/// Searches for a text that is often short, without the preparation that pays only for longer ones.
fn find(text: &str, path: &str) -> Option<usize> {
    match text.as_bytes() {
        [] => Some(0),
        _ if text.len() > path.len() => None,
        [byte] => path.find(char::from(*byte)),
        _ => path.find(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::RandomStream;

    /// Compares each beginning of a pattern with each beginning of a path.
    fn matches_by_definition(pattern: &str, path: &str) -> bool {
        let (pattern, path) = (pattern.as_bytes(), path.as_bytes());
        let Some((&byte, rest)) = pattern.split_first() else {
            return path.is_empty();
        };
        let text = |bytes| std::str::from_utf8(bytes).unwrap();
        if byte != b'*' {
            return path.first() == Some(&byte)
                && matches_by_definition(text(rest), text(&path[1..]));
        }
        let (rest, is_double) = match rest.split_first() {
            Some((b'*', rest)) => (rest, true),
            _ => (rest, false),
        };
        let lengths = 0..=path.len();
        let mut lengths =
            lengths.take_while(|&length| is_double || !path[..length].contains(&b'/'));
        lengths.any(|length| matches_by_definition(text(rest), text(&path[length..])))
    }

    fn matches(pattern: &str, path: &str) -> bool {
        PathPattern::new(pattern).matches(path.as_bytes())
    }

    fn random_text(random: RandomStream, ordinal: u64, alphabet: &[u8]) -> String {
        let bytes = [random.draw(2 * ordinal), random.draw(2 * ordinal + 1)].concat();
        let length = usize::from(bytes[0] % 14);
        let letters = bytes[1..=length].iter();
        let letters = letters.map(|byte| char::from(alphabet[usize::from(*byte) % alphabet.len()]));
        letters.collect()
    }

    #[test]
    fn every_pattern_matches_the_same_paths_as_by_definition() {
        let [patterns, paths] = ["patterns", "paths"].map(|name| RandomStream::new(1, "", name));
        let mut matching = 0;
        for ordinal in 0..20_000 {
            let pattern =
                PathPattern::new(&format!("/{}", random_text(patterns, ordinal, b"ab/***")));
            let path = format!("/{}", random_text(paths, ordinal, b"aab//"));
            let trimmed = match path.trim_end_matches('/') {
                "" => "/",
                trimmed => trimmed,
            };
            let normalized = match &*normalize_path(&path) {
                "" => "/".to_owned(),
                normalized => normalized.to_owned(),
            };
            let expected = matches_by_definition(&pattern.text, trimmed)
                || matches_by_definition(&pattern.text, &normalized);
            assert_eq!(
                pattern.matches(path.as_bytes()),
                expected,
                "{pattern} {path}"
            );
            matching += u32::from(expected);
        }
        assert!(matching > 1_000, "{matching}");
    }

    #[test]
    fn a_path_matches_as_it_was_sent_and_as_it_is_routed() {
        for (pattern, path) in [
            ("externalservices", "/vmrest//externalservices"),
            ("externalservices", "//vmrest/externalservices;jsessionid=A"),
            ("externalservices/*", "/vmrest/externalservices;a=1//1;b/"),
            ("/vmrest;a/version", "/vmrest;a/version"),
            ("/vmrest//version", "/vmrest//version"),
            ("/", "//;a"),
        ] {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("externalservices", "/vmrest/externalservices/;a/1"),
            ("/vmrest;a/version", "/vmrest/version"),
            ("/vmrest//version", "/vmrest/version"),
            ("/*", "/vmrest//version"),
        ] {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn three_asterisks_mean_the_same_as_two() {
        assert_eq!(PathPattern::new("/a****b*c***").text, "/a**b*c**");
        assert_eq!(PathPattern::new(&"*".repeat(660)).text, "**");
    }

    #[test]
    fn a_pattern_of_hundreds_of_asterisks_is_exact_on_a_long_path() {
        let path = format!("/{}", "ab".repeat(30_000));
        for part in ["a*", "**a", "*a**", "a*b", "*ab"] {
            let pattern = format!("/{}", part.repeat(500));
            for path in [&path, &format!("{path}a")] {
                let last = pattern.trim_end_matches('*').chars().next_back().unwrap();
                let is_match = pattern.ends_with('*') || path.ends_with(last);
                assert_eq!(matches(&pattern, path), is_match, "{pattern}");
            }
            assert!(!matches(&format!("{pattern}c**"), &path), "{pattern}");
        }
    }

    #[test]
    fn the_comparison_of_many_parts_with_many_segments_ends() {
        let pattern = format!("/**/{}b**", "*a/".repeat(20));
        let path = |segments| format!("/{}b", "a/".repeat(segments));
        assert!(matches(&pattern, &path(60)));
        assert!(
            !matches(&pattern, &path(30_000)),
            "it needs more than the maximum"
        );
    }
}
