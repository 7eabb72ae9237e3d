//! The result of a check, in several formats.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde_json::{Map, Value, json};

use super::{
    failure::Failure,
    output::{print, print_line},
};
use crate::{engine::load::Diagnostic, resources::OMISSION, schema::Release};

/// The result of a check.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) release: Release,
    /// The number of objects of each kind that the files list or describe, if there are no errors.
    pub(super) counts: Vec<(String, usize)>,
    pub(super) errors: Vec<Problem>,
    /// The number of errors beyond those.
    pub(super) omitted: usize,
    pub(super) warnings: Vec<Problem>,
}

/// An error or a warning about a file.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) rule: Rule,
    pub(super) path: PathBuf,
    /// The line and the column, counted from 1.
    pub(super) position: Option<(usize, usize)>,
    pub(super) message: String,
}

/// The rule that a file breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// The file or folder as a whole cannot be used.
    UnusablePath,
    /// The content is not a valid fixture.
    InvalidFixture,
    /// Only other releases accept the content.
    OtherRelease,
    /// A description excludes embedded records.
    OmittedRecords,
    /// A list of the file is left out.
    OmittedList,
}

impl Rule {
    pub(super) const ALL: [Self; 5] = [
        Self::UnusablePath,
        Self::InvalidFixture,
        Self::OtherRelease,
        Self::OmittedRecords,
        Self::OmittedList,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::UnusablePath => "unusable-path",
            Self::InvalidFixture => "invalid-fixture",
            Self::OtherRelease => "other-release",
            Self::OmittedRecords => "omitted-records",
            Self::OmittedList => "omitted-list",
        }
    }

    pub(super) fn description(self) -> &'static str {
        match self {
            Self::UnusablePath => "The file or folder as a whole cannot be used.",
            Self::InvalidFixture => "The file is not a valid fixture of the release.",
            Self::OtherRelease => "Only other releases accept the file.",
            Self::OmittedRecords => "A description excludes embedded records.",
            Self::OmittedList => "The server computes the objects of a list in the file.",
        }
    }

    pub(super) fn severity(self) -> &'static str {
        match self {
            Self::UnusablePath | Self::InvalidFixture => "error",
            Self::OtherRelease | Self::OmittedRecords | Self::OmittedList => "warning",
        }
    }
}

impl From<&Diagnostic> for Problem {
    fn from(diagnostic: &Diagnostic) -> Self {
        let position = diagnostic.line().zip(diagnostic.column());
        Self {
            rule: match position {
                Some(_) => Rule::InvalidFixture,
                None => Rule::UnusablePath,
            },
            path: diagnostic.path().to_owned(),
            position,
            message: diagnostic.message().to_owned(),
        }
    }
}

impl Problem {
    /// Returns the warning about a file that these releases accept, and the checked one does not.
    pub(super) fn other_release(path: &Path, checked: Release, accepting: &[Release]) -> Self {
        let names: Vec<_> = accepting.iter().map(|release| release.as_str()).collect();
        let message = format!(
            "release {} accepts this file, release {checked} does not: --cuc-version selects the release",
            names.join(" or ")
        );
        Self {
            rule: Rule::OtherRelease,
            path: path.to_owned(),
            position: None,
            message,
        }
    }

    /// Returns the warning about embedded records that a description excludes, because of this error in them.
    pub(super) fn omitted_records(error: &Diagnostic) -> Self {
        Self {
            rule: Rule::OmittedRecords,
            message: format!("{OMISSION}: {}", error.message()),
            ..Self::from(error)
        }
    }

    /// Returns the warning about a list that is left out.
    pub(super) fn omitted_list(list: &Diagnostic) -> Self {
        Self {
            rule: Rule::OmittedList,
            ..Self::from(list)
        }
    }

    fn text(&self) -> String {
        let mut place = format!("{}:", self.path.display());
        if let Some((line, column)) = self.position {
            place = format!("{place}{line}:{column}:");
        }
        match self.rule {
            Rule::OtherRelease | Rule::OmittedRecords | Rule::OmittedList => {
                format!("{place} warning: {}", self.message)
            }
            Rule::UnusablePath | Rule::InvalidFixture => format!("{place} {}", self.message),
        }
    }

    fn json(&self) -> Value {
        json!({
            "severity": self.rule.severity(),
            "rule": self.rule.name(),
            "path": self.path.to_string_lossy(),
            "line": self.position.map(|(line, _)| line),
            "column": self.position.map(|(_, column)| column),
            "message": self.message,
        })
    }

    /// Renders a command of GitHub Actions.
    fn github(&self) -> String {
        let mut line = format!(
            "::{} file={}",
            self.rule.severity(),
            github_property(&self.path.to_string_lossy())
        );
        if let Some((number, column)) = self.position {
            line = format!("{line},line={number},col={column}");
        }
        format!(
            "{line},title={}::{}",
            self.rule.name(),
            github_text(&self.message)
        )
    }
}

/// Escapes the text of a command of GitHub Actions.
fn github_text(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes a property of a command of GitHub Actions.
fn github_property(text: &str) -> String {
    github_text(text).replace(':', "%3A").replace(',', "%2C")
}

impl Report {
    /// Creates a report without errors.
    pub(super) fn new(release: Release) -> Self {
        Self {
            release,
            counts: Vec::new(),
            errors: Vec::new(),
            omitted: 0,
            warnings: Vec::new(),
        }
    }

    /// Returns the errors and the warnings.
    pub(super) fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.errors.iter().chain(&self.warnings)
    }

    /// Returns a sentence about the errors that are not listed, if there are any.
    pub(super) fn omission(&self) -> Option<String> {
        match self.omitted {
            0 => None,
            1 => Some("and 1 more error".to_owned()),
            omitted => Some(format!("and {omitted} more errors")),
        }
    }

    /// Prints the number of objects to stdout and the warnings to stderr, or fails with a line for each problem.
    pub(super) fn print_text(&self) -> Result<(), Failure> {
        if self.errors.is_empty() {
            let counts = self
                .counts
                .iter()
                .map(|(kind, count)| format!("{count} {kind}"));
            let counts: Vec<_> = counts.collect();
            for warning in &self.warnings {
                // A closed stderr is no reason to panic.
                let _ = writeln!(io::stderr(), "{}", warning.text());
            }
            // A file that describes responses or errors has no objects.
            match counts.is_empty() {
                true => print_line("no errors"),
                false => print_line(&format!("no errors in {}", counts.join(" and "))),
            }
            return Ok(());
        }
        let errors = self.errors.iter().map(Problem::text).chain(self.omission());
        let lines: Vec<_> = errors
            .chain(self.warnings.iter().map(Problem::text))
            .collect();
        Err(Failure::usage(lines.join("\n")))
    }

    /// Prints a rendered report to stdout, and fails if there are errors.
    pub(super) fn print(&self, rendered: &str) -> Result<(), Failure> {
        print(rendered.as_bytes())?;
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Failure::reported())
        }
    }

    pub(super) fn json(&self) -> String {
        let counts = self
            .counts
            .iter()
            .map(|(kind, count)| (kind.clone(), json!(count)));
        let report = json!({
            "valid": self.errors.is_empty(),
            "release": self.release.as_str(),
            "objects": counts.collect::<Map<_, _>>(),
            "problems": self.problems().map(Problem::json).collect::<Vec<_>>(),
            "omitted": self.omitted,
        });
        format!("{report:#}\n")
    }

    pub(super) fn github(&self) -> String {
        let omission = self.omission().map(|text| format!("::error::{text}"));
        let lines = self.problems().map(Problem::github).chain(omission);
        lines.map(|line| line + "\n").collect()
    }
}
