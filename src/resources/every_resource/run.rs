//! The checks of one release.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use super::{
    client::Client,
    document::DocumentField,
    exceptions::{EXCEPTIONS, Exception},
    values::Sampler,
};
use crate::{
    CucMock,
    schema::{Release, Resource, Verb},
    store::Store,
};

/// The name of the snapshot to which each check returns.
pub(super) const BEFORE: &str = "before";

/// The checks of one release.
pub(super) struct Run<'m> {
    pub(super) release: Release,
    pub(super) mock: &'m CucMock,
    pub(super) client: Client,
    pub(super) problems: RefCell<Vec<String>>,
    /// The exceptions that were needed.
    needed: RefCell<BTreeSet<usize>>,
    pub(super) schemas: RefCell<BTreeMap<String, Arc<[DocumentField]>>>,
    /// The number of records created so far.
    pub(super) created: Cell<usize>,
}

impl<'m> Run<'m> {
    pub(super) fn of(release: Release, mock: &'m CucMock) -> Self {
        Self {
            release,
            mock,
            client: Client::of(mock),
            problems: RefCell::default(),
            needed: RefCell::default(),
            schemas: RefCell::default(),
            created: Cell::new(0),
        }
    }

    /// Checks all resources. Returns the problems, and the exceptions that were needed. `other` is an empty server.
    pub(super) fn report(self, other: &CucMock) -> (Vec<String>, Vec<usize>) {
        let catalogue = Arc::clone(self.mock.store().catalogue());
        for resource in catalogue.resources() {
            self.mock.reset();
            self.check_built_in(resource);
            self.check(resource);
        }
        self.check_state(other);
        let needed = self.needed.into_inner();
        (self.problems.into_inner(), needed.into_iter().collect())
    }

    pub(super) fn problem(
        &self,
        resource: &Resource,
        field: &str,
        check: &str,
        detail: impl fmt::Display,
    ) {
        if let Some((number, _)) = exception(resource, field, check) {
            self.needed.borrow_mut().insert(number);
            return;
        }
        let (release, path) = (self.release, &resource.path);
        let problem = format!("{release}\t{path}\t{field}\t{check}\t{detail}");
        self.problems.borrow_mut().push(problem);
    }

    /// Checks one resource.
    fn check(&self, resource: &Resource) {
        if Verb::ALL.iter().all(|verb| resource.verb(*verb).is_none()) {
            return;
        }
        self.add_targets(resource, 2);
        let Some(mut object) = self.object(resource) else {
            self.problem(resource, "", "object", "there is none");
            return;
        };
        self.mock.snapshot(BEFORE);
        let shown = self.check_reading(resource, &object);
        self.check_queries(resource, &object, &shown);
        self.check_other_lists(resource, &object);
        let other = self.check_creates(resource, &object);
        // A new object may have another place.
        if let Some(values) = self.values_at(resource, &object.path) {
            object.values = values;
        }
        self.mock.snapshot(BEFORE);
        if resource.verb(Verb::Update).is_some() {
            for position in 0..resource.fields.len() {
                self.check_updates(resource, &object, position);
                self.check_wrong_updates(resource, &object, other.as_ref(), position);
            }
            self.mock.restore(BEFORE);
            self.check_ignored(resource, &object);
        }
        self.check_audio(resource, &object);
        self.check_deletion(resource, &object);
    }

    pub(super) fn store(&self) -> Arc<Store> {
        self.mock.store()
    }

    pub(super) fn sampler<'s>(&self, store: &'s Store, resource: &'s Resource) -> Sampler<'s> {
        Sampler {
            store,
            resource,
            number: self.created.get(),
        }
    }
}

/// Returns the exception of a check of a field, with its number.
pub(super) fn exception(
    resource: &Resource,
    field: &str,
    check: &str,
) -> Option<(usize, &'static Exception)> {
    let mut exceptions = EXCEPTIONS.iter().enumerate();
    exceptions.find(|(_, exception)| exception.is_of(resource.path.as_str(), field, check))
}
