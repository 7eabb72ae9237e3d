//! Where the secrets stand in a body.

use std::ops::Range;

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use serde::de::IgnoredAny;

use super::{
    MASK,
    names::{hidden_from, is_secret},
};

/// A body without its secrets. One that can be decoded stays as it is but for their values.
pub(super) fn redacted(body: &[u8]) -> Vec<u8> {
    if let Some((secrets, mask)) = secrets(body) {
        let mut shown = Vec::with_capacity(body.len());
        let mut from = 0;
        for secret in secrets {
            shown.extend_from_slice(&body[from..secret.start]);
            shown.extend_from_slice(mask.as_bytes());
            from = secret.end;
        }
        shown.extend_from_slice(&body[from..]);
        return shown;
    }
    match hidden_from(body) {
        Some(end) => [&body[..end], MASK.as_bytes()].concat(),
        None => body.to_vec(),
    }
}

/// Where the values of secrets stand, in their order, and what takes their place; `None` if the body cannot be decoded.
fn secrets(body: &[u8]) -> Option<(Vec<Range<usize>>, &'static str)> {
    let text = std::str::from_utf8(body).ok()?;
    if text.contains(|c: char| c.is_control() && !matches!(c, '\t' | '\r' | '\n')) {
        return None;
    }
    let document = text.strip_prefix('\u{feff}').unwrap_or(text);
    let skipped = text.len() - document.len();
    let (mut found, mask) = match document.trim_start().as_bytes().first() {
        Some(b'{' | b'[') => (in_json(document)?, r#""[redacted]""#),
        Some(_) => (in_xml(document)?, MASK),
        None => (Vec::new(), MASK),
    };
    for secret in &mut found {
        *secret = secret.start + skipped..secret.end + skipped;
    }
    Some((found, mask))
}

fn in_xml(text: &str) -> Option<Vec<Range<usize>>> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_comments = true;
    config.expand_empty_elements = true;
    let mut walk = XmlWalk {
        text,
        found: Vec::new(),
        depth: 0,
        secret: None,
        tag_end: 0,
    };
    loop {
        let before = position(&reader)?;
        match reader.read_event().ok()? {
            Event::Start(tag) => walk.open(&tag, before, position(&reader)?)?,
            Event::End(_) => walk.close(before, position(&reader)?),
            Event::Text(text) if walk.depth == 0 && !text.trim().is_empty() => return None,
            Event::CData(_) | Event::GeneralRef(_) if walk.depth == 0 => return None,
            Event::DocType(_) => return None,
            Event::Eof if walk.depth > 0 => return None,
            Event::Eof => {
                walk.between_tags(before);
                return Some(walk.found);
            }
            _ => {}
        }
    }
}

fn position(reader: &Reader<&[u8]>) -> Option<usize> {
    usize::try_from(reader.buffer_position()).ok()
}

/// The way through a document, tag by tag.
struct XmlWalk<'t> {
    text: &'t str,
    found: Vec<Range<usize>>,
    /// How many elements are open.
    depth: usize,
    /// How deep the secret stands that is open, and where its content begins.
    secret: Option<(usize, usize)>,
    /// Where the last tag ended.
    tag_end: usize,
}

impl XmlWalk<'_> {
    fn open(&mut self, tag: &BytesStart<'_>, start: usize, end: usize) -> Option<()> {
        self.between_tags(start);
        let name = tag.name().into_inner();
        if !is_name(name) {
            return None;
        }
        self.depth += 1;
        self.tag_end = end;
        if self.secret.is_none() {
            self.attributes(tag)?;
            if is_secret(name) {
                self.secret = Some((self.depth, end));
            }
        }
        Some(())
    }

    fn close(&mut self, start: usize, end: usize) {
        self.between_tags(start);
        if let Some((_, content)) = self.secret.take_if(|(depth, _)| *depth == self.depth) {
            self.hide(content..start);
        }
        self.depth -= 1;
        self.tag_end = end;
    }

    fn attributes(&mut self, tag: &BytesStart<'_>) -> Option<()> {
        let is_of_secret = is_secret(tag.name().into_inner());
        for attribute in tag.attributes() {
            let attribute = attribute.ok()?;
            let value: &str = &attribute.value;
            if value.contains('<') || !is_name(attribute.key.into_inner()) {
                return None;
            }
            if is_of_secret || is_secret(attribute.key.into_inner()) || tells_of_secrets(value) {
                let start = value
                    .as_ptr()
                    .addr()
                    .checked_sub(self.text.as_ptr().addr())?;
                let place = start..start + value.len();
                self.text.get(place.clone()).filter(|text| *text == value)?;
                self.hide(place);
            }
        }
        Some(())
    }

    /// Hides what stands between two tags if it holds a document of its own, or a comment, with a secret's name.
    fn between_tags(&mut self, end: usize) {
        let place = self.tag_end..end;
        if self.secret.is_none() && tells_of_secrets(&self.text[place.clone()]) {
            self.hide(place);
        }
    }

    fn hide(&mut self, place: Range<usize>) {
        if !place.is_empty() {
            self.found.push(place);
        }
    }
}

/// Whether it can be a name in XML, and so no other way to write one.
fn is_name(name: &str) -> bool {
    name.chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.'))
}

/// Whether a text has markup in it, written one way or the other, and a secret's name.
fn tells_of_secrets(text: &str) -> bool {
    const MARKUP: [&str; 5] = ["<", "&lt;", "&#", r#"\""#, r"\u"];
    MARKUP.iter().any(|markup| text.contains(markup)) && hidden_from(text.as_bytes()).is_some()
}

fn in_json(text: &str) -> Option<Vec<Range<usize>>> {
    serde_json::from_str::<IgnoredAny>(text).ok()?;
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(quote) = text[at..].find('"') {
        let start = at + quote;
        let end = string_end(text, start)?;
        at = end;
        let Some(value) = value_of_name(text, end) else {
            if tells_of_secrets(&text[start + 1..end - 1]) {
                found.push(start..end);
            }
            continue;
        };
        // What is no text, such as half of a surrogate pair, may be anything.
        let name = serde_json::from_str::<String>(&text[start..end]);
        if name.map_or(true, |name| is_secret(&name)) {
            at = value_end(text, value)?;
            let is_nothing = matches!(&text[value..at], r#""""# | "null");
            if !is_nothing {
                found.push(value..at);
            }
        }
    }
    Some(found)
}

/// Where the value begins, if the string that ends here is the name of a member.
fn value_of_name(text: &str, end: usize) -> Option<usize> {
    let rest = text[end..].trim_ascii_start().strip_prefix(':')?;
    Some(text.len() - rest.trim_ascii_start().len())
}

/// Behind the closing quote of the string whose opening quote stands at `start`.
fn string_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Behind the value that begins at `start`.
fn value_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut open = 0_usize;
    let mut at = start;
    loop {
        match bytes.get(at)? {
            b'"' => at = string_end(text, at)?,
            b'{' | b'[' => {
                open += 1;
                at += 1;
            }
            b'}' | b']' => {
                open = open.checked_sub(1)?;
                at += 1;
            }
            _ => at += text[at..].find(['"', '{', '[', '}', ']', ','])?.max(1),
        }
        if open == 0 {
            let value = text[start..at].trim_ascii_end();
            return Some(start + value.len());
        }
    }
}
