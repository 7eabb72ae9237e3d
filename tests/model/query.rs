//! Queries for a list: the request, and the records that it must return.

use super::{
    draws::Draws,
    generator,
    rows::{Model, Row, folded, stored},
};
use crate::schema::{Kind, Release, Resource};

/// A query for the list at a path.
#[derive(Debug, Default)]
pub(super) struct Query {
    clauses: Vec<(usize, Operator, String)>,
    /// The position of a field, and true for the descending order.
    sort: Option<(usize, bool)>,
    /// The number of the page, from 1, and that of its rows.
    page: Option<(usize, usize)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Is,
    StartsWith,
    IsNull,
    IsNotNull,
}

impl Query {
    /// Invents a query. Mostly it asks for values that records have.
    pub(super) fn invent(model: &Model, resource: &Resource, draws: &mut Draws) -> Self {
        // The server keeps the document with a complete list until a record changes.
        if draws.percent(35) {
            return Self::default();
        }
        let fields = resource.fields.iter().enumerate();
        let columns =
            fields.filter(|(_, field)| field.access.is_shown() && field.kind != Kind::Link);
        let columns: Vec<_> = columns.map(|(position, _)| position).collect();
        let mut clauses = Vec::new();
        for _ in 0..draws.below(3) {
            let Some(position) = draws.pick(&columns).copied() else {
                break;
            };
            let held = draws
                .pick(model.rows(resource.id))
                .and_then(|row| row.get(&position));
            let mut value = match held.filter(|_| draws.percent(85)) {
                Some(held) => held.clone(),
                None => generator::value(model, &resource.fields[position], draws),
            };
            let operator = match draws.below(20) {
                0 if resource.release >= Release::V11_5 => Operator::IsNull,
                1 if resource.release >= Release::V11_5 => Operator::IsNotNull,
                2..9 => Operator::StartsWith,
                _ => Operator::Is,
            };
            // The grammar gives these characters a meaning.
            let is_plain = is_plain(&value);
            if operator == Operator::StartsWith {
                value = value.chars().take(1 + draws.below(18)).collect();
            }
            if is_plain && value.trim() == value {
                clauses.push((position, operator, value));
            }
        }
        let sort = draws
            .percent(50)
            .then(|| draws.pick(&columns).map(|at| (*at, draws.percent(50))));
        let size = [1, 2, 3, 7, 20, 60];
        let rows = size[draws.below(size.len())];
        let pages = model.rows(resource.id).len() / rows;
        Self {
            clauses,
            sort: sort.flatten(),
            page: draws
                .percent(40)
                .then(|| (1 + draws.below(pages + 2), rows)),
        }
    }

    /// Returns the query for a value of a record, if one can be asked for.
    pub(super) fn on(resource: &Resource, row: &Row, draws: &mut Draws) -> Option<Self> {
        let mut values = row.iter().filter(|(position, value)| {
            let field = &resource.fields[**position];
            field.access.is_shown() && field.kind != Kind::Link && is_plain(value)
        });
        let count = values.clone().count();
        let (position, value) = values.nth(draws.below(count))?;
        let value = value.trim().to_owned();
        Some(Self {
            clauses: vec![(*position, Operator::Is, value)],
            ..Self::default()
        })
    }

    /// Returns the query string.
    pub(super) fn encoded(&self, resource: &Resource) -> String {
        let name = |position: &usize| &resource.fields[*position].name;
        let mut parameters = form_urlencoded::Serializer::new(String::new());
        let clauses = self
            .clauses
            .iter()
            .map(|(position, operator, value)| match operator {
                Operator::Is => format!("{} is {value}", name(position)),
                Operator::StartsWith => format!("{} startswith {value}", name(position)),
                Operator::IsNull => format!("{} isnull", name(position)),
                Operator::IsNotNull => format!("{} isnotnull", name(position)),
            });
        let clauses: Vec<_> = clauses.collect();
        if !clauses.is_empty() {
            parameters.append_pair("query", &format!("({})", clauses.join("&")));
        }
        if let Some((position, is_descending)) = &self.sort {
            let order = if *is_descending { "desc" } else { "asc" };
            parameters.append_pair("sort", &format!("({} {order})", name(position)));
        }
        if let Some((page, rows)) = self.page {
            parameters.append_pair("pageNumber", &page.to_string());
            parameters.append_pair("rowsPerPage", &rows.to_string());
        }
        parameters.finish()
    }

    /// Returns the number of all results among some records, and those on the page.
    pub(super) fn run<'r>(&self, resource: &Resource, rows: &[&'r Row]) -> (usize, Vec<&'r Row>) {
        let matches = |row: &&&Row| {
            self.clauses
                .iter()
                .all(|clause| matches(resource, row, clause))
        };
        let mut found: Vec<&Row> = rows.iter().filter(matches).copied().collect();
        let order = resource.order.map(|order| (order.field, false));
        if let Some((position, is_descending)) = self.sort.or(order) {
            let key = |row: &&Row| {
                let value = row.get(&position)?;
                let number = value
                    .parse()
                    .ok()
                    .filter(|_| resource.fields[position].kind == Kind::Integer);
                Some(number.map_or_else(
                    || (1, 0, folded(value)),
                    |number: i32| (0, number, String::new()),
                ))
            };
            found.sort_by(|one, other| match is_descending {
                false => key(one).cmp(&key(other)),
                true => key(other).cmp(&key(one)),
            });
        }
        let total = found.len();
        let (page, size) = self.page.unwrap_or((1, usize::MAX));
        let page = found
            .into_iter()
            .skip((page - 1).saturating_mul(size))
            .take(size);
        (total, page.collect())
    }
}

/// True if a query can contain a value: it is not too long, and the grammar gives no character a meaning.
fn is_plain(value: &str) -> bool {
    value.len() < 1_000 && !value.contains(['(', ')', '&', '\\']) && !value.trim().is_empty()
}

fn matches(
    resource: &Resource,
    row: &Row,
    (position, operator, value): &(usize, Operator, String),
) -> bool {
    let held = row.get(position).map(|held| folded(held));
    match operator {
        Operator::Is => {
            let stored = stored(resource.fields[*position].kind, value);
            stored.is_some_and(|stored| held == Some(folded(&stored)))
        }
        Operator::StartsWith => held.is_some_and(|held| held.starts_with(&folded(value))),
        Operator::IsNull => held.is_none(),
        Operator::IsNotNull => held.is_some(),
    }
}
