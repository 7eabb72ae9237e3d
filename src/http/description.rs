//! What the API says of itself: versions, schemas, and what can be asked of its resources.

use axum::http::Method;

use super::{Answer, Reply, answer::content_type, body::Received, routes::Verbs};
use crate::{
    engine::{Error, Format, wadl, xsd},
    schema::{Provenance, Resource},
};

const VERSION_INFORMATION: &str = "VersionInformation";
const NAME: &str = "name";
const VERSION: &str = "version";
const ERROR_DETAILS: &str = "ErrorDetails";

/// `GET /vmrest/version`, the API's own, or `/vmrest/version/product`, the product's.
pub(crate) fn version(of: &'static str) -> Verbs {
    readable(move |asked, _| {
        let members = vec![(NAME, of), (VERSION, asked.space.release().version())];
        let answer = Answer::Document(VERSION_INFORMATION, members);
        Reply::new(Provenance::Documented, Ok(answer))
    })
}

/// `GET /vmrest/schema`: where the schema of each kind of object stands.
pub(crate) fn schemas(resources: &'static [&'static Resource]) -> Verbs {
    readable(move |_, _| {
        let names = resources.iter().map(|resource| resource.element);
        let names: Vec<_> = names
            .chain([VERSION_INFORMATION, ERROR_DETAILS, xsd::INDEX])
            .collect();
        Reply::new(Provenance::Inferred, Ok(xml(xsd::index(&names))))
    })
}

/// `GET /vmrest/schema/<Object>`: an XML Schema, for an object's name or that of its list.
pub(crate) fn schema(resources: &'static [&'static Resource]) -> Verbs {
    readable(move |asked, name| {
        let mut known = resources.iter();
        let document = match name {
            VERSION_INFORMATION => Ok(xsd::of_texts(VERSION_INFORMATION, &[NAME, VERSION])),
            ERROR_DETAILS => Ok(xsd::of_error()),
            xsd::INDEX => Ok(xsd::of_index()),
            name => known
                .find(|resource| resource.element == name || resource.list_element == name)
                .map(|resource| xsd::of_resource(resource, asked.space.release()))
                .ok_or_else(|| Error::not_implemented(asked.uri.path())),
        };
        Reply::new(Provenance::Documented, document.map(xml))
    })
}

/// `GET /vmrest/application.wadl`: what can be asked of each resource.
pub(crate) fn application(resources: &'static [&'static Resource]) -> Verbs {
    readable(move |_, _| {
        let document = wadl::of_resources(resources).into();
        let answer = Answer::Raw("application/vnd.sun.wadl+xml;charset=UTF-8", document);
        Reply::new(Provenance::Documented, Ok(answer))
    })
}

/// What can only be read.
fn readable(read: impl Fn(&Received<'_>, &str) -> Reply + Send + Sync + 'static) -> Verbs {
    Verbs::default().on(Method::GET, read)
}

fn xml(document: Vec<u8>) -> Answer {
    Answer::Raw(content_type(Format::Xml), document.into())
}
