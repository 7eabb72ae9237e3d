//! Verification of the requests that the tool sent, and the message of a failure.

use std::{thread, time::Duration};

use cuc_mock::{CucMock, RequestPattern};
use expect_test::expect;

use crate::tool::Tool;

#[test]
fn the_tool_adds_the_service_exactly_once() {
    let mock = CucMock::start_blocking();
    let _expected = mock.expect(RequestPattern::any().method("DELETE").never());
    let tool = Tool {
        server: mock.address(),
        user: "admin",
    };
    let adding = thread::spawn(move || tool.add("Meetings"));
    mock.verify_blocking(
        RequestPattern::post("externalservices")
            .field("DisplayName", "Meetings")
            .exactly(1)
            .within(Duration::from_secs(10)),
    );
    adding.join().unwrap().unwrap();
}

#[test]
fn a_failure_names_the_closest_request_and_the_difference() {
    let mock = CucMock::start_blocking();
    let tool = Tool {
        server: mock.address(),
        user: "admin",
    };
    tool.add("meetings").unwrap();
    let expected = RequestPattern::post("externalservices").field("DisplayName", "Meetings");
    let failure = mock.try_verify_blocking(expected.exactly(1)).unwrap_err();
    expect![[r#"
        expected POST /vmrest/externalservices with the field DisplayName being "Meetings" exactly once
        found 0 among 1 request
        the closest are
          #1 POST /vmrest/externalservices, answered with 201
            field DisplayName: found "meetings", expected "Meetings" (it differs only in case)"#]].assert_eq(&failure.to_string());
}
