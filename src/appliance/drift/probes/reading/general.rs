//! Requests that are about no resource.

use super::super::facts;
use crate::{
    appliance::{
        client::Request,
        drift::exchange::Step,
        facts::{FactKey, protocol},
    },
    schema::{Catalogue, ErrorRule, Resource, Verb},
};

/// A path that no server has.
const UNKNOWN: &str = "/vmrest/cucmockdriftunknown";

/// Returns the requests.
pub(super) fn steps(catalogue: &Catalogue) -> Vec<Step> {
    let mut steps = vec![
        Step::new(Request::get(UNKNOWN), None, "")
            .fact(FactKey::Protocol(protocol::UNSUPPORTED_PATH))
            .error(facts::general_error(ErrorRule::NotImplemented)),
    ];
    for path in ["/vmrest/version", "/vmrest/version/product"] {
        let step = Step::new(Request::get(path), None, "");
        steps.push(step.fact(FactKey::Protocol(protocol::VERSION)));
    }
    let is_list = |resource: &&Resource| {
        resource.verb(Verb::List).is_some() && !resource.path.has_parameters()
    };
    if let Some(resource) = catalogue.resources().iter().find(is_list) {
        let path = format!("/vmrest/{}?rowsPerPage=0", resource.path);
        let request = Request::get(&path).anonymous();
        let step = Step::new(request, None, "without credentials");
        let step = step.fact(FactKey::Protocol(protocol::WITHOUT_CREDENTIALS));
        steps.push(step.error(FactKey::Protocol(protocol::CHALLENGE)));
        let request = Request::get(&path).header("Accept", "image/png");
        let step = Step::new(request, None, "accepting only image/png");
        steps.push(step.fact(FactKey::Protocol(protocol::NOT_ACCEPTABLE)));
    }
    let mut elements = Vec::new();
    for resource in catalogue.resources() {
        if resource.verb(Verb::Read).is_some() && !elements.contains(&&resource.element) {
            elements.push(&resource.element);
            let path = format!("/vmrest/schema/{}", resource.element);
            // The response has only its headers: the documents are not compared.
            let request = Request::new(ureq::http::Method::HEAD, path);
            let step = Step::new(request, Some(resource.path.as_str()), "");
            steps.push(step.fact(FactKey::Protocol(protocol::SCHEMA)));
        }
    }
    steps
}
