//! A mock server of another crate, with the same responses.
//!
//!     peer wiremock|httpmock|mockito CAPTURED.json

mod captured;

use std::{env, future::pending};

use captured::{Answer, Captured, LIST};

#[tokio::main]
async fn main() {
    let arguments: Vec<_> = env::args().collect();
    let captured = Captured::read(&arguments[2]);
    let answers = [
        ("GET", LIST.to_owned(), captured.list),
        ("GET", format!("{LIST}/.+"), captured.object),
        ("POST", LIST.to_owned(), captured.post),
        ("PUT", format!("{LIST}/.+"), captured.put),
        ("DELETE", format!("{LIST}/.+"), captured.delete),
    ];
    match arguments[1].as_str() {
        "wiremock" => wiremock(&answers).await,
        "httpmock" => httpmock(&answers).await,
        "mockito" => mockito(&answers).await,
        other => panic!("there is no peer {other}"),
    }
}

/// The headers, except those that the library sets itself.
fn headers(answer: &Answer) -> impl Iterator<Item = (&str, &str)> {
    let headers = answer.headers.iter();
    headers
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| !matches!(*name, "Content-Length" | "Date" | "Set-Cookie"))
}

fn is_pattern(path: &str) -> bool {
    path.ends_with(".+")
}

async fn wiremock(answers: &[(&str, String, Answer)]) {
    use wiremock::{Mock, MockServer, ResponseTemplate, matchers};
    // The recording of requests remains enabled, because other peers record requests too.
    let server = MockServer::start().await;
    for (verb, path, answer) in answers {
        let mut template = ResponseTemplate::new(answer.status);
        for (name, value) in headers(answer) {
            template = template.append_header(name, value);
        }
        if !answer.body.is_empty() {
            template = template.set_body_bytes(answer.body.as_bytes());
        }
        let mock = Mock::given(matchers::method(*verb));
        let mock = match is_pattern(path) {
            true => mock.and(matchers::path_regex(path.as_str())),
            false => mock.and(matchers::path(path.as_str())),
        };
        mock.respond_with(template).mount(&server).await;
    }
    println!("listening on {}", server.address());
    pending::<()>().await;
}

async fn httpmock(answers: &[(&str, String, Answer)]) {
    use httpmock::{Method, MockServer};
    let server = MockServer::start_async().await;
    for (verb, path, answer) in answers {
        let verb: Method = verb.parse().expect("a method");
        server
            .mock_async(|when, then| {
                let when = when.method(verb);
                match is_pattern(path) {
                    true => when.path_matches(path.as_str()),
                    false => when.path(path),
                };
                let mut then = then.status(answer.status);
                for (name, value) in headers(answer) {
                    then = then.header(name, value);
                }
                then.body(&answer.body);
            })
            .await;
    }
    println!("listening on {}", server.address());
    pending::<()>().await;
}

async fn mockito(answers: &[(&str, String, Answer)]) {
    use mockito::{Matcher, Server};
    let mut server = Server::new_async().await;
    let mut mocks = Vec::new();
    for (verb, path, answer) in answers {
        let mock = match is_pattern(path) {
            true => server.mock(verb, Matcher::Regex(path.clone())),
            false => server.mock(verb, path.as_str()),
        };
        let mut mock = mock
            .with_status(answer.status.into())
            .with_body(&answer.body);
        for (name, value) in headers(answer) {
            mock = mock.with_header(name, value);
        }
        mocks.push(mock.expect_at_least(0).create_async().await);
    }
    println!("listening on {}", server.host_with_port());
    pending::<()>().await;
}
