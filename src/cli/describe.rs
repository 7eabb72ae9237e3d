//! `cuc-mock describe`

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Write},
    iter,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{
    failure::Failure,
    options::{ReleaseOption, ResourcesOption},
    output::{print, print_line},
};
use crate::{
    engine::{load::Progress, nearest},
    resources::{CatalogueFiles, embedded_texts},
};

#[derive(Debug, Args)]
pub(super) struct Describe {
    /// Files and folders of *.xml with lists of resources that have no description
    #[arg(required_unless_present = "resource", value_name = "FILE")]
    fixtures: Vec<PathBuf>,
    /// Path of an embedded resource, such as tenants, whose description is written instead
    #[arg(
        long,
        value_name = "PATH",
        env = "CUC_MOCK_RESOURCE",
        conflicts_with_all = ["fixtures", "resources"]
    )]
    resource: Option<String>,
    /// Folder for the descriptions; the default is stdout
    ///
    /// Each description gets a file of its own. The folder is created if it is missing. Existing files are not replaced.
    #[arg(short = 'o', long = "out", value_name = "FOLDER", env = "CUC_MOCK_OUT")]
    out: Option<PathBuf>,
    #[command(flatten)]
    resources: ResourcesOption,
    #[command(flatten)]
    release: ReleaseOption,
}

impl Describe {
    pub(super) fn run(self) -> Result<(), Failure> {
        let described = match &self.resource {
            Some(path) => vec![embedded(path)?],
            None => self.inferred()?,
        };
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
            (Some(folder), several) => write_all(folder, several),
        }
    }

    /// Returns the path and the description of each resource in the files.
    fn inferred(&self) -> Result<Vec<(String, String)>, Failure> {
        let files = CatalogueFiles {
            release: self.release.release,
            resources: &self.resources.resources,
            fixtures: &self.fixtures,
        };
        let described = files.describe(&Progress::default());
        described.map_err(|errors| Failure::usage(errors.to_string()))
    }
}

/// Returns the path and the description of an embedded resource.
fn embedded(path: &str) -> Result<(String, String), Failure> {
    let known: Vec<_> = embedded_texts().collect();
    let found = known.iter().find(|(known, _)| *known == path);
    let (path, text) = found.ok_or_else(|| {
        let paths = || known.iter().map(|(path, _)| *path);
        let expected = match nearest(path, paths()) {
            Some(near) => near.to_owned(),
            None => paths().collect::<Vec<_>>().join(" or "),
        };
        Failure::usage(format!("the resource is {path:?}, expected {expected}"))
    })?;
    Ok(((*path).to_owned(), (*text).to_owned()))
}

/// Writes each description, given with the path of its resource, to a new file of the folder, which is created if it is
/// missing.
fn write_all(folder: &Path, described: &[(String, String)]) -> Result<(), Failure> {
    let names = file_names(described.iter().map(|(path, _)| path.as_str()));
    let files: Vec<_> = names.iter().map(|name| folder.join(name)).collect();
    if let Some(file) = files.iter().find(|file| file.exists()) {
        return Err(exists(file));
    }
    fs::create_dir_all(folder).map_err(|error| not_written(folder, &error))?;
    for (file, (_, text)) in files.iter().zip(described) {
        write_new(file, text)?;
    }
    Ok(())
}

/// Returns a name for the description of each path: the segments without parameters, and a number if another path has the
/// same ones.
fn file_names<'p>(paths: impl Iterator<Item = &'p str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for path in paths {
        let segments = path.split('/').filter(|segment| !segment.starts_with('{'));
        let stem = segments.collect::<Vec<_>>().join("-");
        let numbered = (2..).map(|number| format!("{stem}-{number}.xml"));
        let mut candidates = iter::once(format!("{stem}.xml")).chain(numbered);
        let is_free = |name: &String| !names.iter().any(|other| other.eq_ignore_ascii_case(name));
        names.extend(candidates.find(is_free));
    }
    names
}

fn write_new(file: &Path, text: &str) -> Result<(), Failure> {
    let written = File::create_new(file).and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => {
            print_line(&file.display().to_string());
            Ok(())
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(exists(file)),
        Err(error) => Err(not_written(file, &error)),
    }
}

fn exists(file: &Path) -> Failure {
    Failure::runtime(format!(
        "{}: exists, and may have been corrected; remove it to write it again",
        file.display()
    ))
}

fn not_written(path: &Path, error: &io::Error) -> Failure {
    Failure::runtime(format!("{}: cannot be written: {error}", path.display()))
}
