//! A server that fails, to see what the tool makes of it.

use std::io;

use cuc_mock::{CucMock, Fault, RequestPattern};

use crate::tool::Tool;

#[test]
fn the_tool_tries_again_while_the_server_is_busy() {
    let mock = CucMock::start_blocking();
    let tool = Tool {
        uri: mock.uri(),
        user: "admin",
    };
    let busy = mock.fault(
        Fault::busy()
            .on(RequestPattern::post("externalservices"))
            .times(2),
    );
    tool.add_patiently("Meetings").unwrap();
    assert_eq!(busy.hits(), 2);
    mock.verify_blocking(RequestPattern::post("externalservices").exactly(3));
}

#[test]
fn a_service_may_be_there_although_its_answer_was_lost() {
    let mock = CucMock::start_blocking();
    let tool = Tool {
        uri: mock.uri(),
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
