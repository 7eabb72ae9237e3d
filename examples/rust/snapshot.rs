//! An expensive state, built once.

use cuc_mock::CucMock;

use crate::tool::Tool;

#[test]
fn each_case_starts_from_the_same_state() {
    let mock = CucMock::start_blocking();
    let tool = Tool {
        server: mock.address(),
        user: "admin",
    };
    for number in 0..20 {
        tool.add(&format!("Service {number}")).unwrap();
    }
    mock.snapshot("twenty services");
    for name in ["one", "two", "three"] {
        mock.restore("twenty services");
        tool.add(name).unwrap();
        assert_eq!(tool.services().unwrap().len(), 26);
    }
    mock.reset();
    assert_eq!(tool.services().unwrap().len(), 5);
}

#[test]
fn a_state_becomes_a_fixture() {
    let mock = CucMock::start_blocking();
    let tool = Tool {
        server: mock.address(),
        user: "admin",
    };
    tool.add("Meetings").unwrap();
    let fixture = mock.state();

    let other = CucMock::start_blocking();
    other.set_state(&fixture);
    assert_eq!(other.state(), fixture);
}
