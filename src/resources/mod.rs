//! The resources, one description per kind of object, and the embedded seed.

mod behaviours;
mod catalogue;
mod drop_in;
#[cfg(test)]
mod fidelity;
#[cfg(test)]
mod invariants;
mod seed;
#[cfg(test)]
mod worked_example;

use std::sync::{Arc, LazyLock};

use crate::{
    engine::{description, load::Fixture},
    schema::{Description, Release, Source},
};

pub(crate) use behaviours::BEHAVIOURS;
pub(crate) use catalogue::{
    CatalogueFiles, SeedFiles, ServedResources, compile_catalogue, embedded_catalogue, is_embedded,
};
#[cfg(feature = "cli")]
pub(crate) use seed::OMISSION;
pub(crate) use seed::{AcceptedSeed, accepted_seed};

/// The descriptions of all resources. An owner precedes the resources that it owns.
const DESCRIPTIONS: [&str; 6] = [
    include_str!("tenants.xml"),
    include_str!("externalservices.xml"),
    include_str!("users.xml"),
    include_str!("usertemplates.xml"),
    include_str!("vmsservers.xml"),
    include_str!("cluster.xml"),
];

/// Returns the embedded descriptions, each of which is read at its first use.
pub(crate) fn embedded_sources() -> impl Iterator<Item = &'static Arc<Source>> {
    static SOURCES: LazyLock<[Arc<Source>; DESCRIPTIONS.len()]> = LazyLock::new(|| {
        DESCRIPTIONS.map(|text| Arc::new(Source::deferred(read_outline(text), text, read)))
    });
    SOURCES.iter()
}

/// Returns the embedded descriptions.
pub(crate) fn embedded_descriptions() -> impl Iterator<Item = &'static Description> {
    embedded_sources().map(|source| source.complete())
}

/// Returns the path and the text of each embedded description.
#[cfg(feature = "manual")]
pub(crate) fn embedded_texts() -> impl Iterator<Item = (&'static str, &'static str)> {
    let paths = embedded_descriptions().map(|description| &*description.path);
    paths.zip(DESCRIPTIONS)
}

fn read_outline(text: &str) -> Description {
    let outline = description::read_outline(text.as_bytes());
    outline.expect("the tests read and check the embedded descriptions")
}

fn read(text: &str) -> Description {
    let description = description::read(text.as_bytes());
    description.expect("the tests read and check the embedded descriptions")
}

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

/// Returns the records that every system has, for the resources that are missing in the fixtures. Each fixture has one
/// list.
pub(crate) fn system_seed() -> [Fixture; 4] {
    let users = include_bytes!("../../fixtures/users.xml");
    let user_templates = include_bytes!("../../fixtures/usertemplates.xml");
    let vms_servers = include_bytes!("../../fixtures/vmsservers.xml");
    let servers = include_bytes!("../../fixtures/cluster.xml");
    [
        Fixture::embedded("users.xml", users),
        Fixture::embedded("usertemplates.xml", user_templates),
        Fixture::embedded("vmsservers.xml", vms_servers),
        Fixture::embedded("cluster.xml", servers),
    ]
}
