//! `cuc-mock check`

use std::{path::PathBuf, process::ExitCode};

use clap::Args;

use super::{Emulated, MISTAKE, announce, fail, seed_error, waiting::waiting};
use crate::{resources::RESOURCES, space::Source};

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
        let source = Source {
            release: self.release.release,
            fixtures: self.fixtures,
            ..Source::default()
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
