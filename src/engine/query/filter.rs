//! Finds the records of a query.

use std::{borrow::Cow, iter, sync::Arc};

use crate::{
    engine::{draft::canonical, render},
    schema::{Access, Condition, Field, Resource},
    store::{Collection, Record, Values, fold},
};

/// The clauses of a query, all of which a record must match.
#[derive(Debug)]
pub(super) struct Filter {
    /// The first one finds the fewest records without a scan.
    clauses: Vec<Clause>,
}

/// One clause: a predicate on the field at `position`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    pub(super) position: usize,
    pub(super) predicate: Predicate,
}

/// A predicate on an element. Its texts are folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Predicate {
    /// The element has this text. `None` is a text that no such field can have.
    Is(Option<String>),
    /// The element starts with this text.
    StartsWith(String),
    /// The element has one of these texts, or none of them.
    Among {
        texts: Vec<String>,
        is_negated: bool,
    },
    /// The record does not show it.
    IsNull,
    /// The record shows it.
    IsNotNull,
}

impl Predicate {
    /// Compares with a value in the canonical form of the field's kind: `1` is `true` for a boolean.
    pub(super) fn is(field: &Field, value: &str) -> Self {
        Self::Is(
            canonical(&field.kind, value)
                .ok()
                .map(|value| fold(&value).into_owned()),
        )
    }

    pub(super) fn starts_with(value: &str) -> Self {
        Self::StartsWith(fold(value).into_owned())
    }

    fn matches(&self, shown: Option<&str>) -> bool {
        match (self, shown) {
            (Self::Is(Some(text)), Some(shown)) => fold(shown) == *text,
            (Self::StartsWith(prefix), Some(shown)) => fold(shown).starts_with(prefix.as_str()),
            (Self::Among { texts, is_negated }, shown) => {
                let shown = shown.map(fold);
                let is_among = shown.is_some_and(|shown| texts.iter().any(|text| *text == shown));
                is_among != *is_negated
            }
            (Self::IsNull, shown) => shown.is_none(),
            (Self::IsNotNull, shown) => shown.is_some(),
            (Self::Is(_) | Self::StartsWith(_), _) => false,
        }
    }
}

impl Clause {
    /// Returns the clause that a field has a value.
    pub(super) fn is(resource: &Resource, position: usize, value: &str) -> Self {
        Self {
            position,
            predicate: Predicate::is(&resource.fields[position], value),
        }
    }

    /// Returns the clause that a condition holds.
    pub(super) fn holds(condition: &Condition<usize>) -> Self {
        let texts = condition.values.iter();
        Self {
            position: condition.field,
            predicate: Predicate::Among {
                texts: texts.map(|text| fold(text).into_owned()).collect(),
                is_negated: condition.is_negated,
            },
        }
    }
}

impl Filter {
    pub(super) fn new(resource: &Resource, mut clauses: Vec<Clause>) -> Self {
        clauses.sort_unstable_by_key(|clause| match &clause.predicate {
            Predicate::Is(None) => 0,
            Predicate::Is(_) if is_indexed_as_shown(resource, clause.position) => 1,
            Predicate::StartsWith(_) if is_indexed_as_shown(resource, clause.position) => 2,
            _ => 3,
        });
        Self { clauses }
    }

    pub(super) fn matches_everything(&self) -> bool {
        self.clauses.is_empty()
    }

    /// Returns the positions of the fields in the clauses.
    pub(super) fn positions(&self) -> impl Iterator<Item = usize> {
        self.clauses.iter().map(|clause| clause.position)
    }

    /// Returns the records that match every clause, oldest first.
    pub(super) fn search<'c>(
        &'c self,
        resource: &'c Resource,
        collection: &'c Collection,
    ) -> impl Iterator<Item = &'c Arc<Record>> {
        self.candidates(resource, collection)
            .filter(move |record| self.matches_all(resource, &record.values))
    }

    /// Returns the records that can match the first clause, oldest first.
    fn candidates<'c>(
        &'c self,
        resource: &Resource,
        collection: &'c Collection,
    ) -> Box<dyn Iterator<Item = &'c Arc<Record>> + 'c> {
        let Some(Clause {
            position,
            predicate,
        }) = self.clauses.first()
        else {
            return Box::new(collection.iter());
        };
        let is_indexed = is_indexed_as_shown(resource, *position);
        match predicate {
            Predicate::Is(None) => Box::new(iter::empty()),
            Predicate::Is(Some(text)) if is_indexed => {
                Box::new(collection.holders(*position, text).map(|(_, found)| found))
            }
            Predicate::StartsWith(prefix) if is_indexed => Box::new(
                collection
                    .starting_with(*position, prefix)
                    .map(|(_, found)| found),
            ),
            _ => Box::new(collection.iter()),
        }
    }

    /// Returns the number of records that can match the first clause.
    pub(super) fn count_candidates(&self, resource: &Resource, collection: &Collection) -> usize {
        let Some(clause) = self.clauses.first() else {
            return collection.len();
        };
        let position = clause.position;
        let is_indexed = is_indexed_as_shown(resource, position);
        match &clause.predicate {
            Predicate::Is(None) => 0,
            Predicate::Is(Some(text)) if is_indexed => collection.count_holders(position, text),
            Predicate::StartsWith(prefix) if is_indexed => {
                collection.count_starting_with(position, prefix)
            }
            _ => collection.len(),
        }
    }

    pub(super) fn matches_all(&self, resource: &Resource, values: &Values) -> bool {
        self.clauses.iter().all(
            |Clause {
                 position,
                 predicate,
             }| {
                let value = compared(resource, *position, values);
                predicate.matches(value.as_deref())
            },
        )
    }
}

/// Returns the value that a query compares: the one that a response shows, or that of an internal field.
pub(super) fn compared<'v>(
    resource: &Resource,
    position: usize,
    values: &'v Values,
) -> Option<Cow<'v, str>> {
    match resource.fields[position].access {
        Access::Internal => values.get(position).map(Cow::Borrowed),
        _ => render::shown(resource, position, values),
    }
}

/// True if the field at `position` has an index, and its values are those that a response shows.
pub(super) fn is_indexed_as_shown(resource: &Resource, position: usize) -> bool {
    let field = &resource.fields[position];
    field.is_indexed && !field.access.is_hidden()
}
