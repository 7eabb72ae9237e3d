//! The formats of request and response bodies.

use std::cmp::Ordering;

use axum::http::{HeaderMap, HeaderValue, header};
use mime::Mime;

use crate::{
    engine::{Format, media_type, unquoted_split},
    http::rejection::Rejection,
};

/// Returns the format with the highest quality in the `Accept` headers; on a tie, the one that is named first, else
/// XML. Ignores malformed media ranges.
pub(in crate::http) fn accepted_format(headers: &HeaderMap) -> Result<Format, Rejection> {
    const JSON: &[&str] = &["application/json", "application/*", "*/*"];
    const XML: &[&str] = &[
        "application/xml",
        "text/xml",
        "application/*",
        "text/*",
        "*/*",
    ];
    if let Some(format) = common_format(headers.get_all(header::ACCEPT).iter()) {
        return Ok(format);
    }
    let accept = Accept::of(headers);
    if accept.ranges.is_empty() {
        return Ok(Format::Xml);
    }
    let (json, xml) = (accept.quality(JSON), accept.quality(XML));
    if json == 0.0 && xml == 0.0 {
        return Err(Rejection::not_acceptable(&accept_text(headers)));
    }
    let is_json = match json.total_cmp(&xml) {
        Ordering::Less => false,
        Ordering::Greater => true,
        Ordering::Equal => accept.names_first(&JSON[..1], &XML[..2]),
    };
    Ok(if is_json { Format::Json } else { Format::Xml })
}

/// Returns true if the client prefers `media_type` to `default`.
#[cfg(feature = "cli")]
pub(crate) fn prefers(headers: &HeaderMap, media_type: &str, default: &str) -> bool {
    let accept = Accept::of(headers);
    accept.quality(&[media_type]) > accept.quality(&[default])
}

/// Returns the format of the values that most clients send, without parsing them.
fn common_format<'h>(mut values: impl Iterator<Item = &'h HeaderValue>) -> Option<Format> {
    let format = match values.next() {
        None => Format::Xml,
        Some(value) if value == "*/*" => Format::Xml,
        Some(value) => exact_format(value)?,
    };
    values.next().is_none().then_some(format)
}

/// Returns the format whose media type is exactly this value.
fn exact_format(value: &HeaderValue) -> Option<Format> {
    match value.as_bytes() {
        b"application/xml" => Some(Format::Xml),
        b"application/json" => Some(Format::Json),
        _ => None,
    }
}

/// The media ranges of the `Accept` headers of a request.
struct Accept {
    ranges: Vec<MediaRange>,
}

impl Accept {
    fn of(headers: &HeaderMap) -> Self {
        let accept = accept_text(headers);
        let ranges = unquoted_split(&accept, ',').filter_map(MediaRange::parse);
        Self {
            ranges: ranges.collect(),
        }
    }

    /// Returns the quality of the first of `media_types`, the most specific one, that a range names; 0 if there is
    /// none.
    fn quality(&self, media_types: &[&str]) -> f32 {
        let quality_of = |media_type: &&str| {
            let named = self.ranges.iter().filter(|range| range.is(media_type));
            named.map(|range| range.quality).reduce(f32::max)
        };
        media_types.iter().find_map(quality_of).unwrap_or(0.0)
    }

    /// Returns true if one of `media_types` is named before all of `others`.
    fn names_first(&self, media_types: &[&str], others: &[&str]) -> bool {
        let names = |range: &MediaRange, types: &[&str]| types.iter().any(|name| range.is(name));
        let mut named = self.ranges.iter();
        named
            .find(|range| names(range, media_types) || names(range, others))
            .is_some_and(|range| names(range, media_types))
    }
}

/// Returns the values of all `Accept` headers as one.
fn accept_text(headers: &HeaderMap) -> String {
    let values = headers.get_all(header::ACCEPT).iter();
    let values = values.map(|value| String::from_utf8_lossy(value.as_bytes()));
    values.collect::<Vec<_>>().join(",")
}

/// A media range of an `Accept` header.
struct MediaRange {
    media_type: Mime,
    quality: f32,
}

impl MediaRange {
    fn parse(text: &str) -> Option<Self> {
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

    fn is(&self, media_type: &str) -> bool {
        self.media_type.essence_str() == media_type
    }
}

/// Returns the format of a request body with this `Content-Type`, and the character encoding that it names.
pub(in crate::http) fn body_format(
    content_type: Option<&HeaderValue>,
) -> Result<(Format, Option<String>), Rejection> {
    let Some(value) = content_type else {
        return Err(Rejection::unsupported_media_type(None));
    };
    if let Some(format) = exact_format(value) {
        return Ok((format, None));
    }
    let value = String::from_utf8_lossy(value.as_bytes());
    let unsupported = || Rejection::unsupported_media_type(Some(&value));
    let media_type = media_type(&value).ok_or_else(unsupported)?;
    let format = match media_type.essence_str() {
        "application/xml" | "text/xml" => Format::Xml,
        "application/json" => Format::Json,
        _ => return Err(unsupported()),
    };
    let charset = media_type.get_param(mime::CHARSET);
    Ok((format, charset.map(|charset| charset.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(accept: &str) -> Option<Format> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_str(accept).unwrap());
        accepted_format(&headers).ok()
    }

    #[test]
    fn real_clients_get_the_format_that_they_expect() {
        for accept in [
            "application/json",
            "application/json, */*",
            "application/json, text/plain, */*",
            "APPLICATION/JSON",
            "application/json;charset=utf-8",
            "application/json;q=0.5, */*;q=0.1",
            "application/json, application/xml",
            "application/json;q=0.9, text/xml;q=0.9, */*;q=0.1",
            "*/*, application/json",
            "text/html, application/json",
            "application/xml;q=0.8, application/json;q=0.9",
            "application/xml;q=0, */*",
            "nonsense, application/json",
            "application/json ; q=0.9",
            "application/json\t;charset=utf-8",
            "application/json;q=nan, application/json",
            "application/json;q=0, application/json",
        ] {
            assert_eq!(format(accept), Some(Format::Json), "{accept}");
        }
        for accept in [
            "",
            "*/*",
            "application/xml",
            "text/xml",
            "text/*",
            "application/*",
            "application/xml, */*",
            // Spring
            "application/xml, application/json",
            "text/xml, application/json, application/xml",
            "application/xml, text/xml, application/json, application/*+xml, application/*+json",
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
            assert_eq!(format(accept), Some(Format::Xml), "{accept}");
        }
        for accept in [
            "text/html",
            "image/png, text/plain",
            "application/json;q=0",
            "*/*;q=0",
        ] {
            assert_eq!(format(accept), None, "{accept}");
        }
    }
}
