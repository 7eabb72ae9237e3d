//! Reads and queries.

use axum::http::StatusCode;

use super::{
    Check, History, expect,
    requests::{asked_path, collection_path, object_path, with_cases},
};
use crate::{
    model::{
        document,
        draws::Draws,
        query::Query,
        rows::{Row, is_exact},
        server::{JSON, XML},
    },
    schema::{Access, Computation, Kind, Resource, Verb},
};

impl History<'_> {
    pub(super) fn read(&mut self, resource: &Resource, draws: &mut Draws) -> Check {
        let Some(index) = self
            .any_index(resource, draws)
            .filter(|_| resource.verb(Verb::Read).is_some())
        else {
            return Ok(());
        };
        self.read_at(resource, index, draws)
    }

    pub(super) fn read_at(
        &mut self,
        resource: &Resource,
        index: usize,
        draws: &mut Draws,
    ) -> Check {
        if self.is_hidden_by_another(resource, index) {
            return Ok(());
        }
        let row = self.model.rows(resource.id)[index].clone();
        let media_type = if draws.percent(50) { JSON } else { XML };
        let path = asked_path(resource, &row, draws);
        let response = self.send("GET", &path, media_type, "");
        self.count("read", resource, response.status);
        expect(&response, StatusCode::OK)?;
        let object = document::object(&response.body, media_type)?;
        check_object(resource, &row, &object, (media_type, None))
    }

    pub(super) fn query(&mut self, resource: &Resource, draws: &mut Draws) -> Check {
        let is_plain =
            resource.list_condition.is_none() && (resource.order.is_none() || is_exact(resource));
        if resource.verb(Verb::List).is_none() || resource.is_computed || !is_plain {
            return Ok(());
        }
        let Some(path) = self.path_values(resource, draws) else {
            return Ok(());
        };
        let query = Query::invent(&self.model, resource, draws);
        self.ask(resource, &path, &query, draws)
    }

    /// Reads a record in both ways after a request has changed it: by its path, and by one of its values.
    pub(super) fn probe(&mut self, resource: &Resource, index: usize, draws: &mut Draws) -> Check {
        if draws.percent(40) {
            return Ok(());
        }
        self.read_at(resource, index, draws)?;
        let row = &self.model.rows(resource.id)[index];
        if let Some(query) = Query::on(resource, row, draws)
            && resource.verb(Verb::List).is_some()
        {
            let path = row.clone();
            self.ask(resource, &path, &query, draws)?;
        }
        Ok(())
    }

    /// Compares the result of a query for the collection that contains a record with these values.
    pub(super) fn ask(
        &mut self,
        resource: &Resource,
        path: &Row,
        query: &Query,
        draws: &mut Draws,
    ) -> Check {
        let is_lent_only = resource.position("IsLent").filter(|_| draws.percent(30));
        let rows: Vec<_> = self
            .model
            .rows(resource.id)
            .iter()
            .filter(|row| {
                resource.parameters.iter().all(|at| {
                    let values = row.get(at).zip(path.get(at));
                    values.is_some_and(|(one, other)| one.eq_ignore_ascii_case(other))
                })
            })
            .filter(|row| {
                is_lent_only.is_none_or(|at| row.get(&at).is_some_and(|value| value == "true"))
            })
            .collect();
        let (total, expected) = query.run(resource, &rows);
        let expected: Vec<Row> = expected.into_iter().cloned().collect();
        let media_type = if draws.percent(40) { JSON } else { XML };
        let (path, element) = match is_lent_only {
            Some(_) => ("/vmrest/lentbooks".to_owned(), "LentBook"),
            None => (
                collection_path(resource, &with_cases(resource, path, draws)),
                &*resource.element,
            ),
        };
        let path = format!("{path}?{}", query.encoded(resource));
        let response = self.send("GET", &path, media_type, "");
        self.count("query", resource, response.status);
        expect(&response, StatusCode::OK)?;
        let (found_total, found) = document::list(&response.body, media_type, element)?;
        if found_total != total || found.len() != expected.len() {
            return Err(format!(
                "{} of {found_total} records, expected {} of {total}",
                found.len(),
                expected.len()
            ));
        }
        let lent: Vec<_> = ["ObjectId", "Title", "Pages"]
            .into_iter()
            .filter_map(|name| resource.position(name))
            .collect();
        let fields = match is_lent_only {
            Some(_) => Some(&*lent),
            None => resource.list_fields.as_deref(),
        };
        expected
            .iter()
            .zip(&found)
            .try_for_each(|(row, object)| check_object(resource, row, object, (media_type, fields)))
    }
}

/// Compares an object in a response with a record. Links are compared where they end with the record's own path.
fn check_object(
    resource: &Resource,
    row: &Row,
    object: &[(String, String)],
    (media_type, only): (&str, Option<&[usize]>),
) -> Check {
    let mut expected = Vec::new();
    for (position, field) in resource.fields.iter().enumerate() {
        if only.is_some_and(|only| !only.contains(&position)) || field.kind == Kind::Link {
            continue;
        }
        let value = row.get(&position);
        match field.access {
            Access::WriteOnly | Access::Internal => {}
            Access::Secret => expected.extend(value.map(|_| (&*field.name, ""))),
            _ => expected.extend(value.map(|value| (&*field.name, value.as_str()))),
        }
    }
    let is_link = |name: &str| {
        resource
            .position(name)
            .is_some_and(|at| resource.fields[at].kind == Kind::Link)
    };
    let found = object.iter().filter(|(name, _)| !is_link(name));
    let found: Vec<_> = found
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    if media_type == JSON {
        // The members of an object have no order.
        expected.sort_unstable();
    }
    if found != expected {
        return Err(format!("the object is {found:?}, expected {expected:?}"));
    }
    for (name, value) in object.iter().filter(|(name, _)| is_link(name)) {
        let position = resource.position(name).expect("a field");
        if let Some(Computation::OwnPath { ending, .. }) =
            resource.fields[position].computation.as_deref()
            && *value != format!("{}{ending}", object_path(resource, row))
        {
            return Err(format!("{name} is {value}, expected the path of {row:?}"));
        }
    }
    Ok(())
}
