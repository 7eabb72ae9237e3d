//! The limits of responses that a user defines.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};

/// The largest body in bytes.
pub(super) const MAX_BODY_BYTES: usize = 1024 * 1024;
/// The maximum number of headers.
pub(crate) const MAX_HEADERS: usize = 100;
/// The greatest length of the name and the value of a header together, in bytes.
pub(crate) const MAX_HEADER_BYTES: usize = 8 * 1024;
/// Headers that the server sets itself.
const RESERVED_HEADERS: [HeaderName; 8] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Checks a status, the number of headers and the size of a body. Returns the reason why there cannot be such a response.
pub(crate) fn check_limits(status: u16, headers: usize, body: usize) -> Result<StatusCode, String> {
    let code = StatusCode::from_u16(status).ok();
    let code = code.filter(|code| !code.is_informational());
    let code =
        code.ok_or_else(|| format!("the status is {status}, expected one from 200 to 999"))?;
    let is_bodiless = [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&code);
    if is_bodiless && body > 0 {
        return Err(format!("a response with the status {status} has no body"));
    }
    if body > MAX_BODY_BYTES {
        return Err(format!(
            "the body has {body} bytes, expected at most {MAX_BODY_BYTES}"
        ));
    }
    if headers > MAX_HEADERS {
        return Err(format!(
            "there are {headers} headers, expected at most {MAX_HEADERS}"
        ));
    }
    Ok(code)
}

/// Parses the header of a response, or returns the reason why there cannot be such a header.
pub(crate) fn parse_header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    if name.len() + value.len() > MAX_HEADER_BYTES {
        return Err(format!(
            "a header has {} bytes, expected at most {MAX_HEADER_BYTES}",
            name.len() + value.len()
        ));
    }
    let parsed_name = HeaderName::try_from(name)
        .map_err(|_| format!("found the header {name:?}, expected the name of a header"))?;
    if RESERVED_HEADERS.contains(&parsed_name) {
        return Err(format!(
            "found the header {name:?}, which only the server itself can set"
        ));
    }
    let parsed_value = HeaderValue::from_str(value)
        .map_err(|_| format!("the header {name:?} is {value:?}, expected the value of a header"))?;
    Ok((parsed_name, parsed_value))
}
