//! Concurrent histories: several clients at once, whose responses must be those of some order of their requests.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::{
        Arc, Barrier,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use axum::http::{HeaderMap, StatusCode};

use super::{
    document,
    draws::Draws,
    rows::{Model, Row},
    server::{Client, Response, Server, XML},
};
use crate::schema::{Catalogue, Release, Resource};

/// The records that the clients share.
const SHARED: usize = 3;
/// The names, so few that clients often want the same one.
const NAMES: [&str; 4] = ["alpha", "beta", "gamma", "delta"];
const SNAPSHOTS: [&str; 2] = ["a", "b"];

/// A request of a client.
#[derive(Clone, Debug)]
enum Request {
    Create(&'static str),
    Rename(usize, &'static str),
    Note(usize, &'static str),
    Delete(usize),
    List,
    Snapshot(&'static str),
    Restore(&'static str),
    DeleteSnapshot(&'static str),
    Reset,
}

/// The records of all moments that a request can return to.
#[derive(Clone)]
struct State {
    model: Model,
    /// The depots of each snapshot.
    snapshots: BTreeMap<&'static str, Vec<Row>>,
}

/// The requests that are done, and the depots and the snapshots after them.
type DeadEnd = (BTreeSet<usize>, Vec<Row>, BTreeMap<&'static str, Vec<Row>>);

/// A request with its response, and the times at which they were sent and received.
#[derive(Debug)]
struct Exchange {
    request: Request,
    sent: u64,
    received: u64,
    response: Response,
}

/// The records of a history, and the resource of all its requests.
struct Specification<'c> {
    catalogue: &'c Catalogue,
    depots: &'c Resource,
    /// The ids of the shared records.
    ids: Vec<String>,
}

/// Runs a number of clients with a few requests each. Fails unless the responses are those of an order of the requests in
/// which each is between its times.
pub(super) fn check(server: &Server, seed: u64) -> Result<(), String> {
    server.space.reset();
    for name in SNAPSHOTS {
        server.space.snapshots.remove(name);
    }
    let catalogue = Arc::clone(&server.space.records.catalogue);
    let depots = catalogue.resource("depots").expect("an invented resource");
    let ids = (0..SHARED).map(|number| {
        let body = format!("<Depot><Name>shared {number}</Name></Depot>");
        let created = server.client.send("POST", "/vmrest/depots", XML, &body);
        created
            .body
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned()
    });
    let specification = Specification {
        catalogue: &catalogue,
        depots,
        ids: ids.collect(),
    };
    let mut draws = Draws(seed);
    let clients = 2 + draws.below(7);
    let requests = 12 / clients + 1;
    let plans: Vec<Vec<_>> = (0..clients)
        .map(|_| (0..requests).map(|_| invent(&mut draws)).collect())
        .collect();
    let mut model = Model::default();
    *model.rows_mut(depots.id) = Model::rows_of(&server.space.records.read(), depots);
    let beginning = State {
        model,
        snapshots: BTreeMap::new(),
    };
    let exchanges = run(server, &specification, &plans);
    if specification.explains(&exchanges, &beginning) {
        return Ok(());
    }
    let shown = exchanges.iter().map(|exchange| {
        let Exchange {
            request,
            sent,
            received,
            response,
        } = exchange;
        format!(
            "{sent} to {received}: {request:?} -> {} {}",
            response.status, response.body
        )
    });
    let shown: Vec<_> = shown.collect();
    Err(format!(
        "no order of the requests explains the responses\n  {}",
        shown.join("\n  ")
    ))
}

fn invent(draws: &mut Draws) -> Request {
    let name = NAMES[draws.below(NAMES.len())];
    let place = draws.below(SHARED);
    let snapshot = SNAPSHOTS[draws.below(SNAPSHOTS.len())];
    match draws.below(16) {
        0..4 => Request::Create(name),
        4..6 => Request::Rename(place, name),
        6..9 => Request::Note(place, name),
        9 => Request::Delete(place),
        10 => Request::Snapshot(snapshot),
        11 => Request::Restore(snapshot),
        12 if draws.percent(50) => Request::DeleteSnapshot(snapshot),
        12 => Request::Reset,
        _ => Request::List,
    }
}

/// Sends the requests of all clients, each on a thread of its own.
fn run(
    server: &Server,
    specification: &Specification<'_>,
    plans: &[Vec<Request>],
) -> Vec<Exchange> {
    let clock = AtomicU64::new(0);
    let barrier = Barrier::new(plans.len());
    let serve = |client: &Client, plan: &[Request]| -> Vec<Exchange> {
        let exchanges = plan.iter().map(|request| {
            let (method, path, body) = specification.request(request);
            let sent = clock.fetch_add(1, Ordering::SeqCst);
            let response = client.send(method, &path, XML, &body);
            let received = clock.fetch_add(1, Ordering::SeqCst);
            Exchange {
                request: request.clone(),
                sent,
                received,
                response,
            }
        });
        exchanges.collect()
    };
    let mut exchanges: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = plans
            .iter()
            .map(|plan| {
                let client = server.client.another();
                let serve = &serve;
                let barrier = &barrier;
                scope.spawn(move || {
                    barrier.wait();
                    serve(&client, plan)
                })
            })
            .collect();
        let exchanges = threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"));
        exchanges.flatten().collect()
    });
    // The records at the end are part of the history.
    exchanges.extend(serve(&server.client, &[Request::List]));
    exchanges
}

impl Specification<'_> {
    fn request(&self, request: &Request) -> (&'static str, String, String) {
        let depots = "/vmrest/depots".to_owned();
        let named = |name: &str| format!("<Depot><Name>{name}</Name></Depot>");
        let snapshot = |name: &str| format!("/__mock/snapshots/{name}");
        match request {
            Request::Create(name) => ("POST", depots, named(name)),
            Request::Rename(place, name) => {
                ("PUT", format!("{depots}/{}", self.ids[*place]), named(name))
            }
            Request::Note(place, text) => (
                "PUT",
                format!("{depots}/{}", self.ids[*place]),
                format!("<Depot><Note>{text}</Note></Depot>"),
            ),
            Request::Delete(place) => (
                "DELETE",
                format!("{depots}/{}", self.ids[*place]),
                String::new(),
            ),
            Request::List => ("GET", depots, String::new()),
            Request::Snapshot(name) => ("PUT", snapshot(name), String::new()),
            Request::Restore(name) => {
                let restore = format!("{}/restore", snapshot(name));
                ("POST", restore, String::new())
            }
            Request::DeleteSnapshot(name) => ("DELETE", snapshot(name), String::new()),
            Request::Reset => ("POST", "/__mock/reset".to_owned(), String::new()),
        }
    }

    /// True if an order of the requests explains their responses.
    fn explains(&self, exchanges: &[Exchange], beginning: &State) -> bool {
        let (mut done, mut dead_ends) = (BTreeSet::new(), HashSet::new());
        self.has_order(exchanges, &mut done, beginning, &mut dead_ends)
    }

    /// True if the remaining requests have an order in which the model gives each its response. Tries every order, but none
    /// twice from the same records.
    fn has_order(
        &self,
        exchanges: &[Exchange],
        done: &mut BTreeSet<usize>,
        state: &State,
        dead_ends: &mut HashSet<DeadEnd>,
    ) -> bool {
        if done.len() == exchanges.len() {
            return true;
        }
        let rows = state.model.rows(self.depots.id).to_vec();
        let dead_end = (done.clone(), rows, state.snapshots.clone());
        if dead_ends.contains(&dead_end) {
            return false;
        }
        let open: Vec<_> = (0..exchanges.len())
            .filter(|number| !done.contains(number))
            .collect();
        // A request that was sent after another one was answered comes after it.
        let first_answer = open.iter().map(|number| exchanges[*number].received).min();
        for number in open {
            let exchange = &exchanges[number];
            if first_answer.is_some_and(|answer| exchange.sent > answer) {
                continue;
            }
            let Some(after) = self.apply(state, exchange) else {
                continue;
            };
            done.insert(number);
            if self.has_order(exchanges, done, &after, dead_ends) {
                return true;
            }
            done.remove(&number);
        }
        dead_ends.insert(dead_end);
        false
    }

    /// Returns the records after a request, if the model gives it the same response.
    fn apply(&self, state: &State, exchange: &Exchange) -> Option<State> {
        let (depots, response) = (self.depots, &exchange.response);
        let model = &state.model;
        let name = depots.position("Name").expect("a field");
        let note = depots.position("Note").expect("a field");
        let id = depots.object_id.expect("a field");
        let rows = model.rows(depots.id);
        let place = |shared: &usize| {
            rows.iter()
                .position(|row| row.get(&id) == Some(&self.ids[*shared]))
        };
        let mut after = state.clone();
        let expected = match &exchange.request {
            Request::Create(text) => {
                let mut row = Row::from([(name, (*text).to_owned())]);
                model.fill_in(depots, &mut row);
                if model
                    .violations(self.catalogue, depots, &row, None)
                    .is_empty()
                {
                    row.insert(id, response.body.rsplit('/').next()?.to_owned());
                    after.model.rows_mut(depots.id).push(row);
                    StatusCode::CREATED
                } else {
                    StatusCode::BAD_REQUEST
                }
            }
            Request::Rename(shared, text) | Request::Note(shared, text) => match place(shared) {
                None => StatusCode::NOT_FOUND,
                Some(index) => {
                    let mut row = rows[index].clone();
                    let field = match exchange.request {
                        Request::Note(..) => note,
                        _ => name,
                    };
                    row.insert(field, (*text).to_owned());
                    if model
                        .violations(self.catalogue, depots, &row, Some(index))
                        .is_empty()
                    {
                        after.model.rows_mut(depots.id)[index] = row;
                        StatusCode::NO_CONTENT
                    } else {
                        StatusCode::BAD_REQUEST
                    }
                }
            },
            Request::Delete(shared) => match place(shared) {
                None => StatusCode::NOT_FOUND,
                Some(index) => {
                    after.model.rows_mut(depots.id).remove(index);
                    StatusCode::NO_CONTENT
                }
            },
            Request::List => {
                let (_, objects) = document::list(&response.body, XML, &depots.element).ok()?;
                let shown = objects.iter().map(|object| {
                    let value = |wanted: &str| {
                        object
                            .iter()
                            .find(|(name, _)| name == wanted)
                            .map(|(_, value)| value)
                    };
                    (value("ObjectId"), value("Name"), value("Note"))
                });
                let known = rows
                    .iter()
                    .map(|row| (row.get(&id), row.get(&name), row.get(&note)));
                return shown.eq(known).then_some(after);
            }
            Request::Snapshot(name) => {
                after.snapshots.insert(name, rows.to_vec());
                StatusCode::NO_CONTENT
            }
            Request::Restore(name) => match state.snapshots.get(name) {
                None => StatusCode::NOT_FOUND,
                Some(saved) => {
                    after.model.rows_mut(depots.id).clone_from(saved);
                    StatusCode::NO_CONTENT
                }
            },
            Request::DeleteSnapshot(name) => match after.snapshots.remove(name) {
                None => StatusCode::NOT_FOUND,
                Some(_) => StatusCode::NO_CONTENT,
            },
            Request::Reset => {
                // The depots are not in the seed.
                after.model.rows_mut(depots.id).clear();
                StatusCode::NO_CONTENT
            }
        };
        let is_alike = response.status == expected
            || response.status.is_client_error() && expected.is_client_error();
        is_alike.then_some(after)
    }
}

#[test]
fn a_history_without_a_valid_order_is_rejected() {
    let server = Server::start(Release::default());
    let catalogue = Arc::clone(&server.space.records.catalogue);
    let specification = Specification {
        catalogue: &catalogue,
        depots: catalogue.resource("depots").expect("an invented resource"),
        ids: Vec::new(),
    };
    let beginning = State {
        model: Model::default(),
        snapshots: BTreeMap::new(),
    };
    let empty = server.client.send("GET", "/vmrest/depots", XML, "").body;
    let exchange = |request, status, body: &str, sent, received| Exchange {
        request,
        sent,
        received,
        response: Response {
            status,
            headers: HeaderMap::new(),
            body: body.to_owned(),
        },
    };
    let create = |sent, received| {
        let path = "/vmrest/depots/1";
        exchange(
            Request::Create("alpha"),
            StatusCode::CREATED,
            path,
            sent,
            received,
        )
    };
    let list = |sent, received| exchange(Request::List, StatusCode::OK, &empty, sent, received);
    let explains = |exchanges: &[Exchange]| specification.explains(exchanges, &beginning);
    assert!(explains(&[create(0, 2), list(1, 3)]));
    assert!(!explains(&[create(0, 1), list(2, 3)]));
    let restore = exchange(Request::Restore("a"), StatusCode::NO_CONTENT, "", 0, 1);
    assert!(!explains(&[restore]));
}
