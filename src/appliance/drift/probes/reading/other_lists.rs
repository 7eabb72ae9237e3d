//! Requests for the lists of a resource at other paths.

use std::iter::zip;

use super::super::{captured_objects::filled, facts};
use crate::{
    appliance::{client::Request, drift::exchange::Step, object::Object},
    schema::{Resource, Verb},
};

/// Returns a request for each other path, below the first object that has the values in it.
pub(super) fn steps(resource: &Resource, objects: &[Object]) -> Vec<Step> {
    let views = zip(&resource.views, &resource.view_shapes);
    let views = views.map(|(view, shape)| (&view.path, &shape.parameters));
    let aliases = zip(&resource.aliases, &resource.alias_shapes);
    let aliases = aliases.filter(|(alias, _)| alias.verbs.contains(&Verb::List));
    let aliases = aliases.map(|(alias, shape)| (&alias.path, &shape.parameters));
    let mut steps = Vec::new();
    for (template, parameters) in views.chain(aliases) {
        let path = match parameters.is_empty() {
            true => Some(format!("/vmrest/{template}")),
            false => objects.iter().find_map(|object| {
                let names = parameters
                    .iter()
                    .map(|position| &*resource.fields[*position].name);
                filled(template, names.map(|name| object.get(name)))
            }),
        };
        if let Some(path) = path {
            let step = Step::new(Request::get(path), Some(resource.path.as_str()), "");
            steps.push(step.fact(facts::verb(resource, Verb::List)));
        }
    }
    steps
}
