//! Many clients at once.

use std::thread;

use cuc_mock::CucMock;

use crate::support::{Client, meeting_place};

const SERVICES: &str = "/vmrest/externalservices";
const CLIENTS: usize = 50;
const ROUNDS: usize = 20;

/// Creates, renames and deletes services, and reads the list between; what is left has the name that
/// is returned.
fn work(client: Client, number: usize) -> Vec<String> {
    let mut left = Vec::new();
    for round in 0..ROUNDS {
        let name = format!("service {number}.{round}");
        let path = client.create(SERVICES, meeting_place().with("DisplayName", &name).xml());
        let renamed = format!(
            "<ExternalService><DisplayName>renamed {name}</DisplayName><Server>{name}</Server></ExternalService>"
        );
        assert_eq!(client.put(&path, renamed).status, 204);
        let list = client.get(SERVICES).body;
        let total = format!(r#"total="{}""#, list.matches("<ExternalService>").count());
        assert!(list.contains(&total), "a list is of one moment");
        let mine = list
            .split("<ExternalService>")
            .find(|one| one.contains(&path));
        let mine = mine.expect("what was acknowledged is in the list");
        let whole = format!(
            "<DisplayName>renamed {name}</DisplayName><IsEnabled>true</IsEnabled><Server>{name}</Server>"
        );
        assert!(mine.contains(&whole), "no torn read: {mine}");
        if round % 2 == 0 {
            assert_eq!(client.delete(&path).status, 204);
        } else {
            left.push(format!("<DisplayName>renamed {name}</DisplayName>"));
        }
    }
    left
}

#[test]
fn no_update_is_lost_and_no_read_is_torn_while_fifty_clients_work_at_once() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let left: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..CLIENTS)
            .map(|number| scope.spawn(move || work(client, number)))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("a worker"))
            .collect()
    });
    let list = client.get(SERVICES).body;
    for name in &left {
        assert!(list.contains(name), "{name} is lost");
    }
    assert!(list.contains(&format!(r#"total="{}""#, left.len() + 5)));
}

#[test]
fn of_many_creates_with_one_name_exactly_one_succeeds() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let created = thread::scope(|scope| {
        let tries: Vec<_> = (0..CLIENTS)
            .map(|_| scope.spawn(move || client.post(SERVICES, meeting_place().xml()).status))
            .collect();
        tries
            .into_iter()
            .filter_map(|handle| handle.join().ok())
            .filter(|status| *status == 201)
            .count()
    });
    assert_eq!(created, 1);
}
