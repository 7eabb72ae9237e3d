//! A server for one test. It starts with the vendor's sample objects and stops when it is dropped.

use cuc_mock::{CucMock, Release, Service};

use crate::tool::Tool;

#[test]
fn the_tool_adds_a_service() {
    let mock = CucMock::start_blocking();
    let tool = Tool {
        server: mock.address(),
        user: "admin",
    };
    tool.add("Meetings").unwrap();
    assert!(tool.services().unwrap().contains(&"Meetings".to_owned()));
}

#[tokio::test]
async fn the_tool_lists_the_services_of_a_later_release() {
    let mock = CucMock::builder()
        .release(Release::V12_5)
        .empty()
        .service(Service::exchange("Mail").server("10.0.0.7"))
        .service(Service::office_365("Cloud"))
        .start()
        .await;
    let tool = Tool {
        server: mock.address(),
        user: "admin",
    };
    assert_eq!(tool.services().unwrap(), ["Mail", "Cloud"]);
}
