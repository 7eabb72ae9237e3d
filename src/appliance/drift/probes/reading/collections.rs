//! Requests for lists.

use ureq::http::Method;

use super::super::facts;
use crate::{
    appliance::{
        client::Request,
        drift::exchange::Step,
        facts::{FactKey, protocol},
    },
    schema::{ErrorRule, Resource, Verb},
};

const JSON: &str = "application/json";

/// Returns the requests for a collection; only the most important ones unless it is the first of its resource.
pub(super) fn steps(resource: &Resource, collection: &str, is_first: bool) -> Vec<Step> {
    let path = Some(resource.path.as_str());
    let list = |request: Request| {
        let step = Step::new(request, path, "");
        step.fact(facts::verb(resource, Verb::List))
    };
    let page = |parameters: &str, line: &'static str| {
        let request = Request::get(format!("{collection}?{parameters}"));
        Step::new(request, path, "").fact(FactKey::Protocol(line))
    };
    let mut steps = vec![list(Request::get(collection))];
    if !is_first {
        return steps;
    }
    let json = Request::get(collection).header("Accept", JSON);
    let json = Step::new(json, path, "in JSON");
    let json = json.fact(FactKey::Protocol(protocol::NEGOTIATION));
    let no_number = page("pageNumber=x", protocol::INVALID_PAGE);
    let on_both = |method| {
        let step = Step::new(Request::new(method, collection), path, "");
        step.fact(FactKey::Protocol(protocol::HEAD_AND_OPTIONS))
    };
    steps.extend([
        page("rowsPerPage=1&pageNumber=1", protocol::LIST),
        page("rowsPerPage=0", protocol::COUNT_ONLY),
        page("rowsPerPage=100&pageNumber=100000", protocol::PAGE_PAST_END),
        no_number.rejection(facts::error(ErrorRule::Query, Verb::List)),
        json,
        on_both(Method::HEAD),
        on_both(Method::OPTIONS),
    ]);
    steps
}
