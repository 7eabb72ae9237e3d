//! `cuc-mock schema`

use clap::{Args, ValueEnum};

use super::{
    catalogue::read_catalogue,
    failure::Failure,
    options::{ReleaseOption, ResourcesOption},
    output::print,
};
use crate::engine::{description, fixture_schema, load::Progress};

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
                let paths = &self.resources.resources;
                let catalogue = read_catalogue(self.release.release, paths, &Progress::default());
                let catalogue = catalogue.map_err(|errors| Failure::usage(errors.to_string()))?;
                print(&fixture_schema(catalogue.resources()))
            }
            Documents::Resources => print(description::SCHEMA.as_bytes()),
        }
    }
}
