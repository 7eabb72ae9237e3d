//! `cuc-mock drift`

use std::{
    env, fs,
    io::{self, BufRead, IsTerminal, stdin},
    mem,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
};

use clap::{Args, ValueEnum};
use signal_hook::flag;

use super::{
    appliance_options::ApplianceOptions,
    appliance_progress,
    failure::Failure,
    output::{print, warn},
};
use crate::{
    appliance::{
        capture::{Capture, CaptureError, CaptureProgress, CapturedKind, Server},
        client::Client,
        drift::{CreationLog, Ignored, IgnoredPlace, Leftovers, PageNames, Prefix, Report},
        drift_check::{Drift as ComparedServers, DriftCheck, Writing, served_resources},
        facts::FactIndex,
        own_server::{OwnServer, OwnServerError},
    },
    engine::{Clock, Mode},
    os::signals,
};

/// The exit status after a second signal.
const EXIT_STATUS: i32 = 130;

#[derive(Debug, Args)]
pub(super) struct Drift {
    #[command(flatten)]
    appliance: ApplianceOptions,
    /// Also create, change and delete objects, to test the rules
    ///
    /// The names of all new objects begin with the prefix. They are deleted again, also after an interruption.
    #[arg(long, env = "CUC_MOCK_WRITE")]
    write: bool,
    /// Write without a question at the terminal
    #[arg(long, env = "CUC_MOCK_YES", requires = "write")]
    yes: bool,
    /// Prefix of the names of new objects
    ///
    /// Objects with such names are deleted.
    #[arg(
        long,
        value_name = "PREFIX",
        env = "CUC_MOCK_PREFIX",
        default_value_t,
        requires = "write"
    )]
    prefix: Prefix,
    /// Folder for the log of new objects
    ///
    /// If the command is killed, the next one deletes the objects in the log. The default is cuc-mock in the folder for the
    /// state of programs.
    #[arg(
        long,
        value_name = "FOLDER",
        env = "CUC_MOCK_LOG_FOLDER",
        requires = "write"
    )]
    log_folder: Option<PathBuf>,
    /// Values that may differ: FIELD, RESOURCE:FIELD or header:NAME
    ///
    /// May be repeated.
    #[arg(long, value_name = "PLACE", env = "CUC_MOCK_IGNORE")]
    ignore: Vec<IgnoredPlace>,
    /// Format of the result
    #[arg(
        long,
        value_name = "FORMAT",
        env = "CUC_MOCK_FORMAT",
        default_value = "text"
    )]
    format: Format,
    /// Folder for descriptions of what the server has shown, for --resources
    ///
    /// It must be empty or missing.
    #[arg(long, value_name = "FOLDER", env = "CUC_MOCK_LEARN")]
    learn: Option<PathBuf>,
    /// File for a page without secrets and names, for the maintainers of cuc-mock
    #[arg(long, value_name = "FILE", env = "CUC_MOCK_REPORT")]
    report: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Sentences for people
    Text,
    /// JSON
    Json,
    /// JUnit XML, for CI services
    Junit,
}

impl Drift {
    pub(super) fn run(self) -> Result<(), Failure> {
        if let Some(folder) = &self.learn {
            check_empty(folder)?;
        }
        let client = self.appliance.client()?;
        let log = CreationLog::of(&self.log_folder()?, client.base());
        let writing = self.write.then_some(Writing {
            prefix: &self.prefix,
            log: &log,
        });
        let interruption = Arc::new(AtomicBool::new(false));
        let deleted = self.compare(&client, writing, &interruption, false)?;
        // The objects of an earlier run were among the captured ones.
        if deleted && self.compare(&client, writing, &interruption, true)? {
            return Err(Failure::runtime(
                "the server still lists objects of an earlier run that were deleted",
            ));
        }
        Ok(())
    }

    /// Compares the servers, unless objects of an earlier run are deleted first: then it returns true. `is_permitted` if the
    /// requests that write were announced before.
    fn compare(
        &self,
        client: &Client,
        writing: Option<Writing<'_>>,
        interruption: &Arc<AtomicBool>,
        is_permitted: bool,
    ) -> Result<bool, Failure> {
        let mut settings = self.appliance.settings();
        // The objects of other kinds are needed, too: new ones refer to them.
        let kinds = mem::take(&mut settings.kinds);
        let now = Clock::new(Mode::default()).now().to_string();
        let (date, _) = now.split_once('T').unwrap_or((&now, ""));
        let progress = CaptureProgress::default();
        let capture = appliance_progress::show(client.clone(), &progress, |client| {
            let server = Server::new(client, None, &progress, settings.connections);
            Capture::read(&server, &settings, &progress)
        });
        let mut capture = capture.map_err(|error| capture_failure(&error))?;
        let mut unknown = capture.take_unknown_kinds();
        unknown.retain(|kind| kinds.is_empty() || kinds.contains(&kind.path));
        check_kinds(&capture, &unknown, &kinds)?;
        capture.add_empty_kinds();
        let is_https = client.base().starts_with("https:");
        let own = OwnServer::start(&mut capture, &settings, date, is_https);
        let own = own.map_err(own_failure)?;
        let served = served_resources(capture.version.release, &settings);
        let served = served.map_err(|errors| Failure::usage(errors.to_string()))?;
        let comparison = CaptureProgress::default();
        let check = DriftCheck {
            capture: &capture,
            settings: &settings,
            kinds: &kinds,
            server: client.clone(),
            own: &own,
            user: self.appliance.user(),
            ignored: &Ignored::new(self.ignore.clone()),
            secrets: vec![client.password().to_owned()],
            unknown: &unknown,
            served: &served,
            facts: &FactIndex::new(&served),
            progress: &comparison,
            interruption,
        };
        if let Some(writing) = writing {
            if !is_permitted {
                self.announce(&check)?;
                handle_signals(interruption)?;
            }
            let leftovers = writing.clean_up(client, &capture.catalogue);
            left(&leftovers)?;
            if leftovers.deleted > 0 {
                let deleted = leftovers.deleted;
                warn(&format!("deleted {deleted} objects of an earlier run"));
                return Ok(true);
            }
        }
        let drift = appliance_progress::show(client.clone(), &comparison, |_| check.run(writing));
        self.finish(&check, &drift, date)?;
        Ok(false)
    }

    /// Announces the requests that write, and asks if they may be sent.
    fn announce(&self, check: &DriftCheck<'_>) -> Result<(), Failure> {
        let plan = check.plan(&self.prefix);
        let plan = plan.map_err(|stop| Failure::runtime(stop.to_string()))?;
        warn(&plan.to_string());
        if self.yes { Ok(()) } else { confirm() }
    }

    /// Prints the result, and writes the files.
    fn finish(
        &self,
        check: &DriftCheck<'_>,
        drift: &ComparedServers,
        date: &str,
    ) -> Result<(), Failure> {
        let heading = check.heading(drift, date);
        let row = |key: &_| check.facts.row(key);
        let report = Report::new(&heading, &drift.results, &row);
        let text = match self.format {
            Format::Text => report.text(),
            Format::Json => report.json(),
            Format::Junit => report.junit(),
        };
        print(text.as_bytes())?;
        if let Some(file) = &self.report {
            let hidden = self.names(check);
            let names = PageNames::new(&check.capture.catalogue, &hidden);
            let page = report.page(&names);
            fs::write(file, page).map_err(|error| not_written(file, &error))?;
        }
        if let Some(folder) = &self.learn {
            let learned = check.learn(drift, date);
            let learned = learned.map_err(|error| Failure::usage(error.to_string()))?;
            let written = learned.write(folder);
            written.map_err(|error| not_written(folder, &error))?;
            for other in &learned.not_learned {
                warn(&format!(
                    "not learned: {}: {}",
                    other.finding.request, other.reason
                ));
            }
        }
        left(&drift.leftovers)?;
        match &drift.stop {
            Some(stop) => Err(Failure::runtime(format!(
                "the comparison is incomplete: {stop}"
            ))),
            None if report.is_same() => Ok(()),
            None => Err(Failure::different()),
        }
    }

    /// Returns the names that the page for the maintainers must not contain.
    fn names(&self, check: &DriftCheck<'_>) -> Vec<String> {
        let tenant = check.settings.tenant.clone();
        let mut names = vec![self.appliance.host(), self.appliance.user().to_owned()];
        names.extend(tenant);
        names.extend(check.capture.texts());
        names
    }

    /// Returns the folder for the log of new objects.
    fn log_folder(&self) -> Result<PathBuf, Failure> {
        if let Some(folder) = &self.log_folder {
            return Ok(folder.clone());
        }
        let variable = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let state = variable("XDG_STATE_HOME").or_else(|| variable("LOCALAPPDATA"));
        let home = || Some(PathBuf::from(variable("HOME")?).join(".local/state"));
        let state = state.map(PathBuf::from).or_else(home);
        let folder = match state {
            Some(state) => state.join("cuc-mock"),
            None if self.write => {
                return Err(Failure::usage(
                    "neither HOME nor XDG_STATE_HOME is set: expected --log-folder",
                ));
            }
            None => PathBuf::new(),
        };
        if self.write {
            fs::create_dir_all(&folder).map_err(|error| not_written(&folder, &error))?;
        }
        Ok(folder)
    }
}

/// Makes the first signal interrupt the requests, after which new objects are deleted, and the second one end the process.
fn handle_signals(interruption: &Arc<AtomicBool>) -> io::Result<()> {
    for number in signals::numbers() {
        // In this order: the first signal finds the flag unset.
        flag::register_conditional_shutdown(number, EXIT_STATUS, Arc::clone(interruption))?;
        flag::register(number, Arc::clone(interruption))?;
    }
    Ok(())
}

/// Asks at the terminal if the requests may be sent.
fn confirm() -> Result<(), Failure> {
    if !stdin().is_terminal() {
        return Err(Failure::usage(
            "there is no terminal to ask if these requests may be sent: expected --yes",
        ));
    }
    warn("Send these requests? Enter yes:");
    let mut answer = String::new();
    stdin().lock().read_line(&mut answer)?;
    match answer.trim() {
        "yes" => Ok(()),
        _ => Err(Failure::usage("no request that writes was sent")),
    }
}

/// Fails if objects could not be deleted.
fn left(leftovers: &Leftovers) -> Result<(), Failure> {
    if leftovers.failures.is_empty() {
        return Ok(());
    }
    Err(Failure::runtime(format!(
        "objects of this command are left on the server:\n{}",
        leftovers.failures.join("\n")
    )))
}

/// Checks that each kind is one that the server has.
fn check_kinds(
    capture: &Capture,
    unknown: &[CapturedKind],
    kinds: &[String],
) -> Result<(), Failure> {
    let is_unknown = |kind: &&String| {
        let known = capture.catalogue.resources().iter();
        let known = known.map(|resource| resource.path.as_str());
        let mut paths = known.chain(unknown.iter().map(|other| other.path.as_str()));
        // The objects below a path are of the kind, too.
        !paths.any(|path| {
            let below = path.strip_prefix(kind.as_str());
            below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    match kinds.iter().find(is_unknown) {
        Some(kind) => Err(capture_failure(&CaptureError::UnknownKind(kind.clone()))),
        None => Ok(()),
    }
}

fn check_empty(folder: &Path) -> Result<(), Failure> {
    let has_entries = folder
        .read_dir()
        .is_ok_and(|mut entries| entries.next().is_some());
    if has_entries {
        let folder = folder.display();
        return Err(Failure::usage(format!(
            "{folder}: found files, expected an empty folder"
        )));
    }
    Ok(())
}

fn not_written(path: &Path, error: &io::Error) -> Failure {
    Failure::runtime(format!("{}: cannot be written: {error}", path.display()))
}

fn own_failure(error: OwnServerError) -> Failure {
    match error {
        OwnServerError::Capture(error) => capture_failure(&error),
        error => Failure::runtime(error.to_string()),
    }
}

/// Returns the failure for a server that cannot be read.
pub(super) fn capture_failure(error: &CaptureError) -> Failure {
    match error {
        CaptureError::OtherCapture(_) => Failure::usage(error.to_string()),
        _ if error.is_of_settings() => Failure::usage(error.to_string()),
        _ => Failure::runtime(error.to_string()),
    }
}
