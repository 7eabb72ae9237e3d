//! Queries: the parameters of a list's query string that select, sort and page its records.

mod filter;
mod listing;
mod page;
mod parse;
mod sort;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use filter::{Clause, Filter};
use parse::Grammar;
use sort::Sort;

pub(crate) use listing::{Listing, LongQuery};
pub(crate) use page::Page;

use super::{Error, Target, charset::shorten};
use crate::{
    schema::{Resource, ResourceId},
    store::{Collection, Order, Record, Store, Values},
};

/// The number of rows of a page without `rowsPerPage`.
pub(crate) const MAX_ROWS: usize = 20_001;
/// The maximum number of records that a query examines while other requests wait: about a millisecond of work.
const MAX_EXAMINED: usize = 5_000;

/// A parsed query string of a list.
#[derive(Debug)]
pub(crate) struct Query {
    resource: ResourceId,
    /// The index of the view that the list is requested at.
    view: Option<usize>,
    filter: Filter,
    sort: Option<Sort>,
    /// Counts from 1.
    page: usize,
    rows: usize,
}

impl Query {
    /// Parses an encoded query string for the list of all records of a resource.
    #[cfg(any(test, bench_api, fuzzing))]
    pub(crate) fn parse(resource: &Resource, encoded: &str) -> Result<Self, Error> {
        Self::parse_for(&Target::collection(resource), None, encoded)
    }

    /// Parses an encoded query string for a collection, or for the view of it with this index. The first of repeated
    /// parameters counts; empty and unknown ones are ignored.
    pub(crate) fn parse_for(
        target: &Target<'_>,
        view: Option<usize>,
        encoded: &str,
    ) -> Result<Self, Error> {
        let resource = target.resource;
        let grammar = Grammar { resource };
        let (mut clauses, mut sort, mut page, mut rows) = (None, None, None, None);
        for (name, value) in form_urlencoded::parse(encoded.as_bytes()) {
            match name.as_ref() {
                _ if value.is_empty() => {}
                "query" if clauses.is_none() => clauses = Some(grammar.query(&value)?),
                "sort" if sort.is_none() => sort = Some(grammar.sort(&value)?),
                "pageNumber" if page.is_none() => page = Some(number(&name, &value)?),
                "rowsPerPage" if rows.is_none() => rows = Some(number(&name, &value)?),
                _ => {}
            }
        }
        let parents = target.parents.iter();
        let mut all: Vec<_> = parents
            .map(|(position, value)| Clause::is(resource, *position, value))
            .collect();
        all.extend(clauses.into_iter().flatten());
        all.extend(target.condition.map(Clause::holds));
        let order = resource.order.map(|order| Sort {
            position: order.field,
            is_descending: false,
        });
        Ok(Self {
            resource: resource.id,
            view,
            filter: Filter::new(resource, all),
            sort: sort.or(order),
            page: page.unwrap_or(1),
            rows: rows.unwrap_or(MAX_ROWS),
        })
    }

    /// Parses the value of the parameter `query`, which selects records.
    pub(crate) fn of_text(resource: &Resource, text: &str) -> Result<Self, Error> {
        let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let target = Target::collection(resource);
        Self::parse_for(&target, None, &format!("query={encoded}"))
    }

    /// True if a record of the resource with these values is among the selected ones.
    pub(crate) fn matches(&self, resource: &Resource, values: &Values) -> bool {
        self.filter.matches_all(resource, values)
    }

    /// Returns the positions of the fields that the query filters or sorts by.
    pub(crate) fn positions(&self) -> impl Iterator<Item = usize> {
        let sort = self.sort.iter().map(|sort| sort.position);
        self.filter.positions().chain(sort)
    }

    /// Returns the requested page. Page 0, or a page of 0 rows, has only the total.
    pub(crate) fn run(&self, store: Arc<Store>) -> Page {
        self.run_window(store, self.window())
    }

    /// Returns the number of records before the page, and the maximum number in it.
    fn window(&self) -> (usize, usize) {
        match self.page.checked_sub(1) {
            Some(before) => (before.saturating_mul(self.rows), self.rows),
            None => (0, 0),
        }
    }

    /// Returns the requested page of records that are not in the store.
    pub(crate) fn run_over(&self, store: Arc<Store>, rows: &[Arc<Record>]) -> Page {
        let catalogue = Arc::clone(store.catalogue());
        let resource = &catalogue[self.resource];
        let mut found: Vec<_> = rows
            .iter()
            .filter(|row| self.matches(resource, &row.values))
            .collect();
        if let Some(sort) = self.sort {
            found = sort.sorted(resource, found);
        }
        let (total, records) = selected(found.into_iter(), self.window());
        Page::of_records(store, resource.id, total, records).in_view(self.view)
    }

    /// Returns at most `take` records after the first `skip`.
    pub(crate) fn run_window(&self, store: Arc<Store>, (skip, take): (usize, usize)) -> Page {
        let catalogue = Arc::clone(store.catalogue());
        let resource = &catalogue[self.resource];
        let collection = store.collection(resource.id);
        if let Some((order, is_descending)) = self.maintained_order(resource, collection) {
            let page = Page::of_range(store, resource.id, order, is_descending, (skip, take));
            return page.in_view(self.view);
        }
        let found = self.filter.search(resource, collection);
        let (total, records) = match &self.sort {
            Some(sort) if take > 0 => {
                let records = sort.sorted(resource, found.collect());
                selected(records.into_iter(), (skip, take))
            }
            _ => selected(found, (skip, take)),
        };
        Page::of_records(store, resource.id, total, records).in_view(self.view)
    }

    /// True if the query examines so many records that other requests should not wait for it.
    pub(crate) fn is_long(&self, store: &Store) -> bool {
        let collection = store.collection(self.resource);
        if collection.len() <= MAX_EXAMINED {
            return false;
        }
        let resource = &store.catalogue()[self.resource];
        self.maintained_order(resource, collection).is_none()
            && self.filter.count_candidates(resource, collection) > MAX_EXAMINED
    }

    /// Returns the order of the collection that contains the whole result, and true if it is read from its end.
    fn maintained_order(
        &self,
        resource: &Resource,
        collection: &Collection,
    ) -> Option<(Order, bool)> {
        let (order, is_descending) = match &self.sort {
            _ if !self.filter.matches_everything() => return None,
            None => (Order::Added, false),
            Some(sort) => (sort.order(resource)?, sort.is_descending),
        };
        collection
            .maintains(order)
            .then_some((order, is_descending))
    }
}

/// Returns the number of records, and at most `take` of them after the first `skip`.
fn selected<'c>(
    found: impl Iterator<Item = &'c Arc<Record>>,
    (skip, take): (usize, usize),
) -> (usize, Vec<Arc<Record>>) {
    let mut total = 0;
    let mut records = Vec::new();
    for record in found {
        if total >= skip && records.len() < take {
            records.push(Arc::clone(record));
        }
        total += 1;
    }
    (total, records)
}

/// Parses a whole number. A larger one than the maximum counts as the maximum.
pub(crate) fn number(name: &str, value: &str) -> Result<usize, Error> {
    let digits = value.trim();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let found = format!("{:?}", shorten(value));
        return Err(Error::invalid_query(name, &found, "a whole number from 0"));
    }
    Ok(digits.parse().unwrap_or(usize::MAX))
}
