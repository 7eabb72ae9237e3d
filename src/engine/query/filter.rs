//! Which records a query finds.

use std::{borrow::Cow, iter, sync::Arc};

use crate::{
    engine::{draft::canonical, render},
    schema::{Access, Field, ResolvedResource, Resource},
    store::{Collection, Record, Values, fold},
};

/// What every record that is found meets.
#[derive(Debug)]
pub(super) struct Filter {
    pub(super) edition: &'static ResolvedResource,
    /// The one that finds the fewest records without a scan comes first.
    clauses: Vec<Clause>,
}

/// One clause: what the element of the field at `position` is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    pub(super) position: usize,
    pub(super) test: Test,
}

/// What an element is held against. Texts are folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// It reads so. `None` is a text that no such field can hold.
    Is(Option<String>),
    /// It begins so.
    StartsWith(String),
    /// The record does not show it.
    IsNull,
    /// The record shows it.
    IsNotNull,
}

impl Test {
    /// That `field` holds what `value` means to its kind: `1` is `true` to a boolean.
    pub(super) fn is(field: &Field, value: &str) -> Self {
        Self::Is(
            canonical(field.kind, &fold(value))
                .ok()
                .map(Cow::into_owned),
        )
    }

    pub(super) fn starts_with(value: &str) -> Self {
        Self::StartsWith(fold(value))
    }

    fn meets(&self, shown: Option<&str>) -> bool {
        match (self, shown) {
            (Self::Is(Some(text)), Some(shown)) => fold(shown) == *text,
            (Self::StartsWith(prefix), Some(shown)) => fold(shown).starts_with(prefix),
            (Self::IsNull, shown) => shown.is_none(),
            (Self::IsNotNull, shown) => shown.is_some(),
            (Self::Is(_) | Self::StartsWith(_), _) => false,
        }
    }
}

impl Filter {
    pub(super) fn new(edition: &'static ResolvedResource, mut clauses: Vec<Clause>) -> Self {
        let resource = edition.resource;
        clauses.sort_by_key(|clause| match &clause.test {
            Test::Is(None) => 0,
            Test::Is(_) if reads_as_indexed(resource, clause.position) => 1,
            Test::StartsWith(_) if reads_as_indexed(resource, clause.position) => 2,
            _ => 3,
        });
        Self { edition, clauses }
    }

    pub(super) fn takes_everything(&self) -> bool {
        self.clauses.is_empty()
    }

    /// Where the fields of the clauses stand in the table.
    pub(super) fn positions(&self) -> impl Iterator<Item = usize> {
        self.clauses.iter().map(|clause| clause.position)
    }

    /// The records that meet every clause, oldest first.
    pub(super) fn search<'c>(
        &'c self,
        collection: &'c Collection,
    ) -> impl Iterator<Item = &'c Arc<Record>> {
        self.candidates(collection)
            .filter(|record| self.meets_all(&record.values))
    }

    /// All records that can meet the first clause, oldest first.
    fn candidates<'c>(
        &'c self,
        collection: &'c Collection,
    ) -> Box<dyn Iterator<Item = &'c Arc<Record>> + 'c> {
        let Some(Clause { position, test }) = self.clauses.first() else {
            return Box::new(collection.iter());
        };
        let is_indexed = reads_as_indexed(self.edition.resource, *position);
        match test {
            Test::Is(None) => Box::new(iter::empty()),
            Test::Is(Some(text)) if is_indexed => {
                Box::new(collection.holders(*position, text).map(|(_, found)| found))
            }
            Test::StartsWith(prefix) if is_indexed => Box::new(
                collection
                    .beginning_with(*position, prefix)
                    .map(|(_, found)| found),
            ),
            _ => Box::new(collection.iter()),
        }
    }

    fn meets_all(&self, values: &Values) -> bool {
        self.clauses.iter().all(|Clause { position, test }| {
            let present = self.edition.at(*position);
            let shown = present.and_then(|present| render::shown(self.edition, present, values));
            test.meets(shown.as_deref())
        })
    }
}

/// Whether the store keeps an index on the field at `position`, of what the element shows.
pub(super) fn reads_as_indexed(resource: &Resource, position: usize) -> bool {
    let field = &resource.fields[position];
    field.is_indexed() && field.access != Access::Secret
}
