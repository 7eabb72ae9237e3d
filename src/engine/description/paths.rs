//! Checks the paths of resources: in each release, no two routes are the same.

use std::collections::{HashMap, HashSet};

use crate::{
    engine::DecodeError,
    schema::{Description, Release, RoutePlace, path},
};

/// The first segments of the paths on which the API describes itself.
const RESERVED: [&str; 2] = ["schema", "version"];

/// Returns the mistakes in the form of the paths of a description.
pub(super) fn check_form(description: &Description) -> Vec<DecodeError> {
    let aliases = description.aliases.iter();
    let aliases = aliases.map(|alias| (&*alias.path, alias.fact.at));
    let views = description.views.iter();
    let views = views.map(|view| (&*view.path, view.fact.at));
    let endpoints = description.endpoints.iter();
    let endpoints = endpoints.map(|endpoint| (relative(&endpoint.path), endpoint.fact.at));
    let paths = [(&*description.path, description.at)]
        .into_iter()
        .chain(aliases)
        .chain(views)
        .chain(endpoints);
    let mistake = |(path, at): (&str, usize)| {
        let first = path.split('/').next().unwrap_or_default();
        if !is_template(path) {
            let message = format!("found {path:?}, expected {}", path_like("users"));
            return Some(DecodeError::new(at, message));
        }
        RESERVED.contains(&first).then(|| {
            let expected =
                format!("one outside of /vmrest/{first}, where the API describes itself");
            DecodeError::new(at, format!("found the path {path:?}, expected {expected}"))
        })
    };
    let mut errors: Vec<_> = paths.filter_map(mistake).collect();
    errors.extend(check_singleton(description));
    errors
}

/// Returns the part of a path that has the form of one below `/vmrest`.
fn relative(path: &str) -> &str {
    let servlet = path.strip_prefix(path::SERVLETS);
    servlet
        .and_then(|below| below.strip_prefix('/'))
        .unwrap_or(path)
}

/// Returns a mistake for each verb of a collection, and for an order, at a path with only one record.
fn check_singleton(description: &Description) -> Vec<DecodeError> {
    if description.key.is_some() {
        return Vec::new();
    }
    let verbs = description.verbs.iter();
    let verbs = verbs.map(|(verb, _)| (*verb, description.at));
    let aliases = description.aliases.iter().flat_map(|alias| {
        let verbs = alias.verbs.iter();
        verbs.map(|verb| (*verb, alias.fact.at))
    });
    let verbs = verbs.chain(aliases);
    let verbs = verbs.filter(|(verb, _)| verb.is_of_collection());
    let order = description.order.iter();
    let order = order.map(|order| ("<order>", order.fact.at));
    let found = verbs.map(|(verb, at)| (verb.name(), at)).chain(order);
    found
        .map(|(name, at)| {
            let message = format!("found {name} on a singleton, expected it only on a collection");
            DecodeError::new(at, message)
        })
        .collect()
}

/// Returns a mistake for each path that an earlier description in `order`, or another part of the same one, has already
/// in a release. It comes with the number of its description.
pub(super) fn check_routes(
    descriptions: &[Description],
    order: &[usize],
) -> Vec<(usize, DecodeError)> {
    let mut errors = Vec::new();
    let mut reported = HashSet::new();
    for &release in Release::ALL {
        let mut owners = HashMap::new();
        let numbers = order.iter().copied();
        for number in numbers.filter(|number| descriptions[*number].is_in(release)) {
            for (path, place, at) in paths(&descriptions[number], release) {
                let owner = *owners.entry(path.clone()).or_insert((number, place));
                let is_view = matches!(place, RoutePlace::View(_)) && !path.contains(' ');
                if owner == (number, place) || is_view && owner.0 == number {
                    continue;
                }
                let (owner, _) = owner;
                let other = &descriptions[owner].path;
                // One mistake for two resources with the same path.
                let is_copy = *other == descriptions[number].path && owner != number;
                let at = if is_copy { descriptions[number].at } else { at };
                if reported.insert((number, at, owner)) {
                    let other = (owner != number).then_some(&**other);
                    let message = conflict(&path, release, other);
                    errors.push((number, DecodeError::new(at, message)));
                }
            }
        }
    }
    errors
}

/// Describes the mistake in a path that another resource, or the same one, has already.
fn conflict(path: &str, release: Release, other: Option<&str>) -> String {
    let path = match path.split_once(' ') {
        Some((method, path)) => format!("{method} {}", path::absolute(path)),
        None => path::absolute(path).into_owned(),
    };
    match other {
        Some(other) => format!(
            "the resource {other} has {path} in release {release}, too; expected another path"
        ),
        None => format!("{path} is given twice in release {release}, expected it once"),
    }
}

/// Returns the paths of a description in a release, each with its place, and the byte at which it is given. Methods
/// precede those of endpoints and views, which may share a path with other routes of their resource.
fn paths(description: &Description, release: Release) -> Vec<(String, RoutePlace, usize)> {
    // Another resource cannot have the path, even if there is no route to the collection.
    let Description { path, at, .. } = description;
    let mut paths = vec![(anonymous(path), RoutePlace::Main, *at)];
    for route in description.routes(release) {
        let path = anonymous(&route.path);
        let with_method = format!("{} {path}", route.method);
        let place = match route.place {
            RoutePlace::Endpoint(_) => RoutePlace::Main,
            place => place,
        };
        paths.push((path, place, route.source));
        paths.push((with_method, route.place, route.source));
    }
    paths
}

/// Returns a path whose fields all have the name `id`.
fn anonymous(path: &str) -> String {
    let segments = path
        .split('/')
        .map(|segment| match path::parameter(segment) {
            Some(_) => "{id}",
            None => segment,
        });
    segments.collect::<Vec<_>>().join("/")
}

/// True for a path whose segments, except the first, may be names of fields in braces.
fn is_template(path: &str) -> bool {
    let mut segments = path.split('/').enumerate();
    segments.all(|(index, segment)| match path::parameter(segment) {
        Some(field) => index > 0 && is_path(field),
        None => is_path(segment),
    })
}

/// Describes the form of a path.
pub(super) fn path_like(example: &str) -> String {
    format!("a path such as {example}, without a slash at its ends")
}

/// True for segments of letters, digits, `-` and `_`.
pub(super) fn is_path(path: &str) -> bool {
    let mut segments = path.split('/');
    segments.all(|segment| {
        let mut letters = segment.chars();
        !segment.is_empty() && letters.all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    })
}
