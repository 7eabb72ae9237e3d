//! The console: a page for browsers that uses the control plane and the vendor's API.

mod assets;

use std::{io::Read, sync::LazyLock};

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use flate2::read::GzDecoder;
use uuid::Uuid;

use super::{ApiError, PREFIX, access::PROTECTION};
use assets::{Asset, FILES, PAGE};

/// The paths of the page.
const PAGE_PATHS: [&str; 3] = ["/", "/__mock", "/__mock/"];
/// The prefix of the paths of its files.
const FILES_PREFIX: &str = "/__mock/console/";
/// The page loads only its own files, and no other page can embed it.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The tags of the files, in their order.
static ETAGS: LazyLock<Vec<HeaderValue>> = LazyLock::new(|| FILES.iter().map(etag).collect());

fn etag(file: &Asset) -> HeaderValue {
    let id = Uuid::new_v5(&Uuid::NAMESPACE_URL, file.gzip);
    HeaderValue::try_from(format!("\"{}\"", id.simple())).expect("the id is ASCII")
}

fn decompressed(gzip: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    let read = GzDecoder::new(gzip).read_to_end(&mut content);
    read.expect("the build script has compressed it");
    content
}

/// Returns true if a request is for the page, because it comes from a browser.
pub(crate) fn is_page(request: &Request) -> bool {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    is_read && PAGE_PATHS.contains(&request.uri().path()) && accepts_html(request.headers())
}

/// Returns the response to a request for the page or one of its files. Like the health of the server, they are open to
/// every client: they contain no data.
pub(crate) fn respond(request: &Request) -> Option<Response> {
    if is_page(request) {
        return Some(response(find(PAGE)?, request.headers()));
    }
    let name = request.uri().path().strip_prefix(FILES_PREFIX)?;
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let error = format!(
            "{} is not allowed on a file of the console",
            request.method()
        );
        return Some(ApiError::new(StatusCode::METHOD_NOT_ALLOWED, error).into_response());
    }
    Some(match find(name) {
        Some(file) => response(file, request.headers()),
        None => {
            let error =
                format!("the console has no such file, expected one that GET {PREFIX} loads");
            ApiError::new(StatusCode::NOT_FOUND, error).into_response()
        }
    })
}

fn find(name: &str) -> Option<(&'static Asset, &'static HeaderValue)> {
    let mut files = FILES.iter().zip(&*ETAGS);
    files.find(|(file, _)| file.name == name)
}

fn response((file, etag): (&'static Asset, &'static HeaderValue), request: &HeaderMap) -> Response {
    let tags = request.get_all(header::IF_NONE_MATCH).iter();
    let mut tags = tags.filter_map(|tags| tags.to_str().ok());
    let text = etag.to_str().unwrap_or_default();
    let is_known = tags.any(|tags| tags.split(',').any(|tag| tag.trim().ends_with(text)));
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.extend(PROTECTION);
    headers.insert(header::ETAG, etag.clone());
    // A newer server has newer files at the same paths.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(
        header::VARY,
        HeaderValue::from_static("Accept, Accept-Encoding"),
    );
    headers.insert(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    headers.insert(header::CONTENT_TYPE, file.content_type());
    *response.body_mut() = if accepts(request, &header::ACCEPT_ENCODING, "gzip") {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        Body::from(Bytes::from_static(file.gzip))
    } else {
        Body::from(decompressed(file.gzip))
    };
    response
}

const REFERRER_POLICY: HeaderName = HeaderName::from_static("referrer-policy");

fn accepts_html(headers: &HeaderMap) -> bool {
    accepts(headers, &header::ACCEPT, mime::TEXT_HTML.as_ref())
}

/// True if a header lists a value by name, and not with the weight 0.
fn accepts(headers: &HeaderMap, name: &HeaderName, value: &str) -> bool {
    let lists = headers.get_all(name).iter();
    let lists = lists.filter_map(|list| list.to_str().ok());
    let mut entries = lists.flat_map(|list| list.split(','));
    entries.any(|entry| {
        let (found, parameters) = entry.split_once(';').unwrap_or((entry, ""));
        let weight = parameters.trim().strip_prefix("q=");
        let is_refused = weight.is_some_and(|weight| weight.trim().parse() == Ok(0.0));
        found.trim().eq_ignore_ascii_case(value) && !is_refused
    })
}
