//! The headers that all responses of the API have.

use std::sync::LazyLock;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::schema::Provenance;

/// The id of a request: its number in the journal of its space, or `control-N` on the control plane.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The evidence that the vendor's server responds in the same way. On every response below `/vmrest`.
pub(super) const PROVENANCE: HeaderName = HeaderName::from_static("x-cuc-mock-provenance");

/// Returns the value of the provenance header.
pub(super) fn provenance_value(provenance: Provenance) -> HeaderValue {
    const DOCUMENTED: HeaderValue = HeaderValue::from_static(Provenance::Documented.as_str());
    const CAPTURED: HeaderValue = HeaderValue::from_static(Provenance::Captured.as_str());
    const CLIENT: HeaderValue = HeaderValue::from_static(Provenance::Client.as_str());
    const INFERRED: HeaderValue = HeaderValue::from_static(Provenance::Inferred.as_str());
    match provenance {
        Provenance::Documented => DOCUMENTED,
        Provenance::Captured => CAPTURED,
        Provenance::Client => CLIENT,
        Provenance::Inferred => INFERRED,
    }
}

/// The headers of every response of the appliance, from captured traffic.
const APPLIANCE: [(HeaderName, &str); 4] = [
    (header::CACHE_CONTROL, "private"),
    (header::EXPIRES, "Thu, 01 Jan 1970 00:00:00 GMT"),
    (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
    (header::SERVER, ""),
];

/// The headers of a response outside any session.
pub(super) static WITHOUT_SESSION: LazyLock<HeaderMap> = LazyLock::new(|| api_headers([]));

/// Returns the headers of the responses in a session with these cookies, in their order. It has an entry for each
/// header whose value differs from response to response, so that a copy of it need not grow.
pub(super) fn api_headers(cookies: impl IntoIterator<Item = HeaderValue>) -> HeaderMap {
    const PLACEHOLDER: HeaderValue = HeaderValue::from_static("");
    let mut headers = HeaderMap::with_capacity(12);
    headers.insert(header::CONTENT_TYPE, PLACEHOLDER);
    for (name, value) in APPLIANCE {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(PROVENANCE, PLACEHOLDER);
    for cookie in cookies {
        headers.append(header::SET_COOKIE, cookie);
    }
    headers.insert(header::DATE, PLACEHOLDER);
    headers.insert(REQUEST_ID, PLACEHOLDER);
    headers
}

/// Sets the headers of the user's own response. They replace others of the same name.
pub(super) fn replace_headers(headers: &mut HeaderMap, custom: &HeaderMap) {
    for name in custom.keys() {
        headers.remove(name);
    }
    for (name, value) in custom {
        headers.append(name, value.clone());
    }
}
