//! A history: operations that the server and the model carry out, and the comparison after each.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use axum::http::{StatusCode, header};
use quick_xml::escape::escape;

use super::{
    document,
    draws::Draws,
    generator, imported,
    query::Query,
    rows::{Model, Row, is_exact, stored},
    server::{JSON, Response, Server, XML},
};
use crate::{
    engine::{
        FixtureChunks,
        load::{Fixture, Progress},
    },
    schema::{Access, Catalogue, Computation, Kind, Resource, ResourceId, Verb},
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

    // --- The verbs ---

    fn create(&mut self, resource: &Resource, draws: &mut Draws) -> Check {
        if resource.verb(Verb::Create).is_none() {
            return Ok(());
        }
        let Some(mut row) = self.path_values(resource, draws) else {
            return Ok(());
        };
        let given = generator::fields(&self.model, resource, None, draws);
        let mut path = collection_path(resource, &with_cases(resource, &row, draws));
        if let Some(template) = draws.pick(&resource.templates) {
            let Some(source) = draws.pick(self.model.rows(template.resource)) else {
                return Ok(());
            };
            let name = source.get(&template.field).cloned().unwrap_or_default();
            let query: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
            path = format!("{path}?{}={query}", template.parameter);
        }
        let media_type = if draws.percent(30) { JSON } else { XML };
        let body = body(resource, &given, media_type);
        let response = self.send("POST", &path, media_type, &body);
        self.count("create", resource, response.status);
        let is_readable = store_given(resource, &given, &mut row, Verb::Create);
        let before = self.model.clone();
        if !is_exact(resource) {
            return self.adopt(&before, &[resource.id], response.status, None);
        }
        self.model.fill_in(resource, &mut row);
        self.add_derived(resource, &mut row);
        let violations = self.model.violations(&self.catalogue, resource, &row, None);
        if !is_readable || !violations.is_empty() {
            return self.expect_refusal(&response, &format!("{violations:?} of {}", resource.path));
        }
        expect(&response, StatusCode::CREATED)?;
        let location = response
            .headers
            .get(header::LOCATION)
            .map(|value| value.to_str().unwrap_or_default().to_owned());
        if !location
            .as_ref()
            .is_some_and(|location| location.ends_with(&response.body))
        {
            return Err(format!(
                "Location is {location:?}, expected {}",
                response.body
            ));
        }
        if let Some(object_id) = resource.object_id {
            let id = response
                .body
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_owned();
            if !self.drawn.insert(id.clone()) {
                return Err(format!("the id {id} was drawn before"));
            }
            row.entry(object_id).or_insert(id);
        }
        if object_path(resource, &row) != response.body {
            return Err(format!(
                "the path is {}, expected {}",
                response.body,
                object_path(resource, &row)
            ));
        }
        self.model
            .create(&Arc::clone(&self.catalogue), resource, row);
        self.compare()?;
        self.probe(resource, self.model.rows(resource.id).len() - 1, draws)
    }

    fn update(&mut self, resource: &Resource, draws: &mut Draws) -> Check {
        let Some(index) = self
            .any_index(resource, draws)
            .filter(|_| resource.verb(Verb::Update).is_some())
        else {
            return Ok(());
        };
        let place = (resource.id, index);
        let stored_row = self.model.rows(resource.id)[index].clone();
        let given = generator::fields(&self.model, resource, Some(&stored_row), draws);
        let media_type = if draws.percent(30) { JSON } else { XML };
        let body = body(resource, &given, media_type);
        let path = asked_path(resource, &stored_row, draws);
        let response = self.send("PUT", &path, media_type, &body);
        self.count("update", resource, response.status);
        if !is_exact(resource) || self.is_hidden_by_another(resource, index) {
            let before = self.model.clone();
            return self.adopt(&before, &[resource.id], response.status, None);
        }
        let mut row = stored_row;
        let is_readable = store_given(resource, &given, &mut row, Verb::Update);
        self.add_derived(resource, &mut row);
        let violations = self
            .model
            .violations(&self.catalogue, resource, &row, Some(index));
        let mut changed = self.model.clone();
        if !is_readable || !violations.is_empty() || !changed.replace(&self.catalogue, place, row) {
            return self.expect_refusal(&response, &format!("{violations:?} of {}", resource.path));
        }
        expect(&response, StatusCode::NO_CONTENT)?;
        self.model = changed;
        self.compare()?;
        self.probe(resource, index, draws)
    }

    fn delete(&mut self, resource: &Resource, draws: &mut Draws) -> Check {
        let Some(index) = self
            .any_index(resource, draws)
            .filter(|_| resource.verb(Verb::Delete).is_some())
        else {
            return Ok(());
        };
        let path = asked_path(resource, &self.model.rows(resource.id)[index], draws);
        let response = self.send("DELETE", &path, XML, "");
        self.count("delete", resource, response.status);
        if self.is_hidden_by_another(resource, index) {
            let before = self.model.clone();
            return self.adopt(&before, &[resource.id], response.status, None);
        }
        let before = self.model.clone();
        let catalogue = Arc::clone(&self.catalogue);
        let Some(affected) = self.model.delete(&catalogue, (resource.id, index)) else {
            self.model = before;
            return self.expect_refusal(&response, "the deletion");
        };
        let is_exact = affected.iter().all(|id| is_exact(&catalogue[*id]));
        if is_exact {
            expect(&response, StatusCode::NO_CONTENT)?;
            return self.compare();
        }
        let predicted = std::mem::replace(&mut self.model, before.clone());
        let affected: Vec<_> = affected.into_iter().collect();
        self.adopt(&before, &affected, response.status, Some(&predicted))
    }

    /// Sets the order of a collection, or of one that lacks an object.
    fn set_order(&mut self, draws: &mut Draws) -> Check {
        let catalogue = Arc::clone(&self.catalogue);
        let path = ORDERED[draws.below(ORDERED.len())];
        let resource = catalogue.resource(path).expect("an invented resource");
        let Some(first) = self.any_index(resource, draws) else {
            return Ok(());
        };
        let first = self.model.rows(resource.id)[first].clone();
        let rows = self.model.rows(resource.id).iter().enumerate();
        let mut indexes: Vec<_> = rows
            .filter(|(_, row)| {
                resource
                    .parameters
                    .iter()
                    .all(|at| row.get(at) == first.get(at))
            })
            .map(|(index, _)| index)
            .collect();
        for place in 1..indexes.len() {
            indexes.swap(place, draws.below(place + 1));
        }
        let is_complete = draws.percent(80);
        if !is_complete {
            indexes.pop();
        }
        let key = resource.key.expect("they have ids");
        let ids = indexes
            .iter()
            .map(|index| &self.model.rows(resource.id)[*index][&key]);
        let element = &resource.element;
        let objects: String = ids
            .map(|id| format!("<{element}><ObjectId>{id}</ObjectId></{element}>"))
            .collect();
        let body = format!("<{0}>{objects}</{0}>", resource.list_element);
        let response = self.send("PUT", &collection_path(resource, &first), XML, &body);
        self.count("set order", resource, response.status);
        if !is_complete {
            return self.expect_refusal(&response, "the missing object");
        }
        expect(&response, StatusCode::NO_CONTENT)?;
        self.model.set_order(resource, &indexes);
        self.compare()
    }

    /// Loses the response of a request that the server carries out, or of one that it does not.
    fn lose_response(&mut self, resource: &Resource, draws: &mut Draws) -> Check {
        let Some(index) = self.any_index(resource, draws) else {
            return Ok(());
        };
        if resource.verb(Verb::Delete).is_none()
            || !is_exact(resource)
            || self.is_hidden_by_another(resource, index)
        {
            return Ok(());
        }
        let is_handled = draws.percent(50);
        let fault = format!(r#"{{"effect":"busy","handled":{is_handled},"times":1}}"#);
        let added = self.send("POST", "/__mock/faults", JSON, &fault);
        if !added.status.is_success() {
            return Err(format!("the fault is refused: {}", added.body));
        }
        let path = asked_path(resource, &self.model.rows(resource.id)[index], draws);
        let response = self.send("DELETE", &path, XML, "");
        expect(&response, StatusCode::SERVICE_UNAVAILABLE)?;
        self.count("lose response", resource, response.status);
        if is_handled {
            let before = self.model.clone();
            let catalogue = Arc::clone(&self.catalogue);
            if self
                .model
                .delete(&catalogue, (resource.id, index))
                .is_none()
            {
                self.model = before;
            }
        }
        self.compare()
    }

    // --- Reads ---

    fn read(&mut self, resource: &Resource, draws: &mut Draws) -> Check {
        let Some(index) = self
            .any_index(resource, draws)
            .filter(|_| resource.verb(Verb::Read).is_some())
        else {
            return Ok(());
        };
        self.read_at(resource, index, draws)
    }

    fn read_at(&mut self, resource: &Resource, index: usize, draws: &mut Draws) -> Check {
        if self.is_hidden_by_another(resource, index) {
            return Ok(());
        }
        let row = self.model.rows(resource.id)[index].clone();
        let media_type = if draws.percent(50) { JSON } else { XML };
        let path = asked_path(resource, &row, draws);
        let response = self.send("GET", &path, media_type, "");
        self.count("read", resource, response.status);
        expect(&response, StatusCode::OK)?;
        let object = document::object(&response.body, media_type)?;
        check_object(resource, &row, &object, (media_type, None))
    }

    fn query(&mut self, resource: &Resource, draws: &mut Draws) -> Check {
        let is_plain =
            resource.list_condition.is_none() && (resource.order.is_none() || is_exact(resource));
        if resource.verb(Verb::List).is_none() || resource.is_computed || !is_plain {
            return Ok(());
        }
        let Some(path) = self.path_values(resource, draws) else {
            return Ok(());
        };
        let query = Query::invent(&self.model, resource, draws);
        self.ask(resource, &path, &query, draws)
    }

    /// Reads a record in both ways after a request has changed it: by its path, and by one of its values.
    fn probe(&mut self, resource: &Resource, index: usize, draws: &mut Draws) -> Check {
        if draws.percent(40) {
            return Ok(());
        }
        self.read_at(resource, index, draws)?;
        let row = &self.model.rows(resource.id)[index];
        if let Some(query) = Query::on(resource, row, draws)
            && resource.verb(Verb::List).is_some()
        {
            let path = row.clone();
            self.ask(resource, &path, &query, draws)?;
        }
        Ok(())
    }

    /// Compares the result of a query for the collection that contains a record with these values.
    fn ask(&mut self, resource: &Resource, path: &Row, query: &Query, draws: &mut Draws) -> Check {
        let is_lent_only = resource.position("IsLent").filter(|_| draws.percent(30));
        let rows: Vec<_> = self
            .model
            .rows(resource.id)
            .iter()
            .filter(|row| {
                resource.parameters.iter().all(|at| {
                    let values = row.get(at).zip(path.get(at));
                    values.is_some_and(|(one, other)| one.eq_ignore_ascii_case(other))
                })
            })
            .collect();
        let rows: Vec<_> = rows
            .into_iter()
            .filter(|row| {
                is_lent_only.is_none_or(|at| row.get(&at).is_some_and(|value| value == "true"))
            })
            .collect();
        let (total, expected) = query.run(resource, &rows);
        let expected: Vec<Row> = expected.into_iter().cloned().collect();
        let media_type = if draws.percent(40) { JSON } else { XML };
        let (path, element) = match is_lent_only {
            Some(_) => ("/vmrest/lentbooks".to_owned(), "LentBook"),
            None => (
                collection_path(resource, &with_cases(resource, path, draws)),
                &*resource.element,
            ),
        };
        let path = format!("{path}?{}", query.encoded(resource));
        let response = self.send("GET", &path, media_type, "");
        self.count("query", resource, response.status);
        expect(&response, StatusCode::OK)?;
        let (found_total, found) = document::list(&response.body, media_type, element)?;
        if found_total != total || found.len() != expected.len() {
            return Err(format!(
                "{} of {found_total} records, expected {} of {total}",
                found.len(),
                expected.len()
            ));
        }
        let lent: Vec<_> = ["ObjectId", "Title", "Pages"]
            .into_iter()
            .filter_map(|name| resource.position(name))
            .collect();
        let fields = match is_lent_only {
            Some(_) => Some(&*lent),
            None => resource.list_fields.as_deref(),
        };
        expected
            .iter()
            .zip(&found)
            .try_for_each(|(row, object)| check_object(resource, row, object, (media_type, fields)))
    }

    // --- States ---

    fn snapshot(&mut self, draws: &mut Draws) -> Check {
        let name = SNAPSHOTS[draws.below(SNAPSHOTS.len())];
        let response = self.send("PUT", &format!("/__mock/snapshots/{name}"), JSON, "");
        if !response.status.is_success() {
            return Err(format!("the snapshot is refused: {}", response.body));
        }
        let saved = (self.model.clone(), self.drawn.clone());
        self.snapshots.insert(name, saved);
        self.compare()
    }

    fn restore(&mut self, draws: &mut Draws) -> Check {
        let name = SNAPSHOTS[draws.below(SNAPSHOTS.len())];
        let response = self.send(
            "POST",
            &format!("/__mock/snapshots/{name}/restore"),
            JSON,
            "",
        );
        let Some((model, drawn)) = self.snapshots.get(name) else {
            return expect(&response, StatusCode::NOT_FOUND);
        };
        if !response.status.is_success() {
            return Err(format!("the restore is refused: {}", response.body));
        }
        self.model = model.clone();
        self.drawn = drawn.clone();
        self.compare()
    }

    fn reset(&mut self, draws: &mut Draws) -> Check {
        if draws.percent(50) {
            self.send("POST", "/__mock/faults", JSON, r#"{"effect":"busy"}"#);
        }
        let response = self.send("POST", "/__mock/reset", JSON, "");
        if !response.status.is_success() {
            return Err(format!("the reset is refused: {}", response.body));
        }
        self.model = self.seed.clone();
        self.drawn.clear();
        let served = self.send("GET", "/vmrest/depots", XML, "");
        expect(&served, StatusCode::OK)?;
        self.compare()
    }

    /// Exports the state, and imports it. Nothing changes.
    fn round_trip(&mut self) -> Check {
        let client = &self.server.client;
        let state = client.send("GET", "/__mock/state", XML, "");
        let imported = client.send("PUT", "/__mock/state", XML, &state.body);
        self.requests
            .push(format!("GET and PUT /__mock/state -> {}", imported.status));
        if !imported.status.is_success() {
            return Err(format!("the state is refused: {}", imported.body));
        }
        self.compare()
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

/// Stores the values of a request in a record. Returns false if one is of another kind than its field.
fn store_given(resource: &Resource, given: &[(usize, String)], row: &mut Row, verb: Verb) -> bool {
    let settable = given
        .iter()
        .filter(|(position, _)| generator::is_settable(resource, *position, verb));
    let has_value = |position: usize| {
        settable
            .clone()
            .any(|(given, text)| *given == position && !text.is_empty())
    };
    for (position, _) in settable
        .clone()
        .filter(|(position, _)| has_value(*position))
    {
        for (other, _) in &resource.fields[*position].clears {
            if !has_value(*other) {
                row.remove(other);
            }
        }
    }
    let mut is_readable = true;
    for (position, text) in settable.clone() {
        let field = &resource.fields[*position];
        let is_kept = verb == Verb::Update && field.access == Access::Secret && text.is_empty();
        let is_cleared = !has_value(*position)
            && settable.clone().any(|(other, _)| {
                let mut cleared = resource.fields[*other].clears.iter();
                has_value(*other) && cleared.any(|(cleared, _)| cleared == position)
            });
        match stored(field.kind, text) {
            _ if field.is_clearable && text.trim().is_empty() => drop(row.remove(position)),
            Some(value) if !is_kept && !is_cleared => drop(row.insert(*position, value)),
            Some(_) => {}
            None => is_readable = false,
        }
    }
    is_readable
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

/// Compares an object in a response with a record. Links are compared where they end with the record's own path.
fn check_object(
    resource: &Resource,
    row: &Row,
    object: &[(String, String)],
    (media_type, only): (&str, Option<&[usize]>),
) -> Check {
    let mut expected = Vec::new();
    for (position, field) in resource.fields.iter().enumerate() {
        if only.is_some_and(|only| !only.contains(&position)) || field.kind == Kind::Link {
            continue;
        }
        let value = row.get(&position);
        match field.access {
            Access::WriteOnly | Access::Internal => {}
            Access::Secret => expected.extend(value.map(|_| (&*field.name, ""))),
            _ => expected.extend(value.map(|value| (&*field.name, value.as_str()))),
        }
    }
    let is_link = |name: &str| {
        resource
            .position(name)
            .is_some_and(|at| resource.fields[at].kind == Kind::Link)
    };
    let found = object.iter().filter(|(name, _)| !is_link(name));
    let found: Vec<_> = found
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    if media_type == JSON {
        // The members of an object have no order.
        expected.sort_unstable();
    }
    if found != expected {
        return Err(format!("the object is {found:?}, expected {expected:?}"));
    }
    for (name, value) in object.iter().filter(|(name, _)| is_link(name)) {
        let position = resource.position(name).expect("a field");
        if let Some(Computation::OwnPath { ending, .. }) =
            resource.fields[position].computation.as_deref()
            && *value != format!("{}{ending}", object_path(resource, row))
        {
            return Err(format!("{name} is {value}, expected the path of {row:?}"));
        }
    }
    Ok(())
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

fn collection_path(resource: &Resource, row: &Row) -> String {
    let mut path = String::new();
    let values = resource.parameters.iter();
    resource
        .path
        .fill(&mut path, values.map(|at| row.get(at).map(String::as_str)));
    path
}

/// Returns the values in the path of a record, some of them in another letter case.
fn with_cases(resource: &Resource, row: &Row, draws: &mut Draws) -> Row {
    let values = resource.identity();
    let values = values.filter_map(|at| Some((at, generator::with_case(row.get(&at)?, draws))));
    values.collect()
}

/// Returns the path of a record as a client may write it.
fn asked_path(resource: &Resource, row: &Row, draws: &mut Draws) -> String {
    object_path(resource, &with_cases(resource, row, draws))
}

fn object_path(resource: &Resource, row: &Row) -> String {
    resource.record_path("", |position| row.get(&position).map(String::as_str))
}

fn body(resource: &Resource, given: &[(usize, String)], media_type: &str) -> String {
    let fields = given
        .iter()
        .map(|(position, value)| (&*resource.fields[*position].name, value));
    if media_type == JSON {
        let members: BTreeMap<_, _> = fields.collect();
        return serde_json::to_string(&members).expect("JSON");
    }
    let elements: String = fields
        .map(|(name, value)| format!("<{name}>{}</{name}>", escape(value)))
        .collect();
    format!("<{0}>{elements}</{0}>", resource.element)
}

/// Returns the beginning of a body.
fn shown(body: &str) -> &str {
    let end = body
        .char_indices()
        .nth(300)
        .map_or(body.len(), |(at, _)| at);
    &body[..end]
}
