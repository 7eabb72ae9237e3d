//! One server for many tests, for clients that cannot use a server each. The user name selects the space, so no test sees
//! the changes of another.

use std::sync::LazyLock;

use cuc_mock::{CucMock, RequestPattern};

use crate::tool::Tool;

static SERVER: LazyLock<CucMock> = LazyLock::new(CucMock::start_blocking);

#[test]
fn alice_adds_a_service() {
    let space = SERVER.space("alice");
    let tool = Tool {
        server: SERVER.address(),
        user: "alice",
    };
    tool.add("Meetings").unwrap();
    assert_eq!(tool.services().unwrap().len(), 6);
    space.verify_blocking(RequestPattern::post("externalservices").exactly(1));
}

#[test]
fn bob_does_not_see_it() {
    let space = SERVER.space("bob");
    let tool = Tool {
        server: SERVER.address(),
        user: "bob",
    };
    assert_eq!(tool.services().unwrap().len(), 5);
    space.verify_blocking(RequestPattern::post("externalservices").never());
}
