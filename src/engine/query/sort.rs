//! The order of what a query finds.

use std::{cmp::Reverse, sync::Arc};

use super::filter::reads_as_indexed;
use crate::{
    engine::render,
    schema::{Kind, ResolvedResource},
    store::{Order, Record, fold},
};

/// By which element a list is sorted. A record that does not show it comes before all others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sort {
    pub(super) edition: &'static ResolvedResource,
    pub(super) position: usize,
    /// From the last to the first; records with the same value still come oldest first.
    pub(super) descending: bool,
}

/// What one element is sorted by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(i32),
    Text(String),
}

impl Sort {
    /// `records`, which come oldest first, in this order.
    pub(super) fn sorted(self, mut records: Vec<&Arc<Record>>) -> Vec<&Arc<Record>> {
        if self.descending {
            records.sort_by_cached_key(|record| Reverse(self.key(record)));
        } else {
            records.sort_by_cached_key(|record| self.key(record));
        }
        records
    }

    /// The order of an index that is this one.
    pub(super) fn order(self) -> Option<Order> {
        let field = &self.edition.resource.fields[self.position];
        // An index is in the order of texts, and its end to its beginning turns round what is alike.
        let is_so_sorted = reads_as_indexed(self.edition.resource, self.position)
            && field.kind != Kind::Integer
            && field.unique.is_some();
        is_so_sorted.then_some(Order::By(self.position))
    }

    fn key(self, record: &Record) -> Option<Key> {
        let present = self.edition.at(self.position)?;
        let shown = render::shown(self.edition, present, &record.values)?;
        let number = match present.field.kind {
            Kind::Integer => shown.parse().ok(),
            _ => None,
        };
        Some(number.map_or_else(|| Key::Text(fold(&shown)), Key::Number))
    }
}
