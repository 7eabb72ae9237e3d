//! Which records of a list are asked for: the parameters of its query string.

use std::sync::Arc;

use winnow::{
    ModalResult, Parser,
    ascii::{multispace0, multispace1},
    combinator::{cut_err, opt},
    error::{StrContext, StrContextValue},
    token::{rest, take_till, take_while},
};

use super::{Error, text::shorten};
use crate::{
    schema::Resource,
    store::{Collection, Record},
};

/// How many rows a page holds when nobody says.
const DEFAULT_ROWS: usize = 20_001;

/// What the query string of a list asks for.
#[derive(Debug)]
pub(crate) struct Query {
    filter: Option<Filter>,
    page: usize,
    rows: usize,
}

/// One clause: the field at `position` holds `value`.
#[derive(Debug)]
struct Filter {
    position: usize,
    value: String,
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
    pub(crate) fn parse(resource: &'static Resource, encoded: &str) -> Result<Self, Error> {
        let (mut filter, mut page, mut rows) = (None, None, None);
        for (name, value) in form_urlencoded::parse(encoded.as_bytes()) {
            match name.as_ref() {
                "query" if filter.is_none() => filter = Some(Filter::parse(resource, &value)?),
                "pageNumber" if page.is_none() => page = Some(number(&name, &value)?),
                "rowsPerPage" if rows.is_none() => rows = Some(number(&name, &value)?),
                "sort" => {
                    let message = "sort: cuc-mock does not implement sorting, expected no sort";
                    return Err(Error::invalid_query(message));
                }
                _ => {}
            }
        }
        Ok(Self {
            filter,
            page: page.unwrap_or(1),
            rows: rows.unwrap_or(DEFAULT_ROWS),
        })
    }

    /// The page that is asked for. Page 0, or a page of 0 rows, is the count alone.
    pub(crate) fn answer(&self, collection: &Collection) -> Page {
        let (skip, take) = match self.page.checked_sub(1) {
            Some(before) => (before.saturating_mul(self.rows), self.rows),
            None => (0, 0),
        };
        match &self.filter {
            None => Page {
                total: collection.len(),
                records: collection.iter().skip(skip).take(take).cloned().collect(),
            },
            Some(Filter { position, value }) => {
                let found = || {
                    collection
                        .holders(*position, value)
                        .map(|(_, record)| record)
                };
                Page {
                    total: found().count(),
                    records: found().skip(skip).take(take).cloned().collect(),
                }
            }
        }
    }
}

impl Filter {
    /// Reads `(TenantObjectId is <id>)`. The last parenthesis may be missing, as in the guide.
    fn parse(resource: &'static Resource, text: &str) -> Result<Self, Error> {
        let (column, operator, value) = clause.parse(text).map_err(|error| {
            let at = text[..error.offset()].chars().count() + 1;
            let expected = error.inner().to_string();
            Error::invalid_query(format!("query: at character {at}: {expected}"))
        })?;
        let position = resource
            .fields
            .iter()
            .position(|field| field.owner.is_some() && field.name.eq_ignore_ascii_case(column))
            .ok_or_else(|| {
                let column = shorten(column);
                Error::invalid_query(format!("query: cuc-mock does not filter by {column}"))
            })?;
        if !operator.eq_ignore_ascii_case("is") {
            let operator = shorten(operator);
            let message = format!("query: found the operator {operator}, expected is");
            return Err(Error::invalid_query(message));
        }
        if value.contains('&') {
            let message = "query: found &, but cuc-mock filters by one column alone";
            return Err(Error::invalid_query(message));
        }
        Ok(Self {
            position,
            value: value.strip_suffix(')').unwrap_or(value).trim().to_owned(),
        })
    }
}

fn clause<'q>(input: &mut &'q str) -> ModalResult<(&'q str, &'q str, &'q str)> {
    let _ = multispace0.parse_next(input)?;
    cut_err('(').context(expected("(")).parse_next(input)?;
    let _ = multispace0.parse_next(input)?;
    let column = cut_err(take_while(1.., |c: char| c.is_alphanumeric()))
        .context(expected("the name of a column"))
        .parse_next(input)?;
    cut_err(multispace1)
        .context(expected("a blank"))
        .parse_next(input)?;
    let operator = cut_err(take_till(1.., |c: char| c.is_whitespace() || c == ')'))
        .context(expected("an operator"))
        .parse_next(input)?;
    opt(multispace1).parse_next(input)?;
    let value = rest.parse_next(input)?;
    Ok((column, operator, value))
}

fn expected(what: &'static str) -> StrContext {
    StrContext::Expected(StrContextValue::Description(what))
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
