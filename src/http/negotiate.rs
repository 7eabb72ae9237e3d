//! Which format a body is in, and which one its sender wants to be answered in.

use axum::http::{HeaderMap, header};
use mime::Mime;

use crate::engine::{Error, Format};

/// The format that the `Accept` headers ask for: the one of the highest quality; on a tie JSON if it
/// is named, else XML. What cannot be read is passed over.
pub(super) fn answered_in(headers: &HeaderMap) -> Result<Format, Error> {
    let accept: Vec<_> = headers
        .get_all(header::ACCEPT)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    let accept = accept.join(",");
    let ranges: Vec<Mime> = accept
        .split(',')
        .filter_map(|range| range.trim().parse().ok())
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
    let json_is_named = ranges
        .iter()
        .any(|range| range.essence_str() == "application/json");
    if json == 0.0 && xml == 0.0 {
        Err(Error::not_acceptable(&accept))
    } else if json > xml || (json_is_named && json >= xml) {
        Ok(Format::Json)
    } else {
        Ok(Format::Xml)
    }
}

/// The quality of the most specific of `kinds` that a range names; 0 when none does.
fn quality(ranges: &[Mime], kinds: &[&str]) -> f32 {
    kinds
        .iter()
        .find_map(|kind| ranges.iter().find(|range| range.essence_str() == *kind))
        .map_or(0.0, |range| match range.get_param("q") {
            None => 1.0,
            Some(text) => text.as_str().parse::<f32>().unwrap_or(0.0).clamp(0.0, 1.0),
        })
}

/// The format of a body, as its `Content-Type` says. Only UTF-8 is read.
pub(super) fn sent_in(headers: &HeaderMap) -> Result<Format, Error> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return Err(Error::unsupported_media_type(None));
    };
    let value = String::from_utf8_lossy(value.as_bytes());
    let unsupported = || Error::unsupported_media_type(Some(&value));
    // Blanks around the semicolon are common, though not allowed.
    let parts: Vec<_> = value.split(';').map(str::trim).collect();
    let media_type: Mime = parts
        .join(";")
        .trim_end_matches(';')
        .parse()
        .map_err(|_| unsupported())?;
    let format = match media_type.essence_str() {
        "application/xml" | "text/xml" => Format::Xml,
        "application/json" => Format::Json,
        _ => return Err(unsupported()),
    };
    match media_type.get_param(mime::CHARSET) {
        Some(charset) if charset != mime::UTF_8 => {
            Err(Error::unsupported_charset(charset.as_str()))
        }
        _ => Ok(format),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

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
