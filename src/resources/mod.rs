//! The resources, one file per kind of object, and the embedded seed.

mod external_services;
#[cfg(test)]
mod fidelity;
#[cfg(test)]
mod invariants;
mod servers;
mod tenants;
mod users;
mod vms_servers;
#[cfg(test)]
mod worked_example;

use crate::{
    engine::load::Fixture,
    schema::{Release, Resource},
};

pub(crate) use external_services::EXTERNAL_SERVICE;
pub(crate) use servers::SERVER;
pub(crate) use tenants::TENANT;
pub(crate) use users::{USER, USER_TEMPLATE};
pub(crate) use vms_servers::VMS_SERVER;

/// All resources of the server. An owner precedes the resources that it owns.
pub(crate) const RESOURCES: &[&Resource] = &[
    &TENANT,
    &EXTERNAL_SERVICE,
    &USER,
    &USER_TEMPLATE,
    &VMS_SERVER,
    &SERVER,
];

/// Returns the embedded services and tenants, in the shape of `release`.
pub(crate) fn embedded_seed(release: Release) -> Vec<Fixture> {
    let tenants = include_bytes!("../../fixtures/tenants.xml");
    let services: &[u8] = if release < Release::V11_5 {
        include_bytes!("../../fixtures/externalservices.xml")
    } else {
        include_bytes!("../../fixtures/11.5/externalservices.xml")
    };
    vec![
        Fixture::embedded("tenants.xml", tenants),
        Fixture::embedded("externalservices.xml", services),
    ]
}

/// Returns the records that every system has, for the kinds that are missing in the fixtures.
pub(crate) fn system_seed() -> [(&'static Resource, Fixture); 4] {
    let users = include_bytes!("../../fixtures/users.xml");
    let user_templates = include_bytes!("../../fixtures/usertemplates.xml");
    let servers = include_bytes!("../../fixtures/cluster.xml");
    let vms_servers = include_bytes!("../../fixtures/vmsservers.xml");
    [
        (&USER, Fixture::embedded("users.xml", users)),
        (
            &USER_TEMPLATE,
            Fixture::embedded("usertemplates.xml", user_templates),
        ),
        (
            &VMS_SERVER,
            Fixture::embedded("vmsservers.xml", vms_servers),
        ),
        (&SERVER, Fixture::embedded("cluster.xml", servers)),
    ]
}
