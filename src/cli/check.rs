//! `cuc-mock check`

use std::{path::PathBuf, process::ExitCode};

use clap::Args;

use super::{Emulated, MISTAKE, announce, fail, seed_error, waiting::waiting};
use crate::{resources::RESOURCES, space::SeedSource};

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Files and folders of *.xml, which are taken together
    #[arg(required = true, value_name = "PATH")]
    fixtures: Vec<PathBuf>,
    #[command(flatten)]
    release: Emulated,
}

impl Check {
    pub(super) fn run(self) -> ExitCode {
        let source = SeedSource {
            release: self.release.release,
            fixtures: self.fixtures,
            ..SeedSource::default()
        };
        match waiting(&source.progress, || source.read()) {
            Ok(store) => {
                let counts = RESOURCES.iter().map(|resource| {
                    let records = store.collection(resource).len();
                    format!("{records} {}", resource.list_element)
                });
                announce(&format!(
                    "no mistakes in {}",
                    counts.collect::<Vec<_>>().join(" and ")
                ));
                ExitCode::SUCCESS
            }
            Err(error) => fail(MISTAKE, &seed_error(&error)),
        }
    }
}
