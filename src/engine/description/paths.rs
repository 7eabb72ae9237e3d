//! Checks the paths of resources: in each release, no two routes are the same.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use crate::{
    engine::DecodeError,
    schema::{ActionSelector, Description, Release, Verb, path},
};

/// The first segments of the paths on which the API describes itself.
const RESERVED: [&str; 2] = ["schema", "version"];

/// Returns the mistakes in the form of the paths of a description.
pub(super) fn check_form(description: &Description) -> Vec<DecodeError> {
    let aliases = description.aliases.iter();
    let aliases = aliases.map(|alias| (&*alias.path, alias.fact.at));
    let views = description.views.iter();
    let views = views.map(|view| (&*view.path, view.fact.at));
    let paths = [(&*description.path, description.at)]
        .into_iter()
        .chain(aliases)
        .chain(views);
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
    let order = order.map(|(_, fact)| ("<order>", fact.at));
    let found = verbs.map(|(verb, at)| (verb.name(), at)).chain(order);
    found
        .map(|(name, at)| {
            let message = format!("found {name} on a singleton, expected it only on a collection");
            DecodeError::new(at, message)
        })
        .collect()
}

/// Returns a mistake for each route that an earlier description in `order`, or the same one, has already in a release.
/// It comes with the number of its description.
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
            for (route, at) in routes(&descriptions[number], release) {
                let owner = match owners.entry(route) {
                    Entry::Vacant(entry) => {
                        entry.insert(number);
                        continue;
                    }
                    Entry::Occupied(entry) => entry,
                };
                let other = &descriptions[*owner.get()].path;
                // One mistake for two resources with the same path.
                let is_copy = *other == descriptions[number].path && *owner.get() != number;
                let at = if is_copy { descriptions[number].at } else { at };
                if reported.insert((number, at, *owner.get())) {
                    let route = owner.key();
                    let message = if *owner.get() == number {
                        format!(
                            "/vmrest/{route} is given twice in release {release}, expected it once"
                        )
                    } else {
                        format!(
                            "the resource {other} has /vmrest/{route} in release {release}, too; expected another path"
                        )
                    };
                    errors.push((number, DecodeError::new(at, message)));
                }
            }
        }
    }
    errors
}

/// Returns the routes of a description in a release, each with the byte at which it is given.
fn routes(description: &Description, release: Release) -> Vec<(String, usize)> {
    let Description { path, at, .. } = description;
    // Another resource cannot have the path, even if there is no route to the collection.
    let mut routes = vec![(anonymous(path), *at)];
    let object = |path: &str| match description.key {
        Some(_) => format!("{}/{{id}}", anonymous(path)),
        None => anonymous(path),
    };
    let has_object = description
        .verbs
        .iter()
        .any(|(verb, _)| !verb.is_of_collection());
    if has_object && description.key.is_some() {
        routes.push((object(path), *at));
    }
    let actions = description.actions.iter();
    let actions = actions.filter(|action| action.fact.covers(release));
    routes.extend(actions.filter_map(|action| match &action.selector {
        ActionSelector::Segment(name) => Some((format!("{}/{name}", object(path)), action.fact.at)),
        ActionSelector::Method(_) => None,
    }));
    let views = description.views.iter();
    let views = views.filter(|view| view.fact.covers(release));
    routes.extend(views.map(|view| (anonymous(&view.path), view.fact.at)));
    let aliases = description.aliases.iter();
    for alias in aliases.filter(|alias| alias.fact.covers(release)) {
        let has = |of_collection| {
            let mut verbs = alias.verbs.iter().copied();
            verbs.any(|verb: Verb| verb.is_of_collection() == of_collection)
        };
        if has(true) {
            routes.push((anonymous(&alias.path), alias.fact.at));
        }
        if has(false) {
            routes.push((object(&alias.path), alias.fact.at));
        }
    }
    routes
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
