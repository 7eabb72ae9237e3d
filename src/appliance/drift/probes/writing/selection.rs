//! The resources that the probes write.

use super::super::is_selected;
use crate::{
    appliance::drift::names::name_field,
    schema::{Catalogue, Resource, Verb},
};

/// The resources that no probe writes, and the reasons.
const EXCLUDED: [(&str, &str); 8] = [
    (
        "routingrules",
        "a new rule may take the calls of the system",
    ),
    (
        "ports",
        "they use licenses of the system, and have no names",
    ),
    (
        "mailboxstores",
        "each is a database on the disk of the system",
    ),
    (
        "ldapphonenumbertransforms",
        "there is one, and the synchronisation with LDAP uses it",
    ),
    ("alternatenames", "they belong to users of the system"),
    ("smtpproxyaddresses", "they belong to users of the system"),
    ("messages", "they are private"),
    ("calls", "they ring telephones"),
];
/// The resources below a tenant associate objects with it, which are deleted with the tenant.
const OF_TENANTS: &str = "tenants/";

/// Returns the resources whose objects the probes create and delete, tenants first. Those below others are not among
/// them. With `kinds`, only those with these paths are.
pub(super) fn written<'c>(catalogue: &'c Catalogue, kinds: &[String]) -> Vec<&'c Resource> {
    let resources = catalogue.resources().iter();
    let resources = resources.filter(|resource| {
        !resource.path.has_parameters()
            && is_selected(resource, kinds)
            && resource.verb(Verb::List).is_some()
            && is_writable(resource)
            && name_field(resource).is_some()
    });
    let mut resources: Vec<_> = resources.collect();
    resources.sort_by_key(|resource| resource.path.as_str() != "tenants");
    resources
}

/// Returns the resources below an object of another that the probes write, too.
pub(super) fn written_below<'c>(
    catalogue: &'c Catalogue,
    resource: &Resource,
) -> Vec<&'c Resource> {
    let children = catalogue.children(resource.id).iter();
    let children = children.map(|child| &catalogue[*child]);
    let written = children.filter(|child| {
        !child.path.as_str().starts_with(OF_TENANTS) && is_writable(child) && !child.is_computed
    });
    written.collect()
}

/// Returns the resources of a catalogue that no probe writes although a client can, with the reasons.
pub(super) fn excluded(
    catalogue: &Catalogue,
    kinds: &[String],
) -> Vec<(&'static str, &'static str)> {
    let is_among = |path: &str| {
        let resource = catalogue.resource(path);
        resource.is_some_and(|resource| is_selected(resource, kinds))
    };
    let known = EXCLUDED.iter().filter(|(path, _)| is_among(path));
    known.copied().collect()
}

fn is_writable(resource: &Resource) -> bool {
    let first = resource.path.as_str().split('/').next();
    let is_excluded = EXCLUDED.iter().any(|(path, _)| Some(*path) == first);
    resource.verb(Verb::Create).is_some() && resource.verb(Verb::Delete).is_some() && !is_excluded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CucMock;

    #[test]
    fn excluded_resources_exist() {
        let mock = CucMock::start_blocking();
        let store = mock.store();
        for (path, _) in EXCLUDED {
            assert!(store.catalogue().resource(path).is_some(), "{path}");
        }
    }
}
