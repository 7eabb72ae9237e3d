//! `cuc-mock schema`

use clap::{Args, ValueEnum};

use super::{
    failure::Failure,
    options::{ReleaseOption, ResourcesOption},
    output::print,
};
use crate::{
    engine::{description, fixture_schema, load::Progress},
    resources::CatalogueFiles,
};

#[derive(Debug, Args)]
pub(super) struct Schema {
    /// Documents that the schema describes
    #[arg(value_enum)]
    of: Documents,
    #[command(flatten)]
    resources: ResourcesOption,
    #[command(flatten)]
    release: ReleaseOption,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Documents {
    /// Fixture files
    Fixtures,
    /// Descriptions of resources, of all releases
    Resources,
}

impl Schema {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self.of {
            Documents::Fixtures => {
                let files = CatalogueFiles {
                    release: self.release.release,
                    resources: &self.resources.resources,
                    fixtures: &[],
                };
                let served = files.read(&Progress::default());
                let served = served.map_err(|errors| Failure::usage(errors.to_string()))?;
                print(&fixture_schema(served.catalogue.resources()))
            }
            Documents::Resources => print(description::SCHEMA.as_bytes()),
        }
    }
}
