//! The tenant that new objects belong to.

use ureq::http::Method;

use super::{
    super::{facts, query_string},
    WriteProbes,
    new_object::NewObject,
    selection::written,
};
use crate::{
    appliance::{
        client::Request,
        document::XmlElement,
        drift::{exchange::Step, names::name_field, run::Stop},
        facts::{FactKey, protocol},
        object::Object,
    },
    schema::{Resource, Verb},
};

impl<'p> WriteProbes<'p, '_> {
    /// Creates a tenant, and lists the objects that it owns. Returns `None` if a server refuses it, because its users belong
    /// to none.
    pub(super) fn create_home(
        &mut self,
        tenants: &'p Resource,
    ) -> Result<Option<NewObject<'p>>, Stop> {
        let collection = format!("/vmrest/{}", tenants.path);
        let Some(home) = self.create_minimum(tenants, &collection)? else {
            return Ok(None);
        };
        let path = Some(tenants.path.as_str());
        let step = Step::new(Request::get(&home.path), path, "as it was created");
        let outcome = self
            .run
            .exchange(step.success(facts::verb(tenants, Verb::Read)))?;
        if let Ok(document) = XmlElement::read(&outcome.body) {
            let object = Object::of(&document);
            self.partition = object.get("PartitionObjectId").map(str::to_owned);
        }
        self.list_of(&home, "of a new tenant", protocol::TENANT_OBJECTS)?;
        Ok(Some(home))
    }

    /// Deletes the tenant, and lists the objects that are left.
    pub(super) fn delete_home(&mut self, home: &NewObject<'p>) -> Result<(), Stop> {
        self.partition = None;
        let tenants = home.create.resource;
        let request = Request::new(Method::DELETE, &home.path);
        let step = Step::new(request, Some(tenants.path.as_str()), "with its objects");
        self.run
            .exchange(step.success(facts::verb(tenants, Verb::Delete)))?;
        self.list_of(home, "of a deleted tenant", protocol::TENANT_DELETION)
    }

    /// Lists the objects whose names begin with that of a tenant.
    fn list_of(
        &mut self,
        home: &NewObject<'p>,
        purpose: &str,
        line: &'static str,
    ) -> Result<(), Stop> {
        let tenants = home.create.resource;
        let alias = name_field(tenants).and_then(|name| home.create.values.get(name));
        let alias = alias.unwrap_or(self.prefix.as_str()).to_owned();
        for resource in written(self.catalogue, self.kinds) {
            let Some(name) = name_field(resource) else {
                continue;
            };
            let query = format!("({} startswith {alias}_)", resource.fields[name].name);
            let query = query_string(&query);
            let request = Request::get(format!("/vmrest/{}?query={query}", resource.path));
            let step = Step::new(request, Some(resource.path.as_str()), purpose);
            let step = step.fact(FactKey::Protocol(line));
            self.run.exchange(step)?;
        }
        Ok(())
    }
}
