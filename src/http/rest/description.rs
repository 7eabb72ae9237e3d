//! The API's descriptions of itself: versions, XML schemas, WADL.

use std::collections::HashSet;

use axum::http::{Method, StatusCode};

use super::{ApiRequest, MethodHandlers, PathParameters};
use crate::{
    engine::{
        Format, wadl,
        xsd::{self, ERROR_DETAILS, VERSION_INFORMATION},
    },
    http::{
        rejection::Rejection,
        response::{Outcome, Payload, WADL, content_type},
    },
    schema::{Catalogue, Provenance, Resource, Verb},
};

const NAME: &str = "name";
const VERSION: &str = "version";

/// `GET /vmrest/version` for the API, `/vmrest/version/product` for the product.
pub(crate) fn version(name: &'static str) -> MethodHandlers {
    read_only(move |request, _| {
        let elements = vec![(NAME, name), (VERSION, request.space.release().version())];
        let payload = Payload::Document(VERSION_INFORMATION, elements);
        Outcome::success(Provenance::Documented, payload)
    })
}

/// `GET /vmrest/schema`: the index of the XML schemas.
pub(crate) fn schemas() -> MethodHandlers {
    read_only(|request, _| {
        let resources = request.space.records.catalogue.resources();
        let views = resources.iter().flat_map(|resource| &resource.views);
        let names = resources
            .iter()
            .filter(|resource| has_schema(resource))
            .map(|resource| &*resource.element)
            .chain(views.map(|view| &*view.element))
            .chain(xsd::DOCUMENTS);
        let mut known = HashSet::new();
        // Some resources share an element.
        let names: Vec<_> = names.filter(|name| known.insert(*name)).collect();
        let index = xml(xsd::index(&names));
        Outcome::inferred("the shape of the index of schemas", index)
    })
}

/// `GET /vmrest/schema/<Object>`: the XML schema of an object or of its list.
pub(crate) fn schema() -> MethodHandlers {
    read_only(|request, parameters| {
        let name = &*parameters.last;
        let catalogue = &request.space.records.catalogue;
        let document = match name {
            VERSION_INFORMATION => Ok(xsd::of_texts(VERSION_INFORMATION, &[NAME, VERSION])),
            ERROR_DETAILS => Ok(xsd::of_error()),
            xsd::INDEX => Ok(xsd::of_index()),
            name => schema_of(catalogue, name)
                .ok_or_else(|| Rejection::not_implemented(request.uri.path())),
        };
        Outcome::new(Provenance::Documented, document.map(xml))
    })
}

/// True unless a resource is served by endpoints alone, which write documents of their own.
fn has_schema(resource: &Resource) -> bool {
    let verbs = Verb::ALL.into_iter();
    resource.endpoints.is_empty() || verbs.filter_map(|verb| resource.verb(verb)).count() > 0
}

/// Returns the schema of the object, or of the list, with this name.
fn schema_of(catalogue: &Catalogue, name: &str) -> Option<Vec<u8>> {
    let resources = catalogue.resources().iter();
    let mut resources = resources.filter(|resource| has_schema(resource));
    let is_named =
        |resource: &&Resource| *resource.element == *name || *resource.list_element == *name;
    let named: Vec<_> = resources.clone().filter(is_named).collect();
    if !named.is_empty() {
        return Some(xsd::of_resources(&named));
    }
    resources.find_map(|resource| {
        let mut views = resource.views.iter();
        let view = views.position(|view| *view.element == *name || *view.list_element == *name)?;
        Some(xsd::of_view(resource, view))
    })
}

/// `GET /vmrest/application.wadl`: the methods of each resource.
pub(crate) fn application() -> MethodHandlers {
    read_only(|request, _| {
        let resources = request.space.records.catalogue.resources();
        let base = request.base.join("/vmrest/");
        let payload = Payload::Raw {
            status: StatusCode::OK,
            content_type: WADL,
            body: wadl::of_resources(resources, &base).into(),
        };
        Outcome::success(Provenance::Documented, payload)
    })
}

fn read_only(
    handler: impl Fn(&ApiRequest<'_>, &PathParameters<'_>) -> Outcome + Send + Sync + 'static,
) -> MethodHandlers {
    MethodHandlers::default().on(Method::GET, handler)
}

fn xml(document: Vec<u8>) -> Payload {
    Payload::Raw {
        status: StatusCode::OK,
        content_type: content_type(Format::Xml),
        body: document.into(),
    }
}
