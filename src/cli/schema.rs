//! `cuc-mock schema`

use clap::{Args, ValueEnum};

use super::{failure::Failure, options::ReleaseOption, output::print};
use crate::{
    engine::{description, fixture_schema},
    resources::embedded_catalogue,
};

#[derive(Debug, Args)]
pub(super) struct Schema {
    /// Documents that the schema describes
    #[arg(value_enum)]
    of: Documents,
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
                let catalogue = embedded_catalogue(self.release.release);
                print(&fixture_schema(catalogue.resources()))
            }
            Documents::Resources => print(description::SCHEMA.as_bytes()),
        }
    }
}
