//! Going back to the start.

use cuc_mock::CucMock;

use crate::support::{Client, exchange};

const SERVICES: &str = "/vmrest/externalservices";

#[test]
fn a_reset_brings_the_seed_back_and_draws_the_same_ids_again() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let seed = client.get(SERVICES).body;
    let first = client.create(SERVICES, exchange().xml());
    assert_ne!(client.get(SERVICES).body, seed);
    let answer = client.control("POST", "/__mock/reset", "");
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(client.get(SERVICES).body, seed);
    assert_eq!(client.create(SERVICES, exchange().xml()), first);
}
