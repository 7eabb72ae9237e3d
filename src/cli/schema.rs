//! `cuc-mock schema`

use clap::{Args, ValueEnum};

use super::{failure::Failure, options::ReleaseOption, output::print};
use crate::{engine::fixture_schema, resources::embedded_catalogue};

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
}

impl Schema {
    pub(super) fn run(self) -> Result<(), Failure> {
        let Documents::Fixtures = self.of;
        let catalogue = embedded_catalogue(self.release.release);
        print(&fixture_schema(catalogue.resources()))
    }
}
