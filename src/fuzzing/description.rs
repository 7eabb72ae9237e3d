//! Descriptions of resources, of responses and of error responses.

use std::sync::LazyLock;

use axum::http::{Method, StatusCode};

use super::{
    place::{check_diagnostics, check_error},
    server::{call, new_server},
};
use crate::{
    app::App,
    engine::{
        description::{Document, read_document},
        load::{Attachments, Diagnostics, Fixture},
    },
    http::Authentication,
    resources::compile_catalogue,
    schema::{Release, Resource, Verb},
};

/// The path of a space with resources of its own.
const SPACE: &str = "/__mock/spaces/described";
/// A server with this space, in whose name a client signs in.
static SERVER: LazyLock<App> = LazyLock::new(|| {
    let app = new_server(Authentication::AnyUser);
    let space = br#"{"name":"described"}"#;
    let created = call(&app, Method::POST, "/__mock/spaces", space);
    assert_eq!(created.map(|(status, _)| status), Some(StatusCode::CREATED));
    app
});

/// Reads and checks a document of `--resources`. Compiles a catalogue with it, and a space serves the described resources.
///
/// # Panics
///
/// Panics if an error has no place in the document or no message, or if a request to the space is answered with 500.
pub fn description(document: &[u8]) {
    let reading = read_document(document, &Attachments::default());
    if !reading.errors.is_empty() {
        for error in &reading.errors {
            check_error(error, document.len());
        }
        return;
    }
    let fixtures = [Fixture::new("description.xml", document.to_vec())];
    match compile_catalogue(Release::default(), &[&fixtures], Diagnostics::default()) {
        Ok(catalogue) => {
            let resources = match &reading.content {
                Some(Document::Resources(described)) => described.as_slice(),
                _ => &[],
            };
            let paths = resources.iter().map(|description| &*description.path);
            serve(document, paths.filter_map(|path| catalogue.resource(path)));
        }
        Err(diagnostics) => check_diagnostics(&diagnostics, document),
    }
}

/// Gives the descriptions to the space, and sends requests to the resources.
fn serve<'r>(document: &[u8], resources: impl Iterator<Item = &'r Resource>) {
    let answer = |method, path: &str, body: &[u8]| {
        let (status, _) = call(&SERVER, method, path, body)?;
        assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        Some(status)
    };
    let put = answer(Method::PUT, &format!("{SPACE}/resources"), document);
    // The seed of the server need not conform to the descriptions.
    if put != Some(StatusCode::NO_CONTENT) {
        return;
    }
    for resource in resources {
        let path = format!("/vmrest/{}", resource.path.as_str().replace(['{', '}'], ""));
        answer(Method::GET, &path, b"");
        answer(Method::GET, &format!("{path}/x"), b"");
        if resource.verb(Verb::Create).is_some() {
            let element = &resource.element;
            let object = format!("<{element}/>");
            answer(Method::POST, &path, object.as_bytes());
        }
        answer(
            Method::GET,
            &format!("/vmrest/schema/{}", resource.element),
            b"",
        );
    }
    answer(Method::GET, "/vmrest/application.wadl", b"");
}
