//! The API's descriptions of itself: versions, XML schemas, WADL.

use axum::http::{Method, StatusCode};

use super::{ApiRequest, MethodHandlers};
use crate::{
    engine::{Format, wadl, xsd},
    http::{
        rejection::Rejection,
        response::{Outcome, Payload, WADL, content_type},
    },
    schema::{Provenance, Resource},
};

const VERSION_INFORMATION: &str = "VersionInformation";
const NAME: &str = "name";
const VERSION: &str = "version";
const ERROR_DETAILS: &str = "ErrorDetails";

/// `GET /vmrest/version` for the API, `/vmrest/version/product` for the product.
pub(crate) fn version(name: &'static str) -> MethodHandlers {
    read_only(move |request, _| {
        let elements = vec![(NAME, name), (VERSION, request.space.release().version())];
        let payload = Payload::Document(VERSION_INFORMATION, elements);
        Outcome::success(Provenance::Documented, payload)
    })
}

/// `GET /vmrest/schema`: the index of the XML schemas.
pub(crate) fn schemas(resources: &'static [&'static Resource]) -> MethodHandlers {
    read_only(move |request, _| {
        let names: Vec<_> = of_release(resources, request)
            .map(|resource| resource.element)
            .chain([VERSION_INFORMATION, ERROR_DETAILS, xsd::INDEX])
            .collect();
        Outcome::success(Provenance::Inferred, xml(xsd::index(&names)))
    })
}

/// `GET /vmrest/schema/<Object>`: the XML schema of an object or of its list.
pub(crate) fn schema(resources: &'static [&'static Resource]) -> MethodHandlers {
    read_only(move |request, name| {
        let mut resources = of_release(resources, request);
        let document = match name {
            VERSION_INFORMATION => Ok(xsd::of_texts(VERSION_INFORMATION, &[NAME, VERSION])),
            ERROR_DETAILS => Ok(xsd::of_error()),
            xsd::INDEX => Ok(xsd::of_index()),
            name => resources
                .find(|resource| resource.element == name || resource.list_element == name)
                .map(|resource| xsd::of_resource(resource, request.space.release()))
                .ok_or_else(|| Rejection::not_implemented(request.uri.path())),
        };
        Outcome::new(Provenance::Documented, document.map(xml))
    })
}

/// `GET /vmrest/application.wadl`: the methods of each resource.
pub(crate) fn application(resources: &'static [&'static Resource]) -> MethodHandlers {
    read_only(move |request, _| {
        let base = format!("{}/vmrest/", request.base);
        let resources: Vec<_> = of_release(resources, request).collect();
        let payload = Payload::Raw {
            status: StatusCode::OK,
            content_type: WADL,
            body: wadl::of_resources(&resources, &base).into(),
        };
        Outcome::success(Provenance::Documented, payload)
    })
}

/// Returns the resources of the release that the request is for.
fn of_release(
    resources: &'static [&'static Resource],
    request: &ApiRequest<'_>,
) -> impl Iterator<Item = &'static Resource> {
    let release = request.space.release();
    let resources = resources.iter().copied();
    resources.filter(move |resource| resource.is_in(release))
}

fn read_only(
    handler: impl Fn(&ApiRequest<'_>, &str) -> Outcome + Send + Sync + 'static,
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
