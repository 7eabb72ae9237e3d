//! The page of a resource, with all its facts.

use std::fmt::Write;

use super::{
    BEHAVIOURS,
    field::field_rows,
    row::{Row, RowSubject, releases},
};
use crate::schema::{
    ActionSelector, Description, EmptyList, Fact, NameList, NewPlace, UndeletableDescription, Verb,
};

/// A row of a page.
#[derive(Debug)]
pub(crate) struct PageRow<'d> {
    /// The line of the page, from 1.
    pub(crate) line: usize,
    /// The name of the field that the fact is about; empty for the requests of the resource.
    pub(crate) field: &'d str,
    pub(crate) row: Row<'d>,
}

/// Returns the text of the page of a resource, and its rows. `name` is that of its file, below the folder of the pages.
pub(crate) fn page<'d>(resource: &'d Description, name: &str) -> (String, Vec<PageRow<'d>>) {
    let up = "../".repeat(2 + name.matches('/').count());
    let mut text = format!(
        "# `/vmrest/{}`\n\nThis page is written from [its table]({up}src/resources/{name}.xml).\n\n",
        resource.path
    );
    for remark in remarks(resource, &up) {
        let _ = writeln!(text, "{remark}\n");
    }
    let mut rows = Vec::new();
    let requests = request_rows(resource);
    if !requests.is_empty() {
        text.push_str("| verb | provenance | source |\n|---|---|---|\n");
        let first = 1 + text.lines().count();
        for (line, row) in (first..).zip(requests) {
            let _ = writeln!(text, "| {row}");
            let field = "";
            rows.push(PageRow { line, field, row });
        }
        text.push('\n');
    }
    text.push_str("| field | rule | provenance | source |\n|---|---|---|---|\n");
    let first = 1 + text.lines().count();
    let fields = resource.fields.iter().flat_map(|field| {
        let rows = field_rows(field).into_iter();
        rows.map(|row| (&*field.name, row))
    });
    for (line, (field, row)) in (first..).zip(fields) {
        let _ = writeln!(text, "| {} | {row}", row.field);
        rows.push(PageRow { line, field, row });
    }
    (text, rows)
}

/// Returns the properties of a resource that have no evidence of their own.
fn remarks(resource: &Description, up: &str) -> Vec<String> {
    let mut remarks = Vec::new();
    if let Some(releases) = releases(resource.since, resource.until) {
        remarks.push(format!("The resource exists {releases}."));
    }
    match resource.key.as_deref() {
        None => remarks.push("There is one object at the path.".to_owned()),
        Some("ObjectId") => {}
        Some(key) => remarks.push(format!("An object is identified by its {key}.")),
    }
    if resource.is_parent_optional {
        remarks.push("An object may exist without the one above it in the path.".to_owned());
    }
    if let Some(fields) = &resource.list_fields {
        remarks.push(format!("A list shows only {}.", names(fields)));
    }
    if resource.empty_list == EmptyList::Null {
        remarks.push("An empty list is `null` in JSON.".to_owned());
    }
    remarks.extend(functions(resource, up));
    remarks
}

/// Describes the functions of the resource's behaviour.
fn functions(resource: &Description, up: &str) -> Option<String> {
    let behaviour = BEHAVIOURS.get(resource.behaviour.as_deref()?)?;
    let events = [
        ("values", behaviour.values.is_some()),
        ("creations", behaviour.create.is_some()),
        ("updates", behaviour.update.is_some()),
        ("deletions", behaviour.delete.is_some()),
        ("names in paths", behaviour.key.is_some()),
        (
            "objects, which follow from others",
            behaviour.rows.is_some(),
        ),
        ("endpoints", !behaviour.endpoints.is_empty()),
    ];
    let events = events.into_iter().filter(|(_, has_function)| *has_function);
    let events: Vec<_> = events.map(|(event, _)| event).collect();
    let folder = format!("{up}src/resources/behaviours");
    Some(format!(
        "Functions of the [behaviour]({folder}) `{}`: {}.",
        behaviour.name,
        events.join(", ")
    ))
}

/// Returns all facts about a resource: those about its requests, then those about its fields.
#[cfg(test)]
pub(super) fn rows(resource: &Description) -> impl Iterator<Item = Row<'_>> {
    let fields = resource.fields.iter().flat_map(field_rows);
    request_rows(resource).into_iter().chain(fields)
}

/// Describes the requests to a resource, and its rules that are not about one field.
fn request_rows(resource: &Description) -> Vec<Row<'_>> {
    let mut rows = verb_rows(resource);
    for alias in &resource.aliases {
        let verbs: Vec<_> = alias.verbs.iter().map(|verb| format!("{verb:?}")).collect();
        let fields = alias.fields.as_ref().map(names);
        let fields = fields.map(|fields| format!(" ({fields})"));
        let fields = fields.unwrap_or_default();
        let description = format!("{}{fields} at `/vmrest/{}`", verbs.join(", "), alias.path);
        rows.push(Row::new(description, &alias.fact));
    }
    for action in &resource.actions {
        let place = match &action.selector {
            ActionSelector::Segment(name) => format!("/{name}"),
            ActionSelector::Method(name) => format!("?method={name}"),
        };
        rows.push(Row::new(format!("POST, PUT at `…{place}`"), &action.fact));
    }
    for audio in &resource.audio {
        let (segment, field) = (&audio.segment, &audio.field);
        let ending = match audio.creates {
            true => ", which creates the object",
            false => "",
        };
        let description = format!("GET, PUT of the sound in {field} at `…/{segment}`{ending}");
        rows.push(Row::new(description, &audio.fact));
    }
    for endpoint in &resource.endpoints {
        let path = endpoint_path(&endpoint.path);
        let description = format!("{} `{path}`: `{}`", endpoint.method, endpoint.name);
        rows.push(Row::new(description, &endpoint.fact));
    }
    rows.extend(other_rules(resource).map(|(description, fact)| Row::new(description, fact)));
    rows
}

/// Returns the whole path of an endpoint.
pub(super) fn endpoint_path(path: &str) -> String {
    match path.starts_with('/') {
        true => path.to_owned(),
        false => format!("/vmrest/{path}"),
    }
}

fn verb_rows(resource: &Description) -> Vec<Row<'_>> {
    let verbs = Verb::ALL.into_iter().filter_map(|verb| {
        let mut verbs = resource.verbs.iter();
        let (_, evidence) = verbs.find(|(known, _)| *known == verb)?;
        let description = format!("{verb:?}");
        let condition = resource.list_condition.as_ref();
        let row = match condition.filter(|_| verb == Verb::List) {
            Some(fact) => Row::new(description, fact),
            None => Row::without_scope(description, evidence),
        };
        let subject = RowSubject::Verb(verb);
        Some(Row { subject, ..row })
    });
    verbs.collect()
}

/// Describes the rules of a resource that are neither requests nor fields.
fn other_rules(resource: &Description) -> impl Iterator<Item = (String, &Fact)> {
    let views = resource.views.iter().map(|view| {
        let fields = view.fields.as_ref().map(names);
        let fields = fields.map(|fields| format!(" ({fields})"));
        let (path, element) = (&view.path, &view.element);
        let fields = fields.unwrap_or_default();
        let description = format!("List of {element}{fields} at `/vmrest/{path}`");
        (description, &view.fact)
    });
    let templates = resource.templates.iter().map(|template| {
        let (parameter, field, source) = (&template.parameter, &template.field, &template.resource);
        let except = template.except.as_ref().map(names);
        let except = except.map(|names| format!(", except {names}"));
        let except = except.unwrap_or_default();
        let description =
            format!("Create copies the `{source}` whose {field} is `?{parameter}=`{except}");
        (description, &template.fact)
    });
    let order = resource.order.iter().map(|order| {
        let place = match order.new_place {
            NewPlace::First => "first",
            NewPlace::Last => "last",
        };
        let field = &order.field;
        let description = format!("PUT sets the order in {field}; a new one is {place}");
        (description, &order.fact)
    });
    let undeletable = resource.undeletable.iter();
    let undeletable = undeletable.map(|UndeletableDescription { reason, fact }| {
        let reason = reason.iter();
        let reason = reason.map(|reason| format!(": the {} {reason}", resource.element));
        (
            format!("405 for Delete{}", reason.collect::<String>()),
            fact,
        )
    });
    views.chain(templates).chain(order).chain(undeletable)
}

fn names(list: &NameList) -> String {
    list.names.join(", ")
}
