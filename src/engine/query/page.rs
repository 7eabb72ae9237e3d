//! One page of what a query finds.

use std::{ops::Range, sync::Arc};

use crate::{
    schema::Resource,
    store::{Order, Record, Store, Whole},
};

/// One page of what was found.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// How many records match, on this page or not.
    pub(crate) total: usize,
    rows: Rows,
}

/// What stands on a page.
#[derive(Clone, Debug)]
enum Rows {
    /// What stands at some places of an order that the store keeps.
    Kept {
        store: Arc<Store>,
        resource: &'static Resource,
        order: Order,
        places: Range<usize>,
        is_descending: bool,
    },
    Found(Vec<Arc<Record>>),
}

impl Page {
    /// The rows behind the first `skip`, at most `take`, of all records of `resource`. The store keeps them in this
    /// order, or in the one that is this one from its end.
    pub(super) fn kept(
        store: Arc<Store>,
        resource: &'static Resource,
        order: Order,
        is_descending: bool,
        (skip, take): (usize, usize),
    ) -> Self {
        let total = store.collection(resource).len();
        let first = skip.min(total);
        let last = skip.saturating_add(take).min(total);
        let places = match is_descending {
            false => first..last,
            true => total - last..total - first,
        };
        let rows = Rows::Kept {
            store,
            resource,
            order,
            places,
            is_descending,
        };
        Self { total, rows }
    }

    /// The rows behind the first `skip`, at most `take`, of everything that was `found`.
    pub(super) fn found<'c>(
        found: impl Iterator<Item = &'c Arc<Record>>,
        (skip, take): (usize, usize),
    ) -> Self {
        let mut total = 0;
        let mut records = Vec::new();
        for record in found {
            if total >= skip && records.len() < take {
                records.push(Arc::clone(record));
            }
            total += 1;
        }
        let rows = Rows::Found(records);
        Self { total, rows }
    }

    /// How many rows it has.
    pub(crate) fn len(&self) -> usize {
        match &self.rows {
            Rows::Kept { places, .. } => places.len(),
            Rows::Found(records) => records.len(),
        }
    }

    /// Where the store keeps it, if it is all records as they were added.
    pub(crate) fn whole(&self) -> Option<&Whole> {
        match &self.rows {
            Rows::Kept {
                store,
                resource,
                order: Order::Added,
                places,
                is_descending: false,
            } if places.len() == self.total => Some(store.collection(resource).whole()),
            _ => None,
        }
    }

    /// The rows from the one at `first` on, which counts from 0.
    pub(crate) fn from(&self, first: usize) -> Box<dyn Iterator<Item = &Arc<Record>> + '_> {
        match &self.rows {
            Rows::Found(records) => Box::new(records[first..].iter()),
            Rows::Kept {
                store,
                resource,
                order,
                places: Range { start, end },
                is_descending,
            } => {
                let collection = store.collection(resource);
                match is_descending {
                    false => collection.range(*order, start + first..*end),
                    true => Box::new(collection.range(*order, *start..end - first).rev()),
                }
            }
        }
    }
}
