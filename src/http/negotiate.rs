//! Which format a body is in, and which one its sender wants to be answered in.

use axum::http::{HeaderMap, HeaderValue, header};
use mime::Mime;

use crate::engine::{Error, Format};

/// The format that the `Accept` headers ask for: the one of the highest quality; on a tie JSON if it
/// is named, else XML. What cannot be read is passed over.
pub(super) fn answered_in(headers: &HeaderMap) -> Result<Format, Error> {
    let accept = headers.get_all(header::ACCEPT);
    if let Some(plain) = plainly(accept.iter()) {
        return Ok(plain);
    }
    let accept: Vec<_> = accept
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    let accept = accept.join(",");
    let ranges: Vec<Range> = unquoted_split(&accept, ',')
        .filter_map(Range::read)
        .collect();
    if ranges.is_empty() {
        return Ok(Format::Xml);
    }
    let json = quality(&ranges, &["application/json", "application/*", "*/*"]);
    let xml = [
        "application/xml",
        "text/xml",
        "application/*",
        "text/*",
        "*/*",
    ];
    let xml = quality(&ranges, &xml);
    let json_is_named = ranges.iter().any(|range| range.is("application/json"));
    if json == 0.0 && xml == 0.0 {
        Err(Error::not_acceptable(&accept))
    } else if json > xml || (json_is_named && json >= xml) {
        Ok(Format::Json)
    } else {
        Ok(Format::Xml)
    }
}

/// What most clients ask for, which need not be taken apart.
fn plainly<'h>(mut accept: impl Iterator<Item = &'h HeaderValue>) -> Option<Format> {
    let format = match accept.next() {
        None => Format::Xml,
        Some(value) if value == "*/*" => Format::Xml,
        Some(value) => named(value)?,
    };
    accept.next().is_none().then_some(format)
}

/// The format whose media type this is to the letter.
fn named(value: &HeaderValue) -> Option<Format> {
    match value.as_bytes() {
        b"application/xml" => Some(Format::Xml),
        b"application/json" => Some(Format::Json),
        _ => None,
    }
}

/// A kind of answer that a client takes, and how much it likes it.
struct Range {
    media_type: Mime,
    quality: f32,
}

impl Range {
    fn read(text: &str) -> Option<Self> {
        let media_type = media_type(text)?;
        let quality = match media_type.get_param("q") {
            None => 1.0,
            Some(quality) => quality.as_str().parse().ok()?,
        };
        (0.0..=1.0).contains(&quality).then_some(Self {
            media_type,
            quality,
        })
    }

    fn is(&self, kind: &str) -> bool {
        self.media_type.essence_str() == kind
    }
}

/// The quality of the most specific of `kinds` that is named; 0 when none is.
fn quality(ranges: &[Range], kinds: &[&str]) -> f32 {
    let named = |kind: &&str| {
        let ranges = ranges.iter().filter(|range| range.is(kind));
        ranges.map(|range| range.quality).reduce(f32::max)
    };
    kinds.iter().find_map(named).unwrap_or(0.0)
}

/// The format of a body, as its `Content-Type` says. Only UTF-8 is read.
pub(super) fn sent_in(content_type: Option<&HeaderValue>) -> Result<Format, Error> {
    let Some(value) = content_type else {
        return Err(Error::unsupported_media_type(None));
    };
    if let Some(format) = named(value) {
        return Ok(format);
    }
    let value = String::from_utf8_lossy(value.as_bytes());
    let unsupported = || Error::unsupported_media_type(Some(&value));
    let media_type = media_type(&value).ok_or_else(unsupported)?;
    let format = match media_type.essence_str() {
        "application/xml" | "text/xml" => Format::Xml,
        "application/json" => Format::Json,
        _ => return Err(unsupported()),
    };
    match media_type.get_param(mime::CHARSET) {
        // What is ASCII is UTF-8.
        Some(charset) if !["utf-8", "utf8", "us-ascii"].contains(&charset.as_str()) => {
            Err(Error::unsupported_charset(charset.as_str()))
        }
        _ => Ok(format),
    }
}

/// A media type with its parameters. Blanks around a semicolon, and one that nothing follows, are
/// common.
fn media_type(text: &str) -> Option<Mime> {
    let parts: Vec<_> = unquoted_split(text, ';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(";").to_ascii_lowercase().parse().ok()
}

/// Splits a text where the separator does not stand between quotes.
fn unquoted_split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    text.split(move |c| {
        is_quoted ^= c == '"';
        c == separator && !is_quoted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(accept: &str) -> Option<Format> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_str(accept).unwrap());
        answered_in(&headers).ok()
    }

    #[test]
    fn real_clients_get_the_format_that_they_mean() {
        for accept in [
            "application/json",
            "application/json, */*",
            "application/json, text/plain, */*",
            "APPLICATION/JSON",
            "application/json;charset=utf-8",
            "application/json;q=0.5, */*;q=0.1",
            "application/xml, application/json",
            "application/xml;q=0.8, application/json;q=0.9",
            "application/xml;q=0, */*",
            "nonsense, application/json",
            "application/json ; q=0.9",
            "application/json\t;charset=utf-8",
            "application/json;q=nan, application/json",
            "application/json;q=0, application/json",
        ] {
            assert_eq!(answered(accept), Some(Format::Json), "{accept}");
        }
        for accept in [
            "",
            "*/*",
            "application/xml",
            "text/xml",
            "text/*",
            "application/*",
            "application/xml, */*",
            "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "application/json;q=0.5, application/xml",
            "application/json;q=0, */*",
            "application/json;q=0.5, */*",
            "nonsense",
            "application/json;q=",
            "application/json;q=nan",
            "application/xml;version=\"1,2\";q=0.5, application/json;q=0.4",
        ] {
            assert_eq!(answered(accept), Some(Format::Xml), "{accept}");
        }
        for accept in [
            "text/html",
            "image/png, text/plain",
            "application/json;q=0",
            "*/*;q=0",
        ] {
            assert_eq!(answered(accept), None, "{accept}");
        }
    }
}
