//! Concurrent clients.

use std::thread;

use cuc_mock::CucMock;

use crate::support::{Client, meeting_place};

const SERVICES: &str = "/vmrest/externalservices";
const CLIENTS: usize = 50;
const ROUNDS: usize = 20;

/// Creates, renames and deletes services, and reads the list in between. Returns the names of the remaining services.
fn run_client(client: Client, number: usize) -> Vec<String> {
    let mut remaining = Vec::new();
    for round in 0..ROUNDS {
        let name = format!("service {number}.{round}");
        let path = client.create(SERVICES, meeting_place().with("DisplayName", &name).xml());
        let renamed = format!(
            "<ExternalService><DisplayName>renamed {name}</DisplayName><Server>{name}</Server></ExternalService>"
        );
        assert_eq!(client.put(&path, renamed).status, 204);
        let list = client.get(SERVICES).body;
        let total = format!(r#"total="{}""#, list.matches("<ExternalService>").count());
        assert!(list.contains(&total), "a list shows one moment");
        let own = list
            .split("<ExternalService>")
            .find(|one| one.contains(&path));
        let own = own.expect("an acknowledged service in the list");
        let expected = format!(
            "<DisplayName>renamed {name}</DisplayName><IsEnabled>true</IsEnabled><Server>{name}</Server>"
        );
        assert!(own.contains(&expected), "no torn read: {own}");
        if round % 2 == 0 {
            assert_eq!(client.delete(&path).status, 204);
        } else {
            remaining.push(format!("<DisplayName>renamed {name}</DisplayName>"));
        }
    }
    remaining
}

#[test]
fn fifty_concurrent_clients_lose_no_update_and_see_no_torn_read() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let remaining: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..CLIENTS)
            .map(|number| scope.spawn(move || run_client(client, number)))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("no panic"))
            .collect()
    });
    let list = client.get(SERVICES).body;
    for name in &remaining {
        assert!(list.contains(name), "{name} is lost");
    }
    assert!(list.contains(&format!(r#"total="{}""#, remaining.len() + 5)));
}

#[test]
fn concurrent_creates_of_one_name_yield_exactly_one_201() {
    let mock = CucMock::start_blocking();
    let client = Client::of(&mock);
    let statuses: Vec<u16> = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| scope.spawn(move || client.post(SERVICES, meeting_place().xml()).status))
            .collect();
        clients
            .into_iter()
            .map(|client| client.join().expect("no panic"))
            .collect()
    });
    let created = statuses.iter().filter(|status| **status == 201);
    assert_eq!(created.count(), 1, "{statuses:?}");
    let rejected = statuses.iter().filter(|status| **status == 400);
    assert_eq!(rejected.count(), CLIENTS - 1, "{statuses:?}");
}
