//! `cuc-mock capture`

use std::path::{Path, PathBuf};

use clap::{Args, builder::NonEmptyStringValueParser};
use ring::rand::{SecureRandom, SystemRandom};

use super::{
    appliance_options::ApplianceOptions,
    appliance_progress,
    drift::capture_failure,
    failure::Failure,
    output::{print_line, warn},
};
use crate::{
    appliance::capture::{
        Capture as Captured, CaptureProgress, Fidelity, Fitting, ProgressFile, Server,
    },
    engine::{Clock, Mode},
};

/// The length of a key that is drawn.
const KEY_BYTES: usize = 32;

#[derive(Debug, Args)]
pub(super) struct Capture {
    #[command(flatten)]
    appliance: ApplianceOptions,
    /// Folder for the fixtures
    ///
    /// It is created if it is missing. If it has the progress of an interrupted capture, that one is continued.
    #[arg(short = 'o', long = "out", value_name = "FOLDER", env = "CUC_MOCK_OUT")]
    out: PathBuf,
    /// Replace names, extensions, addresses and hosts
    ///
    /// The same name gets the same substitute everywhere. An interrupted capture starts again.
    #[arg(long, env = "CUC_MOCK_ANONYMISE")]
    anonymise: bool,
    /// Key of the substitutes
    ///
    /// Two captures with the same key have the same substitutes. Names can be guessed with the key, so choose a random
    /// one. The default is drawn. Others can read an option in the list of processes, but not a variable.
    #[arg(
        long,
        value_name = "KEY",
        env = "CUC_MOCK_ANONYMISE_KEY",
        hide_env_values = true,
        requires = "anonymise",
        value_parser = NonEmptyStringValueParser::new()
    )]
    anonymise_key: Option<String>,
}

impl Capture {
    pub(super) fn run(self) -> Result<(), Failure> {
        let client = self.appliance.client()?;
        let settings = self.appliance.settings();
        check_folder(&self.out)?;
        let file = self.progress_file(&settings.description(client.base()))?;
        let progress = CaptureProgress::default();
        let captured = appliance_progress::show(client, &progress, |client| {
            let server = Server::new(client, file.as_ref(), &progress, settings.connections);
            Captured::read(&server, &settings, &progress)
        });
        let mut captured = match captured {
            Ok(captured) => captured,
            Err(error) => {
                // With other settings, nothing can be continued.
                let useless = file.filter(|_| error.is_of_settings());
                remove(useless)?;
                return Err(capture_failure(&error));
            }
        };
        if self.anonymise {
            captured.anonymise(&self.key()?);
        }
        let now = Clock::new(Mode::default()).now().to_string();
        let (date, _) = now.split_once('T').unwrap_or((&now, ""));
        let fitting = captured.write(&self.out, Fidelity::Server, date);
        let fitting = fitting.map_err(|error| capture_failure(&error))?;
        remove(file)?;
        warn_of(&captured, &fitting);
        let kinds = captured.kinds.iter();
        let kinds = kinds.filter(|kind| !kind.objects.is_empty());
        let objects: usize = kinds.clone().map(|kind| kind.objects.len()).sum();
        print_line(&format!(
            "captured {objects} objects of {} kinds from a server with {} in {} requests",
            kinds.count(),
            captured.version.text,
            progress.requests()
        ));
        print_line(&format!(
            "cuc-mock --fixtures {} starts from them",
            self.out.display()
        ));
        Ok(())
    }

    /// Opens the file with the progress, unless it would contain original names.
    fn progress_file(&self, settings: &str) -> Result<Option<ProgressFile>, Failure> {
        if self.anonymise {
            return Ok(None);
        }
        let file = ProgressFile::open(&self.out, settings);
        let file = file.map_err(|error| capture_failure(&error))?;
        if file.known() > 0 {
            warn(&format!(
                "continuing an interrupted capture with {} responses",
                file.known()
            ));
        }
        Ok(Some(file))
    }

    /// Returns the key of the substitutes.
    fn key(&self) -> Result<Vec<u8>, Failure> {
        if let Some(key) = &self.anonymise_key {
            return Ok(key.clone().into_bytes());
        }
        let mut key = vec![0; KEY_BYTES];
        let filled = SystemRandom::new().fill(&mut key);
        filled.map_err(|_| Failure::runtime("the system has no random key"))?;
        Ok(key)
    }
}

/// Removes the file with the progress.
fn remove(file: Option<ProgressFile>) -> Result<(), Failure> {
    match file {
        Some(file) => file.remove().map_err(|error| capture_failure(&error)),
        None => Ok(()),
    }
}

/// Prints what was left out, and what was corrected.
fn warn_of(captured: &Captured, fitting: &Fitting) {
    for warning in captured.warnings.iter().chain(&fitting.warnings) {
        warn(warning);
    }
    if !fitting.corrected.is_empty() {
        let corrected = fitting.corrected.join(", ");
        warn(&format!("corrected the descriptions of {corrected}"));
    }
    for broken in &fitting.broken_rules {
        warn(&format!("{}: {}", broken.path, broken.message));
    }
}

/// Checks that a folder has no other files than those of an unfinished capture.
fn check_folder(folder: &Path) -> Result<(), Failure> {
    let unusable = |problem: String| Failure::usage(format!("{}: {problem}", folder.display()));
    std::fs::create_dir_all(folder).map_err(|error| unusable(error.to_string()))?;
    let entries = folder
        .read_dir()
        .map_err(|error| unusable(error.to_string()))?;
    let names = entries.flatten().map(|entry| entry.file_name());
    let is_unfinished = folder.join(ProgressFile::NAME).exists();
    match names.filter(|_| !is_unfinished).min() {
        Some(name) => Err(unusable(format!(
            "found {}, expected an empty folder or an unfinished capture",
            name.to_string_lossy()
        ))),
        None => Ok(()),
    }
}
