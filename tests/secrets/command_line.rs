//! Secrets in options, variables and the objects of a test.

use std::panic::{AssertUnwindSafe, catch_unwind};

use cuc_mock::{CucMock, RequestPattern, Service};

use super::{Marker, assert_hidden};
use crate::support::{Client, ServerProcess, cuc_mock, output};

#[test]
fn no_secret_of_an_option_or_a_variable_shows() {
    let marker = Marker(0);
    for (arguments, variables) in [
        ("config --user=admin:MARK --control-token=MARK", ""),
        (
            "config",
            "CUC_MOCK_USER=admin:MARK,b:MARK CUC_MOCK_CONTROL_TOKEN=MARK",
        ),
        (
            "--help",
            "CUC_MOCK_USER=admin:MARK CUC_MOCK_CONTROL_TOKEN=MARK",
        ),
        ("export --help", "CUC_MOCK_CONTROL_TOKEN=MARK"),
        ("--user MARK", ""),
        ("--user=:MARK", ""),
        ("--user a:b MARK", ""),
        ("serve --user a:b MARK", ""),
        ("--user a:b --control-token x MARK:y", ""),
        ("config --user a:b MARK", ""),
        ("--user a:b MARK --no-auth", ""),
        ("--user a:MARK --no-auth", ""),
        ("", "CUC_MOCK_USER=MARK"),
        ("--listen http://a:MARK@host:1", ""),
        ("--fixtures x --seed token=MARK", ""),
        ("", "CUC_MOCK_LISTEN=http://a:MARK@host:1"),
        ("export --url http://a:MARK@host", ""),
        ("export --url http://127.0.0.1:1/?token=MARK", ""),
        ("coverage --url https://a:MARK@host", ""),
        ("export", "CUC_MOCK_URL=http://a:MARK@host"),
        ("export --url http://127.0.0.1:1 --token MARK", ""),
        (
            "coverage --url http://127.0.0.1:1",
            "CUC_MOCK_CONTROL_TOKEN=MARK",
        ),
        ("export --token a MARK", ""),
    ] {
        let fill = |text: &str| text.replace("MARK", &marker.text());
        let arguments = fill(arguments);
        let arguments: Vec<_> = arguments.split_whitespace().collect();
        let variables = fill(variables);
        let variables = variables
            .split_whitespace()
            .filter_map(|pair| pair.split_once('='));
        let (_, stdout, stderr) = output(cuc_mock(&arguments).envs(variables));
        assert!(!(stdout.clone() + &stderr).is_empty(), "{arguments:?}");
        let location = arguments.join(" ");
        assert_hidden(
            [(marker, location.as_str())],
            "the output",
            &(stdout + &stderr),
        );
    }
}

#[test]
fn no_secret_of_an_option_shows_while_the_server_runs() {
    let marker = Marker(0);
    let user = format!("admin:{}", marker.text());
    let token = marker.text();
    let options = [
        "--listen",
        "127.0.0.1:0",
        "--log",
        "json",
        "--log-level",
        "trace",
        "--user",
        &user,
        "--control-token",
        &token,
    ];
    let server = ServerProcess::start(&mut cuc_mock(&options));
    let client = server.client();
    let mut shown = server.ready_line.clone();
    for (path, authorization) in [
        ("/__mock/state", format!("Bearer {token}")),
        ("/__mock/requests", format!("Bearer {token}")),
        ("/__mock/metrics", format!("Bearer {token}")),
        ("/__mock/requests", "Bearer other".to_owned()),
        (
            "/vmrest/externalservices",
            format!("Basic {}", marker.basic()),
        ),
        ("/vmrest/externalservices", "Basic YTpi".to_owned()),
    ] {
        let headers = format!("Authorization: {authorization}\r\n");
        shown += &client.request("GET", path, &headers, b"").to_string();
    }
    server.signal("TERM");
    let (_, stdout, stderr) = server.wait_for_exit();
    assert_hidden(
        [(marker, "an option")],
        "the server",
        &(shown + &stdout + &stderr),
    );
}

#[test]
fn no_secret_of_a_test_shows_in_its_panics_errors_and_debug_output() {
    let marker = Marker(0);
    let secret = marker.text();
    let mut shown = Vec::new();
    for service in [
        Service::exchange("Mail").field("ServicePasword", &secret),
        Service::exchange("Mail")
            .account("a", &secret)
            .field("X", "1"),
    ] {
        shown.push(format!("{service:?}"));
        let builder = CucMock::builder()
            .user("a", &secret)
            .service(service.clone());
        shown.push(format!("{builder:?}"));
        let error = builder.try_start().expect_err("an invalid object");
        shown.push(format!("{error} {error:?}"));
        let mock = CucMock::start_blocking();
        let panic = panic_message(|| drop(mock.add_service(service)));
        shown.push(panic);
    }
    let mock = CucMock::builder().user("a", &secret).start_blocking();
    let client = Client::of(&mock);
    let body = format!("<E><ServicePassword>{secret}</ServicePassword></E>");
    let headers = format!("Authorization: Basic {}\r\n", marker.basic());
    client.request(
        "POST",
        "/vmrest/externalservices?pin=a",
        &headers,
        body.as_bytes(),
    );
    shown.push(format!("{mock:?} {:?}", mock.requests()));
    for pattern in [
        RequestPattern::any().field("ServicePassword", &secret),
        RequestPattern::any().header("Authorization", &secret),
        RequestPattern::any().query("pin", &secret),
        RequestPattern::any().field("ServicePassword", "other"),
        RequestPattern::any().header("Authorization", "other"),
    ] {
        shown.push(pattern.to_string());
        let panic = panic_message(|| mock.verify_blocking(pattern));
        shown.push(panic);
    }
    assert_hidden([(marker, "a test")], "the output", &shown.join("\n"));
}

#[track_caller]
fn panic_message(fails: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(fails)).expect_err("a panic");
    panic.downcast_ref::<String>().expect("a message").clone()
}
