//! The result of a query, or the query itself if it takes long.

use std::sync::Arc;

use super::{Page, Query};
use crate::store::Store;

/// The result of a query for a collection.
#[derive(Debug)]
pub(crate) enum Listing {
    Page(Page),
    /// A query that examines many records. It is still to be run, on a thread where no other request waits.
    Pending(LongQuery),
}

/// A query with the store at the time of the request.
#[derive(Debug)]
pub(crate) struct LongQuery {
    query: Query,
    store: Arc<Store>,
}

impl Listing {
    /// Runs a query, unless it takes long.
    pub(in crate::engine) fn of(query: Query, store: Arc<Store>) -> Self {
        if query.is_long(&store) {
            Self::Pending(LongQuery::new(query, store))
        } else {
            Self::Page(query.run(store))
        }
    }

    /// Returns the page, even if that takes long.
    pub(crate) fn into_page(self) -> Page {
        match self {
            Self::Page(page) => page,
            Self::Pending(query) => query.run(),
        }
    }
}

impl LongQuery {
    pub(crate) fn new(query: Query, store: Arc<Store>) -> Self {
        Self { query, store }
    }

    /// Returns the requested page.
    pub(crate) fn run(self) -> Page {
        self.query.run(self.store)
    }
}
