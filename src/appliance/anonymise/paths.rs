//! The substitutes of paths, which may contain names.

use std::{borrow::Cow, collections::BTreeSet};

use percent_encoding::percent_decode_str;

use super::{field_class::FieldClass, substitutes::Substitutes};
use crate::{
    schema::{Catalogue, Resource, path},
    store::fold,
};

const ROOT: &str = "/vmrest/";
/// The operators of a query.
const OPERATORS: [&str; 2] = [" is ", " startswith "];

/// A value of the object that contains a path, and its substitute.
pub(super) type Replaced = (String, String);

/// The segments of the paths of all resources.
pub(super) struct Paths {
    literals: BTreeSet<Box<str>>,
}

/// A path in an object, and everything that its substitute depends on.
pub(super) struct PathContext<'c> {
    pub(super) catalogue: &'c Catalogue,
    pub(super) substitutes: &'c Substitutes,
    /// The values of the object that have substitutes.
    pub(super) replaced: &'c [Replaced],
}

impl Paths {
    pub(super) fn new(catalogue: &Catalogue) -> Self {
        let resources = catalogue.resources().iter();
        let segments = resources.flat_map(|resource| {
            let endpoints = resource.endpoints.iter().map(|endpoint| &*endpoint.path);
            let views = resource.views.iter().map(|view| view.path.as_str());
            let aliases = resource.aliases.iter().map(|alias| alias.path.as_str());
            let paths = [resource.path.as_str()].into_iter();
            let paths = paths.chain(endpoints).chain(views).chain(aliases);
            let audio = resource.audio.iter().map(|audio| &*audio.segment);
            paths.flat_map(|path| path.split('/')).chain(audio)
        });
        let literals = segments.filter(|segment| path::parameter(segment).is_none());
        Self {
            literals: literals.map(Box::from).collect(),
        }
    }

    /// Returns the substitute of a path, which begins with a slash.
    pub(super) fn substitute(&self, context: &PathContext<'_>, path: &str) -> String {
        let (path, query) = match path.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (path, None),
        };
        let below = path.strip_prefix(ROOT);
        let segments: Vec<_> = below.unwrap_or(&path[1..]).split('/').collect();
        let known = below.map_or_else(Vec::new, |_| classes(context.catalogue, &segments));
        let replaced = segments
            .iter()
            .enumerate()
            .map(|(place, segment)| match known.get(place) {
                Some(None) => Cow::Borrowed(*segment),
                Some(Some(class)) => encoded(segment, |value| {
                    class.substitute(context.substitutes, value)
                }),
                None if place == 0 => Cow::Borrowed(*segment),
                None => encoded(segment, |value| self.unknown(context, value)),
            });
        let replaced: Vec<_> = replaced.collect();
        let root = if below.is_some() { ROOT } else { "/" };
        let query = query.map(|query| format!("?{}", query_of(context.substitutes, query)));
        [root, &replaced.join("/"), &query.unwrap_or_default()].concat()
    }

    /// Returns the substitute of a segment that belongs to no known resource: it is the key of an object, or the name
    /// of a list, which has only letters.
    fn unknown(&self, context: &PathContext<'_>, value: &str) -> String {
        let mut replaced = context.replaced.iter();
        if let Some((_, substitute)) = replaced.find(|(found, _)| fold(found) == fold(value)) {
            return substitute.clone();
        }
        let is_of_list = |c: char| c.is_ascii_alphabetic() || matches!(c, '-' | '_');
        match self.literals.contains(value) || value.chars().all(is_of_list) {
            true => value.to_owned(),
            false => FieldClass::Unknown.substitute(context.substitutes, value),
        }
    }
}

/// Returns the class of each segment that a resource describes; `None` is a fixed one. The resource that describes most
/// segments decides.
fn classes(catalogue: &Catalogue, segments: &[&str]) -> Vec<Option<FieldClass>> {
    let resources = catalogue.by_precedence().into_iter();
    let described = resources.filter_map(|resource| classes_of(catalogue, resource, segments));
    let mut longest = Vec::new();
    for classes in described {
        if classes.len() > longest.len() {
            longest = classes;
        }
    }
    longest
}

fn classes_of(
    catalogue: &Catalogue,
    resource: &Resource,
    segments: &[&str],
) -> Option<Vec<Option<FieldClass>>> {
    let class = |name: &str| Some(FieldClass::of(catalogue, Some(resource), name));
    let mut classes = Vec::new();
    for expected in resource.path.as_str().split('/') {
        let segment = segments.get(classes.len())?;
        match path::parameter(expected) {
            Some(name) => classes.push(class(name)),
            None if expected == *segment => classes.push(None),
            None => return None,
        }
    }
    if let Some(key) = resource.key
        && segments.len() > classes.len()
    {
        classes.push(class(&resource.fields[key].name));
    }
    Some(classes)
}

/// Replaces a segment, decoded. One that remains keeps its encoding.
fn encoded<'s>(segment: &'s str, substitute: impl Fn(&str) -> String) -> Cow<'s, str> {
    let decoded = percent_decode_str(segment).decode_utf8_lossy();
    let substitute = substitute(&decoded);
    match substitute == decoded {
        true => Cow::Borrowed(segment),
        false => Cow::Owned(path::encoded(&substitute).into_owned()),
    }
}

/// Replaces the values of a query string: those that a query compares fields with, and those of other parameters.
fn query_of(substitutes: &Substitutes, query: &str) -> String {
    let parameters = query.split('&').map(|parameter| {
        let Some((name, value)) = parameter.split_once('=') else {
            return encoded(parameter, |value| substitutes.text(value, None));
        };
        let value = encoded(value, |value| compared(substitutes, value));
        Cow::Owned([name, "=", &value].concat())
    });
    parameters.collect::<Vec<_>>().join("&")
}

fn compared(substitutes: &Substitutes, text: &str) -> String {
    let mut operators = OPERATORS.iter();
    let found = operators.find_map(|operator| Some(text.find(operator)? + operator.len()));
    let (before, rest) = text.split_at(found.unwrap_or(0));
    let value = rest.trim_end_matches(')');
    let (_, behind) = rest.split_at(value.len());
    let value = FieldClass::Unknown.substitute(substitutes, value);
    [before, &value, behind].concat()
}
