//! Deleting objects that others refer to.

use ureq::http::Method;

use super::{
    super::facts, WriteProbes, new_object::NewObject, selection::written, values::is_settable,
};
use crate::{
    appliance::{
        client::Request,
        drift::{exchange::Step, run::Stop},
        facts::FieldRule,
    },
    schema::{ErrorRule, Resource, Verb},
};

impl<'p> WriteProbes<'p, '_> {
    /// Deletes the target of each reference of a resource while an object refers to it.
    pub(super) fn test_references(
        &mut self,
        resource: &'p Resource,
        collection: &str,
    ) -> Result<(), Stop> {
        let written = written(self.catalogue, self.kinds);
        for (position, field) in resource.fields.iter().enumerate() {
            let Some(reference) = &field.reference else {
                continue;
            };
            let target = &self.catalogue[reference.resource];
            let is_written = written.iter().any(|written| written.id == target.id);
            let is_key = target.key == Some(reference.field);
            let is_tested = is_written && is_key && target.id != resource.id;
            if !is_tested || !is_settable(resource, position, Verb::Create) {
                continue;
            }
            let before = self.run.mark();
            let targets = format!("/vmrest/{}", target.path);
            if let Some(target) = self.create_minimum(target, &targets)? {
                self.delete_target(resource, collection, position, &target)?;
            }
            self.run.delete_behind(before);
        }
        Ok(())
    }

    /// Creates an object with a reference, deletes the target, and reads the object.
    fn delete_target(
        &mut self,
        resource: &'p Resource,
        collection: &str,
        position: usize,
        target: &NewObject<'p>,
    ) -> Result<(), Stop> {
        let variant = vec![(position, target.key().to_owned())];
        let Some(create) = self.minimum(resource, collection, &variant) else {
            return Ok(());
        };
        let name = &resource.fields[position].name;
        let Some(referrer) = self.create(create, &format!("with {name}"))? else {
            return Ok(());
        };
        let fact = || facts::rule(resource, position, FieldRule::Reference, 0);
        let path = Some(resource.path.as_str());
        let request = Request::new(Method::DELETE, &target.path);
        let purpose = format!("while the {name} of a {} refers to it", resource.element);
        let step = Step::new(request, path, &purpose).fact(fact());
        let step = step.error(facts::error(ErrorRule::Referenced, Verb::Delete));
        self.run.exchange(step)?;
        if resource.verb(Verb::Read).is_some() {
            let purpose = format!("after the deletion of its {name}");
            let step = Step::new(Request::get(&referrer.path), path, &purpose);
            let error = facts::error(ErrorRule::NotFound, Verb::Read);
            self.run.exchange(step.fact(fact()).error(error))?;
        }
        Ok(())
    }
}
