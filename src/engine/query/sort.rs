//! Sorts the result of a query.

use std::{cmp::Reverse, sync::Arc};

use super::filter::{compared, is_indexed_as_shown};
use crate::{
    schema::{Kind, Resource},
    store::{Order, Record, fold},
};

/// The element that a list is sorted by. Records without a value that a query compares come first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sort {
    pub(super) position: usize,
    /// Sorts from the last to the first. Records with the same value are still oldest first.
    pub(super) is_descending: bool,
}

/// The value that one record is sorted by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(i32),
    Text(String),
}

impl Sort {
    /// Sorts records, which are oldest first.
    pub(super) fn sorted<'r>(
        self,
        resource: &Resource,
        mut records: Vec<&'r Arc<Record>>,
    ) -> Vec<&'r Arc<Record>> {
        if self.is_descending {
            records.sort_by_cached_key(|record| Reverse(self.key(resource, record)));
        } else {
            records.sort_by_cached_key(|record| self.key(resource, record));
        }
        records
    }

    /// Returns the order of the index that equals this one, if there is one.
    pub(super) fn order(self, resource: &Resource) -> Option<Order> {
        let field = &resource.fields[self.position];
        // An index is in the order of texts. Read from its end, it would reverse records with the same value.
        let is_so_sorted = is_indexed_as_shown(resource, self.position)
            && field.kind != Kind::Integer
            && field.unique.is_some();
        is_so_sorted.then_some(Order::By(self.position))
    }

    fn key(self, resource: &Resource, record: &Record) -> Option<Key> {
        let value = compared(resource, self.position, &record.values)?;
        let number = match resource.fields[self.position].kind {
            Kind::Integer => value.parse().ok(),
            _ => None,
        };
        Some(number.map_or_else(|| Key::Text(fold(&value).into_owned()), Key::Number))
    }
}
