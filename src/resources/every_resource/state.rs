//! The state of a server with an object of each resource.

use std::sync::Arc;

use super::{client::Client, objects::filled, run::Run};
use crate::{
    CucMock,
    schema::{Resource, Verb},
    store::Store,
};

impl Run<'_> {
    /// Creates an object of each resource, and loads the state into another server: all responses are the same.
    pub(super) fn check_state(&self, other: &CucMock) {
        self.mock.reset();
        let catalogue = Arc::clone(self.mock.store().catalogue());
        // No tenant can be created beside users without one.
        for resource in catalogue.resources().iter().rev() {
            self.object(resource);
        }
        let state = self.mock.state();
        other.set_state(&state);
        if other.state() != state {
            let release = self.release;
            self.problems
                .borrow_mut()
                .push(format!("{release}: the state differs"));
        }
        let client = Client::of(other);
        let store = self.store();
        for resource in catalogue.resources() {
            for path in paths(&store, resource) {
                let responses = [&self.client, &client].map(|client| client.get(&path));
                let [one, other] = &responses;
                if one.status != 200 || one != other {
                    self.problem(resource, "", "state", format!("{path}: {one} {other}"));
                }
            }
        }
    }
}

/// Returns the paths of all lists of a resource.
pub(super) fn lists(store: &Store, resource: &Resource) -> Vec<String> {
    let Some(parent) = resource.parent else {
        return vec![format!("/vmrest/{}", resource.path)];
    };
    let parents = store.collection(parent).iter();
    let paths = parents.map(|parent| {
        let fields = resource.parent_fields.iter();
        let values = fields.map(|field| parent.values.get(*field).unwrap_or_default());
        filled(&resource.path, values)
    });
    paths.collect()
}

/// Returns the paths of all lists and objects of a resource that a client can get.
fn paths(store: &Store, resource: &Resource) -> Vec<String> {
    let mut paths = Vec::new();
    if resource.verb(Verb::List).is_some() {
        paths.extend(lists(store, resource));
    }
    if resource.verb(Verb::Read).is_some() {
        let records = store.collection(resource.id).iter();
        paths.extend(
            records.map(|record| resource.record_path("", |position| record.values.get(position))),
        );
    }
    paths
}
