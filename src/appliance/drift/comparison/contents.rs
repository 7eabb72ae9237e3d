//! The comparison of documents.

use std::mem;

use super::{
    context::Comparison,
    differences::{Differences, Sides},
    document::{Content, Document, ErrorContent, List, NULL_LIST, OBJECTS, Property},
    fields::FieldComparison,
    pairs::Pairs,
    protocol,
    shown::{ABSENT, without_hosts},
};
use crate::appliance::drift::{Difference, Probe, Templates};

/// The beginning of the messages of this server that no other one has.
const OWN_MESSAGE: &str = "cuc-mock ";
const TOTAL: &str = "total";

/// Compares two documents of the same format.
pub(super) fn compare(
    context: &Comparison<'_>,
    probe: &Probe,
    mock: &Document,
    server: &Document,
    differences: &mut Differences<'_>,
) {
    let is_alike = mem::discriminant(&mock.content) == mem::discriminant(&server.content);
    if mock.root != server.root || !is_alike {
        let sides = Sides::new(description(mock), description(server));
        let is_error = matches!(mock.content, Content::Error(_));
        let fact = is_error.then_some(protocol::ENVELOPE);
        differences.add(Difference::Body, None, sides, fact);
    }
    match (&mock.content, &server.content) {
        (Content::List(mock_list), Content::List(server_list)) => {
            compare_shapes(
                mock,
                server,
                mock_list.objects.len() == server_list.objects.len(),
                differences,
            );
            compare_lists(context, probe, mock_list, server_list, differences);
        }
        (Content::Object(mock_object), Content::Object(server_object)) => {
            compare_shapes(mock, server, true, differences);
            let mut fields = FieldComparison::new(context, probe);
            fields.compare(mock_object, server_object, differences);
            fields.finish(differences);
        }
        (Content::Error(mock_error), Content::Error(server_error)) => {
            compare_shapes(mock, server, true, differences);
            compare_errors(context, probe, mock_error, server_error, differences);
        }
        _ => {}
    }
}

/// Describes a document by its kind and its root.
fn description(document: &Document) -> String {
    let kind = document.content.name();
    match &document.root {
        Some(root) => format!("{kind} in the element {root}"),
        None => kind.to_owned(),
    }
}

/// Compares the properties of documents in JSON. Lists of several lengths have several forms.
fn compare_shapes(
    mock: &Document,
    server: &Document,
    has_same_length: bool,
    differences: &mut Differences<'_>,
) {
    let fact = match mock.content {
        Content::Error(_) => protocol::JSON_ERRORS,
        _ => protocol::JSON_LIST,
    };
    for property in &mock.shape {
        let place = property.place;
        let mut others = server.shape.iter();
        let Some(other) = others.find(|other| other.place == place) else {
            continue;
        };
        if property != other && (has_same_length || !property.depends_on_length()) {
            let sides = Sides::new(&*property.description, &*other.description);
            differences.add(Difference::Body, Some(place), sides, [fact.clone()]);
        }
        if matches!(mock.content, Content::List(_) | Content::Error(_)) {
            differences.test(fact.clone());
        }
    }
    let only_null = |shape: &[Property]| shape.iter().any(Property::is_null_list);
    if only_null(&mock.shape) != only_null(&server.shape) && has_same_length {
        let side = |shape: &[Property]| match only_null(shape) {
            true => "null",
            false => "an object",
        };
        let sides = Sides::new(side(&mock.shape), side(&server.shape));
        differences.add(Difference::Body, Some(NULL_LIST), sides, None);
    }
}

fn compare_lists(
    context: &Comparison<'_>,
    probe: &Probe,
    mock: &List,
    server: &List,
    differences: &mut Differences<'_>,
) {
    let mut fields = FieldComparison::new(context, probe);
    if mock.total != server.total && !is_null(mock) && !is_null(server) {
        let side = |list: &List| list.total.clone().unwrap_or_else(|| ABSENT.to_owned());
        let sides = Sides::new(side(mock), side(server));
        differences.add(Difference::Body, Some(TOTAL), sides, [protocol::TOTAL]);
    }
    if let (Some(mock), Some(server)) = (&mock.element, &server.element)
        && mock != server
    {
        let sides = Sides::new(&**mock, &**server);
        differences.add(Difference::Body, Some("element"), sides, None);
    }
    let pairs = Pairs::of(mock, server, fields.resource());
    if (pairs.only_mock > 0 || pairs.only_server > 0) && mock.total == server.total {
        let side = |count, all| format!("{all} objects, {count} of which only on this side");
        let sides = Sides::new(
            side(pairs.only_mock, mock.objects.len()),
            side(pairs.only_server, server.objects.len()),
        );
        differences.add(Difference::Body, Some(OBJECTS), sides, None);
    }
    if let Some(number) = pairs.first_out_of_order() {
        let server = format!("another order, from object {number} on");
        let sides = Sides::new("the order of the data", server);
        differences.add(Difference::Order, Some(OBJECTS), sides, None);
    }
    for (at, place) in &pairs.pairs {
        fields.compare(&mock.objects[*at], &server.objects[*place], differences);
    }
    fields.finish(differences);
}

/// True for a list that is `null`, which has no total.
fn is_null(list: &List) -> bool {
    list.total.is_none() && list.objects.is_empty()
}

fn compare_errors(
    context: &Comparison<'_>,
    probe: &Probe,
    mock: &ErrorContent,
    server: &ErrorContent,
    differences: &mut Differences<'_>,
) {
    if mock.code != server.code {
        let side = |code: &Option<String>| code.clone().unwrap_or_else(|| ABSENT.to_owned());
        let sides = Sides::new(side(&mock.code), side(&server.code));
        let fact = probe.error_fact.clone();
        let templates = Templates {
            mock: sides.mock.clone(),
            server: sides.server.clone(),
        };
        differences.add_error(Difference::Code, sides, templates, fact);
    }
    let messages = (mock.message.as_deref(), server.message.as_deref());
    let template = |message: Option<&str>| match message {
        Some(message) => context.template(probe, messages, message),
        None => ABSENT.to_owned(),
    };
    let templates = Templates {
        mock: template(messages.0),
        server: template(messages.1),
    };
    let text = |message: &Option<String>| message.as_deref().map(without_hosts);
    let (mock, server) = (text(&mock.message), text(&server.message));
    // No other server has the message.
    if mock
        .as_ref()
        .is_some_and(|message| message.starts_with(OWN_MESSAGE))
    {
        return;
    }
    if mock != server {
        let side = |message: Option<String>| match message {
            Some(message) => context.shown().message(&message),
            None => ABSENT.to_owned(),
        };
        let sides = Sides::new(side(mock), side(server));
        let fact = probe.error_fact.clone();
        differences.add_error(Difference::Message, sides, templates, fact);
    }
    if let Some(fact) = &probe.error_fact {
        differences.test(fact.clone());
    }
}
