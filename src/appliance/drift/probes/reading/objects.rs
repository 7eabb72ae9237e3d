//! Requests for objects.

use super::super::{facts, missing_key};
use crate::{
    appliance::{
        client::Request,
        drift::exchange::Step,
        facts::{FactKey, protocol},
        object::Object,
    },
    schema::{ErrorRule, Resource, Verb},
};

/// Returns the requests for the objects of a collection: the first one, the last one, and one that does not exist.
pub(super) fn steps(
    resource: &Resource,
    collection: &str,
    objects: &[(String, &Object)],
    is_first: bool,
) -> Vec<Step> {
    let path = Some(resource.path.as_str());
    let read = |request: Request, purpose: &str| {
        let step = Step::new(request, path, purpose);
        step.fact(facts::verb(resource, Verb::Read))
    };
    if resource.is_singleton() {
        return vec![read(Request::get(collection), "")];
    }
    let mut steps = Vec::new();
    if let Some((first, _)) = objects.first() {
        steps.push(read(Request::get(first), ""));
        if is_first {
            let json = Request::get(first).header("Accept", "application/json");
            steps.push(read(json, "in JSON"));
        }
    }
    if let Some((last, _)) = objects.last().filter(|_| objects.len() > 1) {
        steps.push(read(Request::get(last), ""));
    }
    if is_first && let Some(key) = missing_key(resource) {
        let step = Step::new(Request::get(format!("{collection}/{key}")), path, "");
        let step = step.fact(FactKey::Protocol(protocol::NOT_FOUND));
        steps.push(step.rejection(facts::error(ErrorRule::NotFound, Verb::Read)));
    }
    steps
}
