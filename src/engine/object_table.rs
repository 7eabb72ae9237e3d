//! Pages of a table with the objects of a resource, for people: of all collections, filtered by a text.

use std::sync::Arc;

use super::{Records, render::shown};
use crate::{
    schema::{Kind, Resource},
    store::{Record, Store},
};

/// A selection of the objects of a resource.
#[derive(Clone, Debug)]
pub(crate) struct ObjectQuery {
    /// A text in one of the values, in any letter case.
    pub(crate) text: Option<String>,
    /// The position and the value of a field.
    pub(crate) field: Option<(usize, String)>,
    /// The position of the field to sort by, and true to begin with the greatest value.
    pub(crate) sort: Option<(usize, bool)>,
    /// The number of objects to skip, and the maximum number to return.
    pub(crate) window: (usize, usize),
}

impl ObjectQuery {
    /// Returns the number of selected objects, and those in the window.
    pub(crate) fn run(
        &self,
        records: &Records,
        store: &Store,
        resource: &Resource,
    ) -> (usize, Vec<Arc<Record>>) {
        match records.computed(store, resource) {
            Some(rows) => self.select(resource, rows.iter()),
            None => self.select(resource, store.collection(resource.id).iter()),
        }
    }

    fn select<'r>(
        &self,
        resource: &Resource,
        all: impl ExactSizeIterator<Item = &'r Arc<Record>>,
    ) -> (usize, Vec<Arc<Record>>) {
        let (skip, take) = self.window;
        let text = self.text.as_ref().map(|text| text.to_lowercase());
        let matches = |record: &&Arc<Record>| {
            let has_value = self.field.as_ref().is_none_or(|(position, value)| {
                let found = record.values.get(*position);
                found.is_some_and(|found| found.eq_ignore_ascii_case(value))
            });
            let has_text = || {
                text.as_ref()
                    .is_none_or(|text| contains(resource, record, text))
            };
            has_value && has_text()
        };
        if self.text.is_none() && self.field.is_none() && self.sort.is_none() {
            let total = all.len();
            return (total, all.skip(skip).take(take).cloned().collect());
        }
        let mut found: Vec<_> = all.filter(matches).collect();
        if let Some((position, is_descending)) = self.sort {
            found.sort_by_cached_key(|record| SortKey::new(resource, position, record));
            if is_descending {
                found.reverse();
            }
        }
        let page = found.iter().skip(skip).take(take);
        (found.len(), page.map(|record| Arc::clone(record)).collect())
    }
}

/// True if a value that responses show contains a text in lower case. Links are left out.
fn contains(resource: &Resource, record: &Record, text: &str) -> bool {
    let fields = resource.fields.iter().enumerate();
    let mut fields = fields.filter(|(_, field)| field.kind != Kind::Link);
    fields.any(|(position, _)| {
        let value = shown(resource, position, &record.values);
        value.is_some_and(|value| value.to_lowercase().contains(text))
    })
}

/// The value of a field, to sort by: numbers by their value, texts in any letter case.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum SortKey {
    Number(i64),
    Text(String),
}

impl SortKey {
    fn new(resource: &Resource, position: usize, record: &Record) -> Self {
        let value = shown(resource, position, &record.values).unwrap_or_default();
        match value.parse() {
            Ok(number) if resource.fields[position].kind == Kind::Integer => Self::Number(number),
            _ => Self::Text(value.to_lowercase()),
        }
    }
}
