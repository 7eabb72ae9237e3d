//! `cuc-mock describe`

use std::{
    fs::File,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use clap::Args;

use super::{
    failure::Failure,
    options::{ReleaseOption, ResourcesOption},
    output::{print, print_line},
};
use crate::{engine::load::Progress, resources::CatalogueFiles};

#[derive(Debug, Args)]
pub(super) struct Describe {
    /// Files and folders of *.xml with lists of resources that have no description
    #[arg(required = true, value_name = "FILE")]
    fixtures: Vec<PathBuf>,
    /// Folder for the descriptions; the default is stdout
    ///
    /// Each description gets a file of its own. Existing files are not replaced.
    #[arg(short = 'o', long = "out", value_name = "FOLDER", env = "CUC_MOCK_OUT")]
    out: Option<PathBuf>,
    #[command(flatten)]
    resources: ResourcesOption,
    #[command(flatten)]
    release: ReleaseOption,
}

impl Describe {
    pub(super) fn run(self) -> Result<(), Failure> {
        let files = CatalogueFiles {
            release: self.release.release,
            resources: &self.resources.resources,
            fixtures: &self.fixtures,
        };
        let described = files.describe(&Progress::default());
        let described = described.map_err(|errors| Failure::usage(errors.to_string()))?;
        match (&self.out, &described[..]) {
            (_, []) => Err(Failure::usage(
                "found only lists of resources that have a description, expected a list of another one",
            )),
            (None, [(_, text)]) => print(text.as_bytes()),
            (None, several) => {
                let paths: Vec<_> = several.iter().map(|(path, _)| path.as_str()).collect();
                Err(Failure::usage(format!(
                    "found lists of {} resources ({}), expected --out with a folder for their descriptions",
                    paths.len(),
                    paths.join(", ")
                )))
            }
            (Some(folder), several) => several
                .iter()
                .try_for_each(|(path, text)| write_new(folder, path, text)),
        }
    }
}

/// Writes the description of the resource with this path to a new file.
fn write_new(folder: &Path, path: &str, text: &str) -> Result<(), Failure> {
    let names = path.split('/').filter(|segment| !segment.starts_with('{'));
    let name = names.collect::<Vec<_>>().join("-") + ".xml";
    let file = folder.join(name);
    let written = File::create_new(&file).and_then(|mut file| file.write_all(text.as_bytes()));
    let display = file.display();
    match written {
        Ok(()) => {
            print_line(&display.to_string());
            Ok(())
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(Failure::runtime(format!(
            "{display}: exists, and may have been corrected; remove it to write it again"
        ))),
        Err(error) => Err(Failure::runtime(format!(
            "{display}: cannot be written: {error}"
        ))),
    }
}
