//! Deleting objects.

use ureq::http::Method;

use super::{super::facts, WriteProbes, new_object::NewObject};
use crate::{
    appliance::{
        client::Request,
        drift::{exchange::Step, run::Stop},
        facts::{FactKey, protocol},
    },
    schema::{ErrorRule, Verb},
};

impl WriteProbes<'_, '_> {
    /// Deletes an object twice, and reads it.
    pub(super) fn delete(&mut self, object: &NewObject<'_>) -> Result<(), Stop> {
        let resource = object.create.resource;
        let step = |method, purpose| {
            let request = Request::new(method, &object.path);
            Step::new(request, Some(resource.path.as_str()), purpose)
        };
        let not_found = |step: Step, verb| {
            let step = step.fact(FactKey::Protocol(protocol::NOT_FOUND));
            step.rejection(facts::error(ErrorRule::NotFound, verb))
        };
        let deleted = step(Method::DELETE, "");
        let deleted = deleted.success(facts::verb(resource, Verb::Delete));
        let deleted = deleted.success(FactKey::Protocol(protocol::DELETE));
        if !self.run.exchange(deleted)?.is_accepted() {
            return Ok(());
        }
        let again = step(Method::DELETE, "once more");
        self.run.exchange(not_found(again, Verb::Delete))?;
        if resource.verb(Verb::Read).is_some() {
            let read = step(Method::GET, "when it is deleted");
            self.run.exchange(not_found(read, Verb::Read))?;
        }
        Ok(())
    }
}
