//! The data: one file per kind of object, and the seed that they start from.

mod external_services;
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
    let services = if release < Release::V11_5 {
        embedded!("externalservices.xml")
    } else {
        embedded!("11.5/externalservices.xml")
    };
    vec![embedded!("tenants.xml"), services]
}

macro_rules! embedded {
    ($name:literal) => {
        Fixture {
            path: concat!("fixtures/", $name).into(),
            document: include_bytes!(concat!("../../fixtures/", $name)).to_vec(),
        }
    };
}
use embedded;
