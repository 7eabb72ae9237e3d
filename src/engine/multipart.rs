//! Bodies with several parts, such as the text and the sound of a message.

use std::borrow::Cow;

use memchr::memmem;
use mime::Mime;

use super::{Error, media_type};
use crate::schema::Provenance;

const NO_PARTS: &str = "The body has no parts: expected multipart/form-data with a boundary, and each part between two lines \
                        with it";
const HEAD_END: &[u8] = b"\r\n\r\n";
const LINE_END: &[u8] = b"\r\n";
/// Follows the last delimiter.
const CLOSE: &[u8] = b"--";
const CONTENT_TYPE: &str = "content-type";

/// One part of a body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// The type of its content, in lower case and without parameters; empty if it has none.
    pub(crate) content_type: String,
    pub(crate) bytes: Vec<u8>,
}

/// Returns the parts of a body with this `Content-Type`. Parts need no headers but their own type.
pub(crate) fn parts(content_type: &str, body: &[u8]) -> Result<Vec<Part>, Error> {
    let refuse = || Error::refused(NO_PARTS, Provenance::Client);
    let boundary = boundary(content_type).ok_or_else(refuse)?;
    let delimiter = [b"\r\n--", boundary.as_bytes()].concat();
    // The first delimiter may begin the body.
    let body = match body.starts_with(&delimiter[LINE_END.len()..]) {
        true => Cow::Owned([LINE_END, body].concat()),
        false => Cow::Borrowed(body),
    };
    let places: Vec<_> = memmem::find_iter(&body, &delimiter).collect();
    let is_closed = places
        .last()
        .is_some_and(|last| body[last + delimiter.len()..].starts_with(CLOSE));
    if !is_closed || places.len() < 2 {
        return Err(refuse());
    }
    let parts = places.windows(2).map(|place| {
        let part = &body[place[0] + delimiter.len()..place[1]];
        part_of(part.strip_prefix(LINE_END).unwrap_or(part)).ok_or_else(refuse)
    });
    parts.collect()
}

/// Returns the boundary, in its own letter case.
fn boundary(content_type: &str) -> Option<String> {
    let kind: Mime = content_type.parse().ok()?;
    let boundary = kind.get_param(mime::BOUNDARY)?;
    let is_usable = kind.type_() == mime::MULTIPART && !boundary.as_str().is_empty();
    is_usable.then(|| boundary.as_str().to_owned())
}

/// Separates the headers of a part from its content.
fn part_of(part: &[u8]) -> Option<Part> {
    let (head, bytes) = match part.strip_prefix(LINE_END) {
        Some(bytes) => (&part[..0], bytes),
        None => {
            let end = memmem::find(part, HEAD_END)?;
            (&part[..end], &part[end + HEAD_END.len()..])
        }
    };
    let head = String::from_utf8_lossy(head);
    let mut types = head.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_type = name.trim().eq_ignore_ascii_case(CONTENT_TYPE);
        is_type.then(|| media_type(value).map(|kind| kind.essence_str().to_owned()))?
    });
    Some(Part {
        content_type: types.next().unwrap_or_default(),
        bytes: bytes.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_has_the_parts_between_its_boundaries() {
        let body = b"\r\n--Line_aB\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{}\r\n--Line_aB\r\n\
                     content-type:audio/WAV\r\nX: y\r\n\r\nRIFF\r\n\r\n--Line_aB--\r\n";
        let found = parts("multipart/form-data;boundary=Line_aB", body).expect("parts");
        let part = |content_type: &str, bytes: &[u8]| Part {
            content_type: content_type.to_owned(),
            bytes: bytes.to_vec(),
        };
        assert_eq!(
            found,
            [
                part("application/json", b"{}"),
                part("audio/wav", b"RIFF\r\n")
            ]
        );
        assert_eq!(
            parts(
                "multipart/form-data; boundary=\"b\"",
                b"--b\r\n\r\nx\r\n--b--"
            )
            .expect("parts"),
            [part("", b"x")]
        );
    }

    #[test]
    fn a_body_without_parts_is_refused() {
        for (content_type, body) in [
            ("multipart/form-data;boundary=b", &b""[..]),
            ("multipart/form-data;boundary=b", b"--b--"),
            (
                "multipart/form-data;boundary=b",
                b"--b\r\n\r\nx\r\n--b\r\n\r\ny",
            ),
            (
                "multipart/form-data;boundary=b",
                b"--b\r\nno end of the head\r\n--b--",
            ),
            ("multipart/form-data", b"--b\r\n\r\nx\r\n--b--"),
            ("multipart/form-data;boundary=", b"--\r\n\r\nx\r\n----"),
            ("text/plain;boundary=b", b"--b\r\n\r\nx\r\n--b--"),
        ] {
            assert!(parts(content_type, body).is_err(), "{content_type}");
        }
    }
}
