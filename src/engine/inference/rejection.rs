//! The reason why a list is not that of a resource without a description.
//!
//! A list belongs to such a resource if it has the form of a response, and nothing shows that a known resource is meant:
//! neither its objects have the name of known ones, nor are their URIs below the path of a known resource, nor is the name
//! similar to a known one while the objects have no URI.

use std::collections::HashSet;

use super::{KnownResources, SampleList, XmlSchema};
use crate::{
    engine::{
        DecodeError,
        charset::shorten,
        root::ROOT_ELEMENT,
        xml::{StartTag, XmlReader},
    },
    schema::Catalogue,
};

/// The name of the field with an object's own path.
pub(super) const URI: &str = "URI";
/// The beginning of each URI.
pub(super) const ROOT_PATH: &str = "/vmrest/";
/// The form of a list of another resource.
const FORM: &str = "objects of one name that have fields";

/// Reads the open list of a document, which no resource of the catalogue has, and returns the error for it.
pub(crate) fn unknown_list<'d>(
    catalogue: &Catalogue,
    reader: &mut XmlReader<'d>,
    list: &StartTag<'d>,
) -> Result<DecodeError, DecodeError> {
    let known = KnownResources::of_catalogue(catalogue);
    let texts = (reader.stray_texts.len(), reader.more_stray_texts);
    let list = SampleList::read(reader, list)?;
    // One error is enough for the whole list.
    reader.stray_texts.truncate(texts.0);
    reader.more_stray_texts = texts.1;
    let error = list.rejection(&known, &[]);
    Ok(error.unwrap_or_else(|| {
        let reason = "found a list of a resource that the server does not have";
        let name = shorten(list.name);
        let expected = format!(
            "expected {}; the fixtures and the resources add others when the server starts",
            known_lists(&known)
        );
        DecodeError::new(list.at, format!("{reason}, {expected}"))
            .quoting(format!("found <{name}>, {expected}"))
    }))
}

impl SampleList<'_> {
    /// Returns the error for a list that is not that of a resource without a description.
    pub(crate) fn rejection(
        &self,
        known: &KnownResources<'_>,
        schemas: &[XmlSchema],
    ) -> Option<DecodeError> {
        let (found, expected) = mistake(self, known, schemas)?;
        let name = shorten(self.name);
        let error = DecodeError::new(self.at, format!("found {found}, {expected}"));
        Some(error.quoting(format!("found <{name}>, {expected}")))
    }
}

/// Describes a list, and the lists that were expected instead.
fn mistake(
    list: &SampleList<'_>,
    known: &KnownResources<'_>,
    schemas: &[XmlSchema],
) -> Option<(&'static str, String)> {
    const OTHER: &str = "another element";
    if let Some(message) = list_of_known_objects(list, known).or_else(|| similar_list(list, known))
    {
        return Some((OTHER, message));
    }
    let lists = known_lists(known);
    if list.objects.is_empty() {
        let mut schemas = schemas.iter();
        let is_described = schemas.any(|schema| schema.object_of(list.name).is_some());
        let message = format!(
            "expected {lists}; when a server starts, a list of another resource needs an object, or its XSD beside the file"
        );
        return (!is_described).then_some(("an empty list", message));
    }
    let mut objects = list.objects.iter();
    let is_list = list.element().is_some() && objects.all(|object| !object.fields.is_empty());
    let message = format!("expected {lists}, or a list of another resource: {FORM}");
    (!is_list).then_some((OTHER, message))
}

/// Describes the list that was expected if the objects are those of a known resource.
fn list_of_known_objects(list: &SampleList<'_>, known: &KnownResources<'_>) -> Option<String> {
    let element = list.objects.first().map(|object| object.name);
    if let Some(resource) = element.and_then(|element| known.with_element(element)) {
        return Some(format!(
            "expected <{}>, because of its objects; a list of another resource has objects of another name, with another \
             path in their URIs",
            resource.list
        ));
    }
    let uris = list.objects.iter().filter_map(|object| object.value(URI));
    let mut collections = uris.filter_map(collection);
    let (resource, path) = collections.find_map(|collection| known.at(collection))?;
    Some(format!(
        "expected <{}>, because the URIs are below {ROOT_PATH}{path}; a list of another resource has another path in them",
        resource.list
    ))
}

/// Describes the list that was expected if its name is similar, and no URI shows that another resource is meant.
fn similar_list(list: &SampleList<'_>, known: &KnownResources<'_>) -> Option<String> {
    let mut objects = list.objects.iter();
    if objects.any(|object| object.value(URI).is_some()) {
        return None;
    }
    let element = list.objects.first().map(|object| object.name);
    let expected = known.nearest_list(list.name, element)?;
    Some(format!(
        "expected <{expected}>; a list of another resource with such a name has objects with a URI"
    ))
}

/// Returns the path of the collection below `/vmrest`, without the last segment of a URI.
pub(super) fn collection(uri: &str) -> Option<&str> {
    let path = uri.strip_prefix(ROOT_PATH)?;
    path.rsplit_once('/').map(|(collection, _)| collection)
}

fn known_lists(known: &KnownResources<'_>) -> String {
    let mut named = HashSet::new();
    // A view may have the name of another list.
    let lists = known.lists().filter(|list| named.insert(*list));
    let lists = lists.chain([ROOT_ELEMENT]);
    let lists: Vec<_> = lists.map(|list| format!("<{list}>")).collect();
    lists.join(" or ")
}
