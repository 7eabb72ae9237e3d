//! The requests that write.

mod bodies;
mod body;
mod creates;
mod deletion;
mod new_object;
mod plan;
mod references;
mod selection;
mod tenant;
mod updates;
mod values;
mod variants;

pub(crate) use plan::Plan;
pub(crate) use values::SENT_SECRET;

use super::CapturedObjects;
use crate::{
    appliance::drift::{
        names::Prefix,
        run::{Run, Stop},
    },
    schema::{Catalogue, Resource, Verb},
};
use values::Sampler;

/// The choice of the requests that write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WriteSettings<'p> {
    pub(crate) catalogue: &'p Catalogue,
    /// The objects of the server, which new ones refer to.
    pub(crate) objects: &'p CapturedObjects,
    pub(crate) prefix: &'p Prefix,
    /// The paths of the only resources that are written, unless it is empty.
    pub(crate) kinds: &'p [String],
}

/// The requests that write. Each object that they create has a name with the prefix, or is below such an object.
pub(crate) struct WriteProbes<'p, 'r> {
    catalogue: &'p Catalogue,
    objects: &'p CapturedObjects,
    prefix: &'p Prefix,
    /// The paths of the only resources that are written, unless it is empty.
    kinds: &'p [String],
    run: &'p mut Run<'r>,
    /// The number of values that were invented.
    number: usize,
    /// The id of the partition of the tenant that the new objects belong to.
    partition: Option<String>,
    /// The fields that a create needs although no rule requires each of them: the path of the resource, and the position.
    extras: Vec<(&'p str, usize)>,
    /// The resources without an object, and the reasons.
    omitted: Vec<String>,
}

impl<'p, 'r> WriteProbes<'p, 'r> {
    pub(crate) fn new(settings: &WriteSettings<'p>, run: &'p mut Run<'r>) -> Self {
        let WriteSettings {
            catalogue,
            objects,
            prefix,
            kinds,
        } = *settings;
        Self {
            catalogue,
            objects,
            prefix,
            kinds,
            run,
            number: 0,
            partition: None,
            extras: Vec::new(),
            omitted: Vec::new(),
        }
    }

    /// Sends all requests, and deletes all objects that they have created, also if it ends early. Returns the resources
    /// that could not be tested, with the reasons.
    pub(crate) fn send(mut self) -> Result<Vec<String>, Stop> {
        self.run.begin(self.prefix)?;
        let before = self.run.mark();
        let result = self.send_all();
        self.run.delete_behind(before);
        result.map(|()| self.omitted)
    }

    fn send_all(&mut self) -> Result<(), Stop> {
        let resources = selection::written(self.catalogue, self.kinds);
        let (tenants, others): (Vec<_>, Vec<_>) = resources
            .into_iter()
            .partition(|resource| resource.path.as_str() == "tenants");
        for resource in &tenants {
            self.test(resource, &format!("/vmrest/{}", resource.path))?;
        }
        let before = self.run.mark();
        let home = match tenants.first() {
            Some(tenants) => self.create_home(tenants)?,
            None => None,
        };
        for resource in others {
            self.test(resource, &format!("/vmrest/{}", resource.path))?;
        }
        if let Some(home) = home {
            self.delete_home(&home)?;
        }
        self.run.delete_behind(before);
        Ok(())
    }

    /// Tests a resource in a collection, and deletes its objects.
    fn test(&mut self, resource: &'p Resource, collection: &str) -> Result<(), Stop> {
        let before = self.run.mark();
        let Some(object) = self.create_variants(resource, collection)? else {
            self.run.delete_behind(before);
            return Ok(());
        };
        self.refuse_creates(resource, collection)?;
        self.send_bodies(&object)?;
        self.send_duplicates(&object)?;
        self.find(&object)?;
        for child in selection::written_below(self.catalogue, resource) {
            if let Some(collection) = object.collection_of(child) {
                self.test(child, &collection)?;
            }
        }
        if resource.verb(Verb::Update).is_some() {
            self.update(&object)?;
        }
        self.delete(&object)?;
        self.run.delete_behind(before);
        if !resource.path.has_parameters() {
            self.test_references(resource, collection)?;
        }
        self.run.delete_behind(before);
        Ok(())
    }

    fn sampler<'s>(&'s self, resource: &'s Resource) -> Sampler<'s> {
        Sampler {
            catalogue: self.catalogue,
            objects: self.objects,
            resource,
            prefix: self.prefix,
            number: self.number,
            partition: self.partition.as_deref(),
        }
    }
}
