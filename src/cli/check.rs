//! `cuc-mock check`

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{
    check_report::{Problem, Report},
    failure::Failure,
    options::{MaxRecordsOption, ReleaseOption, ResourcesOption},
    progress, sarif,
};
use crate::{
    engine::load::{Diagnostic, Diagnostics, Progress, listed_resources},
    resources::{CatalogueFiles, accepted_seed},
    schema::Release,
    space::{SeedError, SeedSource},
};

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Files and folders of *.xml, checked together
    #[arg(required_unless_present = "resources", value_name = "PATH")]
    fixtures: Vec<PathBuf>,
    /// Format of the result
    #[arg(
        long,
        value_name = "FORMAT",
        env = "CUC_MOCK_FORMAT",
        default_value = "text"
    )]
    format: Format,
    #[command(flatten)]
    resources: ResourcesOption,
    #[command(flatten)]
    release: ReleaseOption,
    #[command(flatten)]
    max_records: MaxRecordsOption,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Lines for people: errors on stderr, the number of objects of each listed or described kind on stdout
    Text,
    /// JSON on stdout
    Json,
    /// Annotations of GitHub Actions on stdout
    Github,
    /// SARIF 2.1.0 on stdout, for code scanning
    Sarif,
}

/// The content of valid files.
struct Content {
    /// The number of objects of each kind that the files list or describe.
    counts: Vec<(String, usize)>,
    /// The errors of the embedded records that are left out.
    omissions: Vec<Diagnostic>,
    /// The lists of the files that are left out.
    left_out: Vec<Diagnostic>,
}

impl Check {
    pub(super) fn run(self) -> Result<(), Failure> {
        let report = self.report()?;
        match self.format {
            Format::Text => report.print_text(),
            Format::Json => report.print(&report.json()),
            Format::Github => report.print(&report.github()),
            Format::Sarif => report.print(&sarif::render(&report)),
        }
    }

    fn report(&self) -> Result<Report, Failure> {
        let mut report = Report::new(self.release.release);
        match self.read(report.release) {
            Ok(content) => {
                report.counts = content.counts;
                let omissions = content.omissions.iter();
                let left_out = content.left_out.iter().map(Problem::omitted_list);
                let omissions = omissions.map(Problem::omitted_records);
                report.warnings = omissions.chain(left_out).collect();
            }
            Err(SeedError::Fixtures(diagnostics)) => {
                report.errors = diagnostics.iter().map(Problem::from).collect();
                report.omitted = diagnostics.omitted();
                report.warnings = self.warnings(&diagnostics);
            }
            Err(error) => return Err(Failure::usage(error.to_string())),
        }
        Ok(report)
    }

    fn read(&self, release: Release) -> Result<Content, SeedError> {
        let progress = Progress::default();
        let files = CatalogueFiles {
            release,
            resources: &self.resources.resources,
            fixtures: &self.fixtures,
        };
        let served = files.read(&progress).map_err(SeedError::Fixtures)?;
        let omissions = match served.descriptions.is_empty() {
            true => Vec::new(),
            false => accepted_seed(&served.catalogue, self.fixtures.is_empty()).omissions,
        };
        let listed = listed_resources(&served.catalogue, &served.seed.fixtures);
        let listed: Vec<_> = listed.iter().map(|resource| resource.id).collect();
        let source = SeedSource {
            catalogue: served.catalogue,
            fixtures: self.fixtures.clone(),
            lists: served.lists,
            max_records: self.max_records.max_records,
            ..SeedSource::default()
        };
        let store = progress::show(&progress, || source.load_files(served.seed, &progress))?;
        let counts = store
            .collections()
            .filter(|(resource, _)| {
                let is_named =
                    listed.contains(&resource.id) || served.described.contains(&resource.id);
                is_named && !resource.is_computed
            })
            .map(|(resource, records)| (resource.list_element.to_string(), records.len()));
        Ok(Content {
            counts: counts.collect(),
            omissions,
            left_out: progress.left_out(),
        })
    }

    /// Returns a warning for each file that other releases accept.
    fn warnings(&self, diagnostics: &Diagnostics) -> Vec<Problem> {
        let with_position = diagnostics.iter().filter(|found| found.line().is_some());
        let mut files: Vec<_> = with_position.map(Diagnostic::path).collect();
        files.dedup();
        if files.is_empty() {
            return Vec::new();
        }
        let checked = self.release.release;
        let others = Release::ALL
            .iter()
            .copied()
            .filter(|other| *other != checked);
        let others: Vec<_> = others
            .map(|other| (other, self.read(other).err()))
            .collect();
        let warning = |file: &Path| {
            let accepting = others
                .iter()
                .filter(|(_, error)| accepts(error.as_ref(), file));
            let accepting: Vec<_> = accepting.map(|(other, _)| *other).collect();
            (!accepting.is_empty()).then(|| Problem::other_release(file, checked, &accepting))
        };
        files.into_iter().filter_map(warning).collect()
    }
}

/// Checks whether a result has no error about this file.
fn accepts(error: Option<&SeedError>, file: &Path) -> bool {
    match error {
        None => true,
        // One of the others may be about the file.
        Some(SeedError::Fixtures(found)) if found.omitted() > 0 => false,
        Some(SeedError::Fixtures(found)) => !found.iter().any(|found| found.path() == file),
        Some(SeedError::Object(_)) => false,
    }
}
