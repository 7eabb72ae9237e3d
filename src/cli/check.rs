//! `cuc-mock check`

use std::path::PathBuf;

use clap::Args;

use super::{
    failure::Failure,
    options::{MaxRecordsOption, ReleaseOption},
    output::print_line,
    progress,
};
use crate::{engine::load::Progress, resources::RESOURCES, space::SeedSource};

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Files and folders of *.xml, checked together
    #[arg(required = true, value_name = "PATH")]
    fixtures: Vec<PathBuf>,
    #[command(flatten)]
    release: ReleaseOption,
    #[command(flatten)]
    max_records: MaxRecordsOption,
}

impl Check {
    pub(super) fn run(self) -> Result<(), Failure> {
        let source = SeedSource {
            release: self.release.release,
            fixtures: self.fixtures,
            max_records: self.max_records.max_records,
            ..SeedSource::default()
        };
        let progress = Progress::default();
        let store = progress::show(&progress, || source.read(&progress))
            .map_err(|error| Failure::usage(error.to_string()))?;
        let counts: Vec<_> = RESOURCES
            .iter()
            .map(|resource| {
                let records = store.collection(resource).len();
                format!("{records} {}", resource.list_element)
            })
            .collect();
        print_line(&format!("no errors in {}", counts.join(" and ")));
        Ok(())
    }
}
