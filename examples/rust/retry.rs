//! A server that fails, to test how the tool copes.

use std::io;

use cuc_mock::{CucMock, Fault, RequestPattern};

use crate::tool::Tool;

#[test]
fn the_tool_retries_while_the_server_is_busy() {
    let mock = CucMock::start_blocking();
    let tool = Tool {
        server: mock.address(),
        user: "admin",
    };
    let busy = mock.fault(
        Fault::busy()
            .on(RequestPattern::post("externalservices"))
            .times(2),
    );
    tool.add_with_retries("Meetings").unwrap();
    assert_eq!(busy.hits(), 2);
    mock.verify_blocking(RequestPattern::post("externalservices").exactly(3));
}

#[test]
fn a_service_can_exist_although_its_response_was_lost() {
    let mock = CucMock::start_blocking();
    let tool = Tool {
        server: mock.address(),
        user: "admin",
    };
    mock.fault(
        Fault::reset()
            .handled()
            .on(RequestPattern::post("externalservices"))
            .times(1),
    );
    let Err(ureq::Error::Io(error)) = tool.add("Meetings") else {
        panic!("the connection was reset");
    };
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    assert!(tool.services().unwrap().contains(&"Meetings".to_owned()));
}
