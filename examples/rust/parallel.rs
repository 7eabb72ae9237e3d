//! One server for many tests, for clients that cannot be pointed at a server each: the user that signs in
//! picks the space, and no test sees what another does.

use std::sync::LazyLock;

use cuc_mock::{CucMock, RequestPattern};

use crate::tool::Tool;

static SERVER: LazyLock<CucMock> = LazyLock::new(CucMock::start_blocking);

#[test]
fn alice_adds_a_service() {
    let space = SERVER.space("alice");
    let tool = Tool {
        uri: SERVER.uri(),
        user: "alice",
    };
    tool.add("Meetings").unwrap();
    assert_eq!(tool.services().unwrap().len(), 6);
    space.verify_blocking(RequestPattern::post("externalservices").exactly(1));
}

#[test]
fn bob_never_sees_it() {
    let space = SERVER.space("bob");
    let tool = Tool {
        uri: SERVER.uri(),
        user: "bob",
    };
    assert_eq!(tool.services().unwrap().len(), 5);
    space.verify_blocking(RequestPattern::post("externalservices").never());
}
