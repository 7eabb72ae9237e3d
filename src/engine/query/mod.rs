//! Which records of a list are asked for, and in which order: the parameters of its query string.

mod filter;
mod parse;
mod sort;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use filter::Filter;
use parse::Grammar;
use sort::Sort;

use super::{Error, text::shorten};
use crate::{
    schema::{Release, Resource},
    store::{Collection, Record},
};

/// How many rows a page holds when nobody says.
const DEFAULT_ROWS: usize = 20_001;

/// What the query string of a list asks for.
#[derive(Debug)]
pub(crate) struct Query {
    filter: Filter,
    sort: Option<Sort>,
    /// Counts from 1.
    page: usize,
    rows: usize,
}

/// One page of what was found.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// How many records match, on this page or not.
    pub(crate) total: usize,
    pub(crate) records: Vec<Arc<Record>>,
}

impl Query {
    /// Reads an encoded query string. Of a repeated parameter the first counts, an unknown one is ignored.
    pub(crate) fn parse(
        resource: &'static Resource,
        release: Release,
        encoded: &str,
    ) -> Result<Self, Error> {
        let grammar = Grammar { resource, release };
        let (mut clauses, mut sort, mut page, mut rows) = (None, None, None, None);
        for (name, value) in form_urlencoded::parse(encoded.as_bytes()) {
            match name.as_ref() {
                "query" if clauses.is_none() => clauses = Some(grammar.query(&value)?),
                "sort" if sort.is_none() => sort = Some(grammar.sort(&value)?),
                "pageNumber" if page.is_none() => page = Some(number(&name, &value)?),
                "rowsPerPage" if rows.is_none() => rows = Some(number(&name, &value)?),
                _ => {}
            }
        }
        Ok(Self {
            filter: Filter::new(resource, release, clauses.unwrap_or_default()),
            sort,
            page: page.unwrap_or(1),
            rows: rows.unwrap_or(DEFAULT_ROWS),
        })
    }

    /// Where the fields stand in the table that are queried or sorted by.
    pub(crate) fn positions(&self) -> impl Iterator<Item = usize> {
        let sort = self.sort.iter().map(|sort| sort.position);
        self.filter.positions().chain(sort)
    }

    /// The page that is asked for. Page 0, or a page of 0 rows, is the count alone.
    pub(crate) fn answer(&self, collection: &Collection) -> Page {
        let (skip, take) = match self.page.checked_sub(1) {
            Some(before) => (before.saturating_mul(self.rows), self.rows),
            None => (0, 0),
        };
        if self.filter.takes_everything()
            && let Some(records) = self.as_it_stands(collection)
        {
            return Page {
                total: collection.len(),
                records: records.skip(skip).take(take).cloned().collect(),
            };
        }
        let found = self.filter.search(collection);
        match &self.sort {
            Some(sort) if take > 0 => {
                let records = sort.sorted(found.collect());
                Page::of(records.into_iter(), skip, take)
            }
            _ => Page::of(found, skip, take),
        }
    }

    /// Every record in the order that is asked for, if the collection keeps it.
    fn as_it_stands<'c>(
        &self,
        collection: &'c Collection,
    ) -> Option<Box<dyn Iterator<Item = &'c Arc<Record>> + 'c>> {
        match &self.sort {
            None => Some(Box::new(collection.iter())),
            Some(sort) => sort.walk(collection),
        }
    }
}

impl Page {
    /// The rows behind the first `skip`, at most `take`, of everything that was `found`.
    fn of<'c>(found: impl Iterator<Item = &'c Arc<Record>>, skip: usize, take: usize) -> Self {
        let mut page = Self {
            total: 0,
            records: Vec::new(),
        };
        for record in found {
            if page.total >= skip && page.records.len() < take {
                page.records.push(Arc::clone(record));
            }
            page.total += 1;
        }
        page
    }
}

/// A whole number; one that is too large for the machine is as good as its largest.
fn number(name: &str, value: &str) -> Result<usize, Error> {
    let digits = value.trim();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let value = shorten(value);
        let message = format!("{name}: found {value:?}, expected a whole number from 0");
        return Err(Error::invalid_query(message));
    }
    Ok(digits.parse().unwrap_or(usize::MAX))
}
