//! Checks that concurrent operations on a space are linearizable: each takes effect at one moment between its call and
//! its return.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{
        Barrier,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    thread,
};

use parking_lot::Mutex;

use super::{Space, SpaceTemplate, seed_source::SeedSource};
use crate::{
    engine::{Element, Target, crud, load::Progress},
    journal::Budget,
    schema::Resource,
};

/// The number of histories, unless [`ROUNDS_VARIABLE`] sets it.
const DEFAULT_ROUNDS: u64 = 1_000;
/// The variable for a longer run.
const ROUNDS_VARIABLE: &str = "CUC_MOCK_TEST_HISTORIES";
const THREADS: u64 = 3;
const OPERATIONS: u64 = 6;

/// The tenants by id, each with its alias and its description.
type Tenants = BTreeMap<String, (String, String)>;

/// The state of a space that no other thread uses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Model {
    tenants: Tenants,
    snapshots: BTreeMap<&'static str, Tenants>,
}

#[derive(Clone, Debug)]
enum Operation {
    Create { alias: String },
    Update { id: String, description: String },
    Delete { id: String },
    List,
    Snapshot(&'static str),
    Restore(&'static str),
    RemoveSnapshot(&'static str),
    Reset,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Output {
    Created(String),
    Done(bool),
    Listed(Tenants),
}

/// An operation with its output, and the times of its call and its return.
#[derive(Debug)]
struct Event {
    operation: Operation,
    output: Output,
    called: u64,
    returned: u64,
}

impl Operation {
    /// Chooses an operation. `ids` are those of all tenants that were created.
    fn choose(random: u64, alias: String, ids: &[String]) -> Self {
        let name = ["a", "b"][(random >> 8) as usize % 2];
        let id = || ids.get((random >> 16) as usize % ids.len().max(1)).cloned();
        match (random % 10, id()) {
            (0, Some(id)) => Self::Delete { id },
            (1 | 2, Some(id)) => Self::Update {
                id,
                description: alias,
            },
            (3, _) => Self::List,
            (4 | 5, _) => Self::Snapshot(name),
            (6 | 7, _) => Self::Restore(name),
            (8, _) if random >> 32 & 1 == 0 => Self::RemoveSnapshot(name),
            (8, _) => Self::Reset,
            _ => Self::Create { alias },
        }
    }

    fn run(&self, space: &Space) -> Output {
        let records = &space.records;
        let tenant = tenant(space);
        match self {
            Self::Create { alias } => {
                let elements = [element("Alias", alias), element("SmtpDomain", alias)];
                match crud::create(records, &Target::collection(tenant), &elements, "") {
                    Ok(path) => {
                        Output::Created(path.rsplit('/').next().unwrap_or_default().to_owned())
                    }
                    Err(_) => Output::Done(false),
                }
            }
            Self::Update { id, description } => {
                let elements = [element("Description", description)];
                Output::Done(crud::update(records, &Target::record(tenant, id), &elements).is_ok())
            }
            Self::Delete { id } => {
                Output::Done(crud::delete(records, &Target::record(tenant, id)).is_ok())
            }
            Self::List => Output::Listed(tenants(space)),
            Self::Snapshot(name) => Output::Done(space.snapshot(name).is_ok()),
            Self::Restore(name) => Output::Done(space.restore(name)),
            Self::RemoveSnapshot(name) => Output::Done(space.snapshots.remove(name)),
            Self::Reset => {
                space.reset();
                Output::Done(true)
            }
        }
    }
}

impl Model {
    /// Applies an operation. Returns false if it cannot have this output.
    fn apply(&mut self, operation: &Operation, output: &Output) -> bool {
        match (operation, output) {
            (Operation::Create { alias }, Output::Created(id)) => {
                let tenant = (alias.clone(), String::new());
                let is_unique = self.tenants.values().all(|(other, _)| other != alias);
                is_unique && self.tenants.insert(id.clone(), tenant).is_none()
            }
            (Operation::Create { alias }, _) => {
                self.tenants.values().any(|(other, _)| other == alias)
            }
            (Operation::Update { id, description }, _) => {
                let tenant = self.tenants.get_mut(id);
                let is_done = tenant.map(|tenant| tenant.1.clone_from(description));
                *output == Output::Done(is_done.is_some())
            }
            (Operation::Delete { id }, _) => {
                *output == Output::Done(self.tenants.remove(id).is_some())
            }
            (Operation::List, Output::Listed(tenants)) => self.tenants == *tenants,
            (Operation::Snapshot(name), _) => {
                self.snapshots.insert(name, self.tenants.clone());
                *output == Output::Done(true)
            }
            (Operation::Restore(name), _) => {
                let saved = self.snapshots.get(name).cloned();
                let is_done = saved.map(|saved| self.tenants = saved).is_some();
                *output == Output::Done(is_done)
            }
            (Operation::RemoveSnapshot(name), _) => {
                *output == Output::Done(self.snapshots.remove(name).is_some())
            }
            (Operation::Reset, _) => {
                self.tenants.clear();
                true
            }
            (Operation::List, _) => false,
        }
    }
}

/// Returns true if the events have an order that agrees with their times and with the model.
fn is_linearizable(events: &[Event]) -> bool {
    let mut visited = HashSet::new();
    let mut open = vec![(0_u64, Model::default())];
    while let Some((done, model)) = open.pop() {
        if done.count_ones() as usize == events.len() {
            return true;
        }
        let pending = || (0..events.len()).filter(|index| done >> index & 1 == 0);
        let first_return = pending().map(|index| events[index].returned).min();
        for index in pending() {
            let event = &events[index];
            let may_be_next = first_return.is_some_and(|returned| event.called <= returned);
            let mut next = model.clone();
            if may_be_next && next.apply(&event.operation, &event.output) {
                let state = (done | 1 << index, next);
                if visited.insert(state.clone()) {
                    open.push(state);
                }
            }
        }
    }
    false
}

/// Runs random operations on several threads. Returns their events.
fn run(space: &Space, round: u64) -> Vec<Event> {
    let (clock, ids) = (AtomicU64::new(0), Mutex::new(Vec::new()));
    let start = Barrier::new(THREADS as usize);
    let run_thread = |number: u64| {
        let mut events = Vec::new();
        start.wait();
        for index in 0..OPERATIONS {
            let random = mix(round << 16 | number << 8 | index);
            let operation = Operation::choose(random, format!("t{number}-{index}"), &ids.lock());
            let called = clock.fetch_add(1, SeqCst);
            let output = operation.run(space);
            let returned = clock.fetch_add(1, SeqCst);
            if let Output::Created(id) = &output {
                ids.lock().push(id.clone());
            }
            events.push(Event {
                operation,
                output,
                called,
                returned,
            });
        }
        events
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|number| scope.spawn(move || run_thread(number)))
            .collect();
        let events = threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"));
        events.flatten().collect()
    })
}

/// Returns the numbers of SplitMix64.
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ mixed >> 31
}

fn element<'e>(name: &'e str, value: &'e str) -> Element<'e> {
    Element {
        name: name.into(),
        value: Some(value.into()),
        at: 0,
    }
}

fn tenant(space: &Space) -> &Resource {
    let tenant = space.records.catalogue.resource("tenants");
    tenant.expect("an embedded resource")
}

fn tenants(space: &Space) -> Tenants {
    let tenant = tenant(space);
    let position = |name| tenant.position(name).expect("a field of a tenant");
    let fields = ["ObjectId", "Alias", "Description"].map(position);
    let store = space.records.read();
    let records = store.collection(tenant.id).iter();
    let values = records
        .map(|record| fields.map(|field| record.values.get(field).unwrap_or_default().to_owned()));
    values
        .map(|[id, alias, text]| (id, (alias, text)))
        .collect()
}

fn empty_space() -> Space {
    let source = SeedSource {
        is_empty: true,
        ..SeedSource::default()
    };
    let store = source.read(&Progress::default()).expect("an empty seed");
    let template = SpaceTemplate::new(source, store, Budget::new(1));
    Space::new("default", 1, &template)
}

#[test]
fn concurrent_operations_are_linearizable() {
    let rounds = std::env::var(ROUNDS_VARIABLE);
    let rounds = rounds.map_or(DEFAULT_ROUNDS, |rounds| rounds.parse().expect("a number"));
    for round in 0..rounds {
        let space = empty_space();
        let mut events = run(&space, round);
        // The final state is part of the history.
        let last = 2 * THREADS * OPERATIONS;
        events.push(Event {
            operation: Operation::List,
            output: Output::Listed(tenants(&space)),
            called: last,
            returned: last + 1,
        });
        events.sort_by_key(|event| event.called);
        assert!(is_linearizable(&events), "round {round}: {events:#?}");
    }
}

#[test]
fn a_history_without_a_valid_order_is_rejected() {
    let event = |operation, output, called, returned| Event {
        operation,
        output,
        called,
        returned,
    };
    let create = |called, returned| {
        let alias = "t".to_owned();
        event(
            Operation::Create { alias },
            Output::Created("1".to_owned()),
            called,
            returned,
        )
    };
    let empty = |called, returned| {
        event(
            Operation::List,
            Output::Listed(Tenants::new()),
            called,
            returned,
        )
    };
    assert!(is_linearizable(&[create(0, 2), empty(1, 3)]));
    assert!(!is_linearizable(&[create(0, 1), empty(2, 3)]));
    let restored = event(Operation::Restore("a"), Output::Done(true), 0, 1);
    assert!(!is_linearizable(&[restored]));
}
