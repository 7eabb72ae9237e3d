//! The requests that only read.

mod collections;
mod general;
mod objects;
mod other_lists;
mod queries;
mod query_rules;

use super::{captured_objects::CapturedObjects, is_selected};
use crate::{
    appliance::drift::{
        exchange::Step,
        run::{Run, Stop},
    },
    schema::{Catalogue, Resource, Verb},
};

/// The paths of resources whose objects are private to a user, such as messages.
const PRIVATE: [&str; 2] = ["messages", "calls"];

/// The requests that read, for the resources of a catalogue.
#[derive(Debug)]
pub(crate) struct ReadProbes<'p> {
    pub(crate) catalogue: &'p Catalogue,
    pub(crate) objects: &'p CapturedObjects,
    /// The paths of the resources whose lists were captured completely, if not all were. Of others, only objects are read.
    pub(crate) complete: Option<&'p [String]>,
    /// The paths of the only resources that are read, unless it is empty.
    pub(crate) kinds: &'p [String],
}

impl ReadProbes<'_> {
    /// Sends all requests.
    pub(crate) fn send(&self, run: &mut Run<'_>) -> Result<(), Stop> {
        for step in self.steps() {
            run.exchange(step)?;
        }
        Ok(())
    }

    /// Returns all requests, in the order of the resources.
    pub(crate) fn steps(&self) -> Vec<Step> {
        let mut steps = general::steps(self.catalogue);
        steps.extend(self.query_rules().unwrap_or_default());
        let resources = self.catalogue.resources().iter();
        for resource in resources.filter(|resource| is_selected(resource, self.kinds)) {
            steps.extend(self.of_resource(resource));
        }
        steps
    }

    /// Returns the requests for the rules that one list shows for all.
    fn query_rules(&self) -> Option<Vec<Step>> {
        let mut resources = self.catalogue.resources().iter();
        resources.find_map(|resource| {
            let path = resource.path.as_str();
            let is_list = resource.verb(Verb::List).is_some() && !resource.path.has_parameters();
            let is_read =
                is_list && is_selected(resource, self.kinds) && self.is_complete(resource);
            let collection = format!("/vmrest/{path}");
            let objects: Vec<_> = self.objects.in_collection(resource, &collection).collect();
            let steps = query_rules::steps(resource, &collection, &objects);
            steps.filter(|_| is_read)
        })
    }

    /// True if the list of a resource was captured completely.
    fn is_complete(&self, resource: &Resource) -> bool {
        self.complete.is_none_or(|paths| {
            let mut paths = paths.iter();
            paths.any(|path| path == resource.path.as_str())
        })
    }

    fn of_resource(&self, resource: &Resource) -> Vec<Step> {
        let first = resource.path.as_str().split('/').next().unwrap_or_default();
        let mut steps = Vec::new();
        if PRIVATE.contains(&first) {
            return steps;
        }
        let is_complete = self.is_complete(resource);
        let collections = self.objects.collections(self.catalogue, resource);
        for (number, collection) in collections.iter().enumerate() {
            let objects: Vec<_> = self.objects.in_collection(resource, collection).collect();
            let is_first = number == 0;
            if is_complete && resource.verb(Verb::List).is_some() {
                steps.extend(collections::steps(resource, collection, is_first));
                if is_first {
                    steps.extend(queries::steps(resource, collection, &objects));
                }
            }
            if resource.verb(Verb::Read).is_some() {
                steps.extend(objects::steps(resource, collection, &objects, is_first));
            }
        }
        if is_complete {
            let objects = self.objects.of(resource.path.as_str());
            steps.extend(other_lists::steps(resource, objects));
        }
        steps
    }
}
