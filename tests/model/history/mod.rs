//! A history: operations that the server and the model carry out, and the comparison after each.

mod reads;
mod requests;
mod states;
mod verbs;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use axum::http::StatusCode;

use requests::{object_path, shown};

use super::{
    draws::Draws,
    imported,
    rows::{Model, Row, is_exact},
    server::{Response, Server},
};
use crate::{
    engine::{
        FixtureChunks,
        load::{Fixture, Progress},
    },
    schema::{Catalogue, Resource, ResourceId},
    store::Store,
};

/// One operation, as plain numbers, so that any part of a history is a history.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operation {
    /// Selects the kind of the operation.
    pub(super) kind: u8,
    /// Selects a resource.
    pub(super) resource: u16,
    /// Determines everything else.
    pub(super) choices: u32,
}

/// The numbers of operations, by their kind and outcome.
pub(super) type Counts = BTreeMap<String, usize>;

/// The paths of the invented resources, which are more frequent than the others.
const LIBRARY: [&str; 11] = [
    "depots",
    "shelves",
    "books",
    "books/{BookObjectId}/chapters",
    "books/{BookObjectId}/chapters/{ChapterNumber}/notes",
    "tags",
    "racks",
    "racks/{RackName}/slots",
    "posters",
    "shelves/{ShelfObjectId}/stickers",
    "depots/{DepotObjectId}/lock",
];
/// The paths of those with an order that a client sets.
const ORDERED: [&str; 2] = ["posters", "shelves/{ShelfObjectId}/stickers"];
const SNAPSHOTS: [&str; 3] = ["first", "second", "third"];

/// A history in progress.
pub(super) struct History<'s> {
    server: &'s Server,
    catalogue: Arc<Catalogue>,
    /// The store after the last operation. It has the records of the model.
    store: Arc<Store>,
    model: Model,
    /// The model after the last comparison.
    compared: Model,
    /// The ids that new records have got. None is drawn twice.
    drawn: BTreeSet<String>,
    seed: Model,
    snapshots: BTreeMap<&'static str, (Model, BTreeSet<String>)>,
    /// The requests so far, with the statuses of their responses.
    pub(super) requests: Vec<String>,
    pub(super) counts: Counts,
}

/// A difference between the server and the model.
type Check = Result<(), String>;

impl<'s> History<'s> {
    /// Begins with the seed, and a number of further records of each invented resource.
    pub(super) fn begin(server: &'s Server, records: usize) -> Self {
        for snapshot in SNAPSHOTS {
            server.space.snapshots.remove(snapshot);
        }
        server.space.reset();
        let store = server.space.records.read();
        let mut history = Self {
            server,
            catalogue: Arc::clone(store.catalogue()),
            store: Arc::new(Store::new(Arc::clone(store.catalogue()))),
            model: Model::default(),
            compared: Model::default(),
            drawn: BTreeSet::new(),
            seed: Model::default(),
            snapshots: BTreeMap::new(),
            requests: Vec::new(),
            counts: Counts::new(),
        };
        history.seed = history.beginning(0);
        history.model = history.seed.clone();
        if records > 0 {
            history.model = history.beginning(records);
        }
        history.compared = history.model.clone();
        history
    }

    /// Returns the records that a history begins with, and gives them to the server. They are imported only once.
    fn beginning(&mut self, records: usize) -> Model {
        let name = format!("{records} records");
        let known = self.server.beginnings.borrow().get(&records).cloned();
        if let Some(model) = known {
            self.server.space.restore(&name);
            self.store = self.server.space.records.read();
            return model;
        }
        if records > 0 {
            self.import_records(records);
        }
        self.adopt_all();
        let saved = self.server.space.snapshot(&name);
        saved.expect("there are few snapshots");
        let mut beginnings = self.server.beginnings.borrow_mut();
        beginnings.insert(records, self.model.clone());
        self.model.clone()
    }

    /// Takes all records of the server into the model.
    fn adopt_all(&mut self) {
        let store = self.server.space.records.read();
        for resource in self.catalogue.resources() {
            if !store.shares(&self.store, resource.id)
                || !self.model.shares(&self.compared, resource.id)
            {
                *self.model.rows_mut(resource.id) = Model::rows_of(&store, resource);
            }
        }
        self.store = store;
        self.compared = self.model.clone();
    }

    fn import_records(&mut self, records: usize) {
        let exported = FixtureChunks::new(Arc::clone(&self.store)).into_document();
        let document = String::from_utf8(exported).expect("UTF-8");
        let fixture = Fixture::new("bulk.xml", imported::with_records(&document, records));
        let loaded = self.server.space.load(fixture, &Progress::default());
        loaded.unwrap_or_else(|errors| panic!("the records have errors: {errors}"));
    }

    fn library(&self, number: usize) -> &Resource {
        self.catalogue
            .resource(LIBRARY[number])
            .expect("an invented resource")
    }

    /// Carries out an operation on the server and in the model, and compares them.
    pub(super) fn step(&mut self, operation: Operation) -> Check {
        let mut draws = Draws(operation.choices.into());
        let number = usize::from(operation.resource);
        let id = match number % 5 {
            // Most histories concentrate on the resources that the model predicts.
            0..4 => self.library(number / 5 % LIBRARY.len()).id,
            _ => self.catalogue.resources()[number / 5 % self.catalogue.resources().len()].id,
        };
        let catalogue = Arc::clone(&self.catalogue);
        let resource = &catalogue[id];
        match operation.kind % 100 {
            0..26 => self.create(resource, &mut draws),
            26..46 => self.update(resource, &mut draws),
            46..62 => self.delete(resource, &mut draws),
            62..82 => self.query(resource, &mut draws),
            82..88 => self.read(resource, &mut draws),
            88..91 => self.snapshot(&mut draws),
            91..94 => self.restore(&mut draws),
            94 => self.reset(&mut draws),
            // It takes as long as many other operations.
            95 if draws.percent(15) => self.round_trip(),
            96..98 => self.set_order(&mut draws),
            _ => self.lose_response(resource, &mut draws),
        }
    }

    fn send(&mut self, method: &str, path: &str, media_type: &str, body: &str) -> Response {
        let response = self.server.client.send(method, path, media_type, body);
        let status = response.status.as_u16();
        self.requests.push(format!(
            "{method} {} {} -> {status} {}",
            shown(path),
            shown(body),
            shown(&response.body)
        ));
        response
    }

    fn count(&mut self, what: &str, resource: &Resource, status: StatusCode) {
        let class = if status.is_success() {
            "accepted"
        } else {
            "refused"
        };
        *self.counts.entry(format!("{what} {class}")).or_default() += 1;
        if status.is_success() {
            *self
                .counts
                .entry(format!("{what} of {}", resource.path))
                .or_default() += 1;
        }
    }

    // --- Comparisons ---

    /// Compares all records of the server with those of the model.
    fn compare(&mut self) -> Check {
        let store = self.server.space.records.read();
        for resource in self.catalogue.resources() {
            // Neither the server nor the model has changed these records since the last comparison.
            if store.shares(&self.store, resource.id)
                && self.model.shares(&self.compared, resource.id)
            {
                continue;
            }
            let expected = self.model.rows(resource.id);
            let found = Model::rows_of(&store, resource);
            if found != expected {
                let difference = difference(resource, expected, &found);
                return Err(format!("the records of {}: {difference}", resource.path));
            }
        }
        self.store = store;
        self.compared = self.model.clone();
        Ok(())
    }

    /// Takes the changes that a behaviour makes into the model, after a check of those that may not be: a refused request
    /// changes nothing, records of other resources remain, a deletion deletes what it must, and all references and unique
    /// values hold.
    fn adopt(
        &mut self,
        before: &Model,
        changed: &[ResourceId],
        status: StatusCode,
        predicted: Option<&Model>,
    ) -> Check {
        if !status.is_success() {
            if status.is_server_error() {
                return Err(format!("the status is {status}"));
            }
            return self.compare();
        }
        self.adopt_all();
        let catalogue = Arc::clone(&self.catalogue);
        for resource in catalogue.resources() {
            let found = self.model.rows(resource.id);
            if found == before.rows(resource.id) {
                continue;
            }
            if predicted.is_none() && !changed.contains(&resource.id) {
                check_bystanders(resource, before.rows(resource.id), found)?;
            }
            if let Some(predicted) = predicted {
                // A deletion may delete more records than the references require, and never adds any.
                let missing = found.iter().find(|row| {
                    !before
                        .rows(resource.id)
                        .iter()
                        .any(|other| is_alike(resource, row, other))
                });
                let kept = found
                    .iter()
                    .filter(|row| {
                        !predicted
                            .rows(resource.id)
                            .iter()
                            .any(|other| is_alike(resource, row, other))
                    })
                    .count();
                if kept > 0 || missing.is_some() {
                    return Err(format!(
                        "{kept} records of {} are still there, {missing:?} is new",
                        resource.path
                    ));
                }
            }
            for (index, row) in found.iter().enumerate() {
                self.check_row(resource, row, index)?;
            }
        }
        Ok(())
    }

    /// Checks the references and the unique values of a record.
    fn check_row(&self, resource: &Resource, row: &Row, index: usize) -> Check {
        let broken = self.model.conflicts(resource, row, index);
        match broken.first() {
            Some(position) => {
                let name = &resource.fields[*position].name;
                Err(format!(
                    "{name} of {} {row:?} conflicts with another record",
                    resource.path
                ))
            }
            None => Ok(()),
        }
    }

    fn expect_refusal(&mut self, response: &Response, reason: &str) -> Check {
        if !response.status.is_client_error() {
            return Err(format!(
                "the status is {}, expected a refusal because of {reason}",
                response.status
            ));
        }
        self.compare()
    }

    // --- Places ---

    /// Returns the index of any record of a resource.
    fn any_index(&self, resource: &Resource, draws: &mut Draws) -> Option<usize> {
        let count = self.model.rows(resource.id).len();
        (count > 0 && !resource.is_computed).then(|| draws.below(count))
    }

    /// True if an earlier record has the same path, which a request then means. Fixtures cannot contain both.
    fn is_hidden_by_another(&self, resource: &Resource, index: usize) -> bool {
        let rows = self.model.rows(resource.id);
        let path = object_path(resource, &rows[index]);
        rows[..index]
            .iter()
            .any(|row| object_path(resource, row).eq_ignore_ascii_case(&path))
    }

    /// Returns the values in the path of a collection: those of a record above it, if there is one.
    fn path_values(&self, resource: &Resource, draws: &mut Draws) -> Option<Row> {
        if resource.parameters.is_empty() {
            return Some(Row::new());
        }
        let rows = self.model.rows(resource.parent?);
        let above = draws.pick(rows)?;
        let fields = resource.parameters.iter().zip(&resource.parent_fields);
        fields
            .map(|(position, field)| Some((*position, above.get(field)?.clone())))
            .collect()
    }

    fn add_derived(&self, resource: &Resource, row: &mut Row) {
        for position in 0..resource.fields.len() {
            match self.model.derived(&self.catalogue, resource, row, position) {
                Some(Some(value)) => drop(row.insert(position, value)),
                Some(None) => drop(row.remove(&position)),
                None => {}
            }
        }
    }
}

/// Checks the records of a resource after a request to another one: a behaviour may have added some, and values that refer to
/// others, or follow from them, may have changed.
fn check_bystanders(resource: &Resource, before: &[Row], after: &[Row]) -> Check {
    if !is_exact(resource) {
        return Ok(());
    }
    let may_change = |position: &usize| {
        let field = &resource.fields[*position];
        field.reference.is_some() || field.is_derived() || resource.parameters.contains(position)
    };
    let fixed = |row: &Row| -> Row {
        let values = row.iter().filter(|(position, _)| !may_change(position));
        values
            .map(|(position, value)| (*position, value.clone()))
            .collect()
    };
    let lost = before
        .iter()
        .find(|row| !after.iter().any(|other| fixed(other) == fixed(row)));
    lost.map_or(Ok(()), |row| {
        Err(format!("{row:?} of {} is lost", resource.path))
    })
}

/// True if two rows are the same record, some values of which may have changed.
fn is_alike(resource: &Resource, one: &Row, other: &Row) -> bool {
    resource
        .identity()
        .all(|position| one.get(&position) == other.get(&position))
}

fn expect(response: &Response, status: StatusCode) -> Check {
    if response.status == status {
        return Ok(());
    }
    Err(format!(
        "the status is {}, expected {status}: {}",
        response.status,
        shown(&response.body)
    ))
}

fn difference(resource: &Resource, expected: &[Row], found: &[Row]) -> String {
    let index = expected
        .iter()
        .zip(found)
        .position(|(one, other)| one != other);
    let index = index.unwrap_or(expected.len().min(found.len()));
    let named = |row: Option<&Row>| {
        let fields = row.into_iter().flatten();
        let fields =
            fields.map(|(position, value)| format!("{}={value}", resource.fields[*position].name));
        fields.collect::<Vec<_>>().join(" ")
    };
    format!(
        "{} found, {} expected; number {index} is {:?}, expected {:?}",
        found.len(),
        expected.len(),
        named(found.get(index)),
        named(expected.get(index))
    )
}
