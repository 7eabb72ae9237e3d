//! Checks the names of elements: those of resources, in all letter cases, and those of fields.

use std::{
    collections::{HashMap, HashSet},
    ptr,
};

use super::scope::releases;
use crate::{
    engine::{DecodeError, root::ROOT_ELEMENT, xsd},
    schema::Description,
};

/// The form of a name.
const NAME: &str = "the name of an element, of ASCII letters and digits";

/// Returns a mistake for each element of a resource that is not a name, or that an earlier description in `order`, or the
/// same one, has in a common release. It comes with the number of its description.
pub(super) fn check_elements(
    descriptions: &[Description],
    order: &[usize],
) -> Vec<(usize, DecodeError)> {
    let mut errors = Vec::new();
    let mut owners: HashMap<_, Vec<usize>> = HashMap::new();
    for &number in order {
        let description = &descriptions[number];
        for name in [&description.list_element, &description.element] {
            let same = owners.entry(name.to_ascii_lowercase()).or_default();
            let other = same
                .iter()
                .map(|other| &descriptions[*other])
                .filter(|other| !share_element(description, other, name))
                .find(|other| releases(description).any(|release| other.is_in(release)));
            let message = match other {
                _ if !is_name(name) => format!("found {name:?}, expected {NAME}"),
                _ if is_reserved(name) => {
                    format!("{name} is the name of a document of the API, expected another one")
                }
                Some(other) if ptr::eq(other, description) => {
                    format!("{name} is the name of the list and of its objects, expected two names")
                }
                Some(other) => {
                    let other = &other.path;
                    format!(
                        "{name} is the name of an element of {other}, too; expected another one"
                    )
                }
                None => {
                    same.push(number);
                    continue;
                }
            };
            errors.push((number, DecodeError::new(description.at, message)));
        }
    }
    errors
}

/// True if two resources have the same element for their objects, and one of them has only one at a path, which
/// distinguishes it.
fn share_element(one: &Description, other: &Description, name: &str) -> bool {
    let are_objects = [one, other]
        .iter()
        .all(|description| description.element.eq_ignore_ascii_case(name));
    let is_single = one.key.is_none() || other.key.is_none();
    !ptr::eq(one, other) && are_objects && is_single
}

/// Returns a mistake for each field that has no name of its own, and for each element of a view that has no valid name.
pub(super) fn check_fields(description: &Description) -> Vec<DecodeError> {
    let mut errors = Vec::new();
    for view in &description.views {
        let names = [&view.list_element, &view.element].into_iter();
        for name in names.filter(|name| !is_name(name) || is_reserved(name)) {
            let message =
                format!("found {name:?}, expected {NAME}, and none of the API's own documents");
            errors.push(DecodeError::new(view.fact.at, message));
        }
    }
    let mut names = HashSet::new();
    for field in &description.fields {
        let name = &*field.name;
        if !is_name(name) {
            let message = format!("found {name:?}, expected {NAME}");
            errors.push(DecodeError::new(field.fact.at, message));
        }
        if !names.insert(name.to_ascii_lowercase()) {
            let message = format!("{name} is the name of two fields, expected one");
            errors.push(DecodeError::new(field.fact.at, message));
        }
    }
    errors
}

/// True for the name of a document that is not a list or an object of a resource.
fn is_reserved(name: &str) -> bool {
    let mut reserved = [&[ROOT_ELEMENT][..], &xsd::DOCUMENTS].concat().into_iter();
    reserved.any(|reserved| reserved.eq_ignore_ascii_case(name))
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}
