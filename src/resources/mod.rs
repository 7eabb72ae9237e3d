//! The data: one file per kind of object, and the seed that they start from.

mod external_services;
#[cfg(test)]
mod fidelity;
#[cfg(test)]
mod invariants;
mod tenants;

use crate::{
    engine::fixtures::Fixture,
    schema::{Release, Resource},
};

pub(crate) use external_services::EXTERNAL_SERVICE;
pub(crate) use tenants::TENANT;

/// Every resource that is served, an owner before what it owns.
pub(crate) const RESOURCES: &[&Resource] = &[&TENANT, &EXTERNAL_SERVICE];

/// The fixtures that are embedded, in the shape of `release`.
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
