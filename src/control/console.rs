//! The console: a page for browsers that uses the control plane and the vendor's API.

mod assets;

use std::sync::LazyLock;

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use uuid::{Uuid, fmt::Simple};

use super::{ApiError, PREFIX, access::PROTECTION, compressed::decompressed};
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
static ETAGS: LazyLock<Vec<Simple>> = LazyLock::new(|| FILES.iter().map(etag).collect());

fn etag(file: &Asset) -> Simple {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, file.gzip).simple()
}

/// Returns true if a request is for the page, because it comes from a browser.
pub(crate) fn is_page(request: &Request) -> bool {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    is_read && PAGE_PATHS.contains(&request.uri().path()) && accepts_html(request.headers())
}

/// Returns the response to a request for the page, or for one of its files. Like the health of the server, they are open
/// to every client: they contain no data.
pub(crate) fn respond(request: &Request, is_page: bool) -> Option<Response> {
    let name = match is_page {
        true => PAGE,
        false => request.uri().path().strip_prefix(FILES_PREFIX)?,
    };
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = match find(name) {
        Some(file) if is_read => response(file, request.headers()),
        Some(_) => {
            let error = format!(
                "{} is not allowed on a file of the console",
                request.method()
            );
            let error = ApiError::new(StatusCode::METHOD_NOT_ALLOWED, error);
            ([(header::ALLOW, "GET, HEAD")], error).into_response()
        }
        None => {
            let error =
                format!("the console has no such file, expected one that GET {PREFIX} loads");
            ApiError::new(StatusCode::NOT_FOUND, error).into_response()
        }
    };
    response.headers_mut().extend(PROTECTION);
    Some(response)
}

fn find(name: &str) -> Option<(&'static Asset, Simple)> {
    let mut files = FILES.iter().zip(ETAGS.iter().copied());
    files.find(|(file, _)| file.name == name)
}

fn response((file, etag): (&'static Asset, Simple), request: &HeaderMap) -> Response {
    let tags = request.get_all(header::IF_NONE_MATCH).iter();
    let mut tags = tags.filter_map(|tags| tags.to_str().ok());
    let is_gzip = accepts(request, &header::ACCEPT_ENCODING, "gzip");
    // Each form has a tag of its own.
    let etag = format!("\"{etag}{}\"", if is_gzip { "-gzip" } else { "" });
    let is_known = tags.any(|tags| tags.split(',').any(|tag| tag.trim().ends_with(&etag)));
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(
        header::ETAG,
        HeaderValue::try_from(etag).expect("the tag is ASCII"),
    );
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
    *response.body_mut() = if is_gzip {
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
        let mut parts = entry.split(';');
        let is_named = parts
            .next()
            .is_some_and(|name| name.trim().eq_ignore_ascii_case(value));
        let is_refused = parts.any(|parameter| {
            let (name, weight) = parameter.split_once('=').unwrap_or_default();
            name.trim().eq_ignore_ascii_case("q") && weight.trim().parse() == Ok(0.0)
        });
        is_named && !is_refused
    })
}
