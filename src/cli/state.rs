//! Keeping the records of the default space in a file.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Args;
use tokio::{sync::oneshot, task::JoinHandle, time::sleep_until};
use tracing::{error, info, warn};

use super::{failure::Failure, state_file::StateFile};
use crate::{
    engine::{
        load::{Diagnostics, Fixture, Progress},
        on_thread,
    },
    space::Space,
    store::Store,
};

/// The minimum time from the start of one save to the start of the next.
const MIN_SAVE_INTERVAL: Duration = Duration::from_millis(200);
/// The maximum age of changes that a crash can lose, as documented.
const MAX_LOSS: Duration = Duration::from_secs(1);
/// The pause between two saves as a multiple of the duration of a save, if [`MAX_LOSS`] cannot be kept anyway.
const SLOW_SAVE_PAUSE: u32 = 2;
/// The pause after a failed save.
const RETRY_INTERVAL: Duration = Duration::from_secs(1);
/// The minimum time between two log messages with the same reason.
const LOG_INTERVAL: Duration = Duration::from_secs(60);

#[derive(Debug, Args)]
pub(super) struct StateOption {
    /// File that keeps the objects for the next start
    ///
    /// It is read at startup if it exists, and written after changes and at the end. It contains the
    /// objects of the space `default`, with passwords, and not those of other spaces.
    #[arg(long, value_name = "FILE", env = "CUC_MOCK_STATE")]
    state: Option<PathBuf>,
}

/// Saves the records of a space to a file.
#[derive(Debug)]
pub(super) struct StateKeeper {
    /// The path as given on the command line.
    path: PathBuf,
    file: StateFile,
    space: Arc<Space>,
    /// The store that the file contains.
    saved: Option<Arc<Store>>,
    /// The earliest time of the next save.
    next: Instant,
    /// True if the log warned that more than [`MAX_LOSS`] can be lost.
    has_warned: bool,
    /// The reason of the last failed save, and the time at which it was logged.
    failure: Option<(String, Instant)>,
}

/// A [`StateKeeper`] that runs in the background.
#[derive(Debug)]
pub(super) struct StateTask {
    /// Requests the last save when it is dropped.
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), String>>,
}

impl StateOption {
    /// Warns that `--spaces auto` creates spaces that are not kept.
    pub(super) fn warn_about_spaces(&self) {
        if self.state.is_some() {
            warn!(
                "--state keeps only the space default, but with --spaces auto users work in other spaces"
            );
        }
    }

    /// Loads the state into the space if the file exists, and writes the file. Returns `None` without `--state`.
    pub(super) fn open(
        &self,
        space: &Arc<Space>,
        fixtures: &[PathBuf],
    ) -> Result<Option<StateKeeper>, Failure> {
        let Some(path) = &self.state else {
            return Ok(None);
        };
        let failure = |error| {
            let path = path.display();
            Failure::runtime(format!("{path}: cannot keep the state there: {error}"))
        };
        let (file, content) = StateFile::open(path).map_err(failure)?;
        if is_fixture(file.path(), fixtures) {
            let path = path.display();
            return Err(Failure::usage(format!(
                "{path}: expected a --state file that is not one of the --fixtures, nor in one of their folders"
            )));
        }
        let mut keeper = StateKeeper::new(path, file, Arc::clone(space));
        let content = match content {
            Some(content) => keeper.load(content)?,
            None => space.state().into_document(),
        };
        // Finds out now if the file can be written, before anything depends on it.
        keeper.file.write(&content).map_err(failure)?;
        keeper.saved = Some(space.records.read());
        Ok(Some(keeper))
    }
}

impl StateKeeper {
    fn new(path: &Path, file: StateFile, space: Arc<Space>) -> Self {
        Self {
            path: path.to_owned(),
            file,
            space,
            saved: None,
            next: Instant::now(),
            has_warned: false,
            failure: None,
        }
    }

    /// Loads a state into the space. Returns the state.
    fn load(&self, content: Vec<u8>) -> Result<Vec<u8>, Failure> {
        let document = content.clone().into();
        let fixture = Fixture::decode(self.path.clone(), document, None, usize::MAX);
        let loaded = fixture.map_err(Diagnostics::of);
        let loaded = loaded.and_then(|fixture| self.space.load(fixture, &Progress::default()));
        loaded.map_err(|diagnostics| {
            let release = self.space.release();
            let path = self.path.display();
            Failure::usage(format!(
                "{diagnostics}\n{path} is not a valid state of release {release}, and was not changed"
            ))
        })?;
        Ok(content)
    }

    /// Starts to save changes in the background.
    pub(super) fn spawn(self) -> StateTask {
        let (stop, stop_request) = oneshot::channel();
        let task = tokio::spawn(self.run(stop_request));
        StateTask { stop, task }
    }

    async fn run(mut self, mut stop_request: oneshot::Receiver<()>) -> Result<(), String> {
        let space = Arc::clone(&self.space);
        let mut is_saved = true;
        loop {
            let due = async {
                if is_saved {
                    space.records.changed().await;
                }
                sleep_until(self.next.into()).await;
            };
            let is_last = tokio::select! {
                () = due => false,
                _ = &mut stop_request => true,
            };
            let (keeper, result) = self.save_in_background().await?;
            self = keeper;
            is_saved = result.is_ok();
            if is_last {
                return result;
            }
            if let Err(reason) = result {
                self.log_failure(reason);
            }
        }
    }

    /// Saves on a thread of its own, so that requests do not wait for a save. The outer error means that saving is over
    /// for good.
    async fn save_in_background(mut self) -> Result<(Self, Result<(), String>), String> {
        let path = self.path.clone();
        let save = move || {
            let result = self.save();
            (self, result)
        };
        on_thread("save", save).await.map_err(|error| {
            let path = path.display();
            let reason = format!("{path}: the state is no longer saved: {error}");
            error!("{reason}");
            reason
        })
    }

    /// Saves the records if they have changed since the last save.
    fn save(&mut self) -> Result<(), String> {
        let store = self.space.records.read();
        let is_saved = |saved| Arc::ptr_eq(saved, &store);
        if self.saved.as_ref().is_some_and(is_saved) {
            return Ok(());
        }
        let start = Instant::now();
        let content = self.space.export(Arc::clone(&store)).into_document();
        self.file.write(&content).map_err(|error| {
            self.next = Instant::now() + RETRY_INTERVAL;
            let path = self.path.display();
            format!("{path}: cannot save the state: {error}")
        })?;
        self.schedule_next(start, &store);
        if self.failure.take().is_some() {
            info!("{}: the state is saved again", self.path.display());
        }
        self.saved = Some(store);
        Ok(())
    }

    /// Sets the time of the next save, after a save that began at `start`.
    fn schedule_next(&mut self, start: Instant, store: &Store) {
        let duration = start.elapsed();
        // A change right after the start of this save waits for the start of the next one, and for its end.
        if MIN_SAVE_INTERVAL.max(duration) + duration <= MAX_LOSS {
            self.next = start + MIN_SAVE_INTERVAL;
            return;
        }
        let pause = duration * SLOW_SAVE_PAUSE;
        self.next = Instant::now() + pause;
        if !self.has_warned {
            self.has_warned = true;
            let loss = duration + pause + duration;
            let records = store.len();
            warn!(
                "saving {records} records takes {:.1} s: a crash can lose the changes of the last {:.1} s",
                duration.as_secs_f64(),
                loss.as_secs_f64()
            );
        }
    }

    /// Logs the reason of a failed save, unless it was logged a short time ago.
    fn log_failure(&mut self, reason: String) {
        let is_recent =
            |(logged, at): &(String, Instant)| *logged == reason && at.elapsed() < LOG_INTERVAL;
        if !self.failure.as_ref().is_some_and(is_recent) {
            error!("{reason}; the server continues and tries again");
            self.failure = Some((reason, Instant::now()));
        }
    }
}

impl StateTask {
    /// Saves for the last time.
    pub(super) async fn finish(self) -> Result<(), Failure> {
        drop(self.stop);
        let result = self.task.await.map_err(|error| error.to_string());
        result
            .flatten()
            .map_err(|reason| Failure::runtime(format!("{reason}; the last changes are lost")))
    }
}

/// Returns true if a file is one of the fixtures, or would be read with a folder of them.
fn is_fixture(file: &Path, fixtures: &[PathBuf]) -> bool {
    let is_xml = file.extension().is_some_and(|extension| extension == "xml");
    fixtures
        .iter()
        .filter_map(|path| fs::canonicalize(path).ok())
        .any(|path| path == file || (is_xml && file.parent() == Some(&path)))
}
