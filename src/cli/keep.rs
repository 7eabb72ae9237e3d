//! Keeping a sandbox: the records of the default space, in a file.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Args;
use tokio::{
    sync::oneshot,
    task::{JoinHandle, spawn_blocking},
    time::sleep_until,
};
use tracing::{error, info, warn};

use super::{Failed, MISTAKE, REFUSED, state_file::StateFile};
use crate::{
    engine::load::{Diagnostic, Fixture},
    space::Space,
    store::{Collection, Store},
};

/// How much time there is at least from the beginning of saving to the next one.
const PAUSE: Duration = Duration::from_millis(200);
/// How much longer than saving takes it is rested between two times, where that takes so long that no promise can be
/// kept.
const REST: u32 = 2;
/// What is lost at most, unless the log says otherwise.
const PROMISED: Duration = Duration::from_secs(1);
/// How long to wait when it could not be saved.
const RETRY: Duration = Duration::from_secs(1);
/// How long a reason is not told again.
const SILENCE: Duration = Duration::from_secs(60);

#[derive(Debug, Args)]
pub(super) struct KeepOptions {
    /// Keep the records of the space `default` in this file, passwords included: begin from it if it is
    /// there, and else from the seed; write it after changes and at the end. Other spaces are not kept
    #[arg(long, value_name = "FILE", env = "CUC_MOCK_STATE")]
    state: Option<PathBuf>,
}

/// A space whose records are kept in a file.
#[derive(Debug)]
pub(super) struct Keep {
    /// As it was given.
    path: PathBuf,
    file: StateFile,
    space: Arc<Space>,
    /// What the file holds.
    saved: Option<Arc<Store>>,
    /// When it may be saved again.
    next: Instant,
    /// Whether the log was told that more may be lost than was promised.
    is_told_slow: bool,
    /// Why it could not be saved the last time, and when that was told.
    failure: Option<(String, Instant)>,
}

/// The same, while it is at work.
#[derive(Debug)]
pub(super) struct Kept {
    /// Dropping it tells that the end has come.
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), String>>,
}

impl KeepOptions {
    /// Says what is not kept where each user has a space.
    pub(super) fn warn_of_spaces(&self) {
        if self.state.is_some() {
            warn!(
                "--state keeps the space default alone, and with --spaces auto users work in others"
            );
        }
    }

    /// Lets the space go on from where the file says, or writes the file.
    pub(super) fn keep(
        &self,
        space: &Arc<Space>,
        fixtures: &[PathBuf],
    ) -> Result<Option<Keep>, Failed> {
        let Some(path) = &self.state else {
            return Ok(None);
        };
        let refused = |error| {
            let path = path.display();
            (
                REFUSED,
                format!("{path}: the state cannot be kept there: {error}"),
            )
        };
        let (file, found) = StateFile::open(path).map_err(refused)?;
        if is_fixture(file.path(), fixtures) {
            let path = path.display();
            let message = format!(
                "{path}: expected --state not to be one of --fixtures, nor in a folder of them"
            );
            return Err((MISTAKE, message));
        }
        let mut keep = Keep::new(path, file, Arc::clone(space));
        let content = match found {
            Some(content) => keep.load(content)?,
            None => space.state(),
        };
        // That it can be written is found out before anything depends on it.
        keep.file.write(&content).map_err(refused)?;
        keep.saved = Some(space.records.read());
        Ok(Some(keep))
    }
}

impl Keep {
    fn new(path: &Path, file: StateFile, space: Arc<Space>) -> Self {
        Self {
            path: path.to_owned(),
            file,
            space,
            saved: None,
            next: Instant::now(),
            is_told_slow: false,
            failure: None,
        }
    }

    fn load(&self, content: Vec<u8>) -> Result<Vec<u8>, Failed> {
        let fixture = Fixture {
            path: self.path.clone(),
            document: content.clone().into(),
        };
        let loaded = self.space.load(fixture);
        loaded.map_err(|mistakes| {
            let mut lines: Vec<_> = mistakes.iter().map(Diagnostic::to_string).collect();
            let release = self.space.release();
            let path = self.path.display();
            lines.push(format!(
                "{path} is left as it is: it is no state of release {release}"
            ));
            (MISTAKE, lines.join("\n"))
        })?;
        Ok(content)
    }

    /// Saves what changes from now on.
    pub(super) fn begin(self) -> Kept {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(self.run(stopped));
        Kept { stop, task }
    }

    async fn run(mut self, mut stopped: oneshot::Receiver<()>) -> Result<(), String> {
        let space = Arc::clone(&self.space);
        let mut is_saved = true;
        loop {
            let due = async {
                if is_saved {
                    space.records.changed().await;
                }
                sleep_until(self.next.into()).await;
            };
            let has_ended = tokio::select! {
                () = due => false,
                _ = &mut stopped => true,
            };
            let (keep, saved) = self.save_elsewhere().await?;
            self = keep;
            is_saved = saved.is_ok();
            match saved {
                saved if has_ended => return saved,
                Ok(()) => {}
                Err(reason) => self.tell(reason),
            }
        }
    }

    /// Saves without holding requests up. Fails when it can never be done again.
    async fn save_elsewhere(mut self) -> Result<(Self, Result<(), String>), String> {
        let path = self.path.clone();
        let saved = spawn_blocking(move || {
            let saved = self.save();
            (self, saved)
        });
        saved.await.map_err(|error| {
            let path = path.display();
            let reason = format!("{path}: the state is no longer saved: {error}");
            error!("{reason}");
            reason
        })
    }

    /// Saves the records if they have changed, or tells why that is not possible.
    fn save(&mut self) -> Result<(), String> {
        let store = self.space.records.read();
        if self
            .saved
            .as_ref()
            .is_some_and(|saved| Arc::ptr_eq(saved, &store))
        {
            return Ok(());
        }
        let begun = Instant::now();
        let content = self.space.export(&store);
        self.file.write(&content).map_err(|error| {
            self.next = Instant::now() + RETRY;
            format!(
                "{}: the state cannot be saved: {error}",
                self.path.display()
            )
        })?;
        self.rest(begun, &store);
        if self.failure.take().is_some() {
            info!("{}: the state is saved again", self.path.display());
        }
        self.saved = Some(store);
        Ok(())
    }

    /// Saves the less often the longer it takes.
    fn rest(&mut self, begun: Instant, store: &Store) {
        let took = begun.elapsed();
        // What is changed right after saving has begun waits for the next time, and until that is done.
        if PAUSE.max(took) + took <= PROMISED {
            self.next = begun + PAUSE;
            return;
        }
        let pause = took * REST;
        self.next = Instant::now() + pause;
        let lost = took + pause + took;
        if !self.is_told_slow {
            self.is_told_slow = true;
            let records: usize = store.collections().iter().map(Collection::len).sum();
            warn!(
                "saving {records} records takes {:.1} s: what was changed in the last {:.1} s can be lost by a kill",
                took.as_secs_f64(),
                lost.as_secs_f64()
            );
        }
    }

    /// Tells the log why it could not be saved, once in a while.
    fn tell(&mut self, reason: String) {
        let is_known = |(told, at): &(String, Instant)| *told == reason && at.elapsed() < SILENCE;
        if !self.failure.as_ref().is_some_and(is_known) {
            error!("{reason}, the server goes on and tries again");
            self.failure = Some((reason, Instant::now()));
        }
    }
}

impl Kept {
    /// Saves for the last time.
    pub(super) async fn finish(self) -> Result<(), Failed> {
        drop(self.stop);
        let saved = self.task.await.map_err(|error| error.to_string());
        saved
            .and_then(|saved| saved)
            .map_err(|reason| (REFUSED, format!("{reason}, what was changed last is lost")))
    }
}

/// Whether a file is one of the fixtures, or would become one.
fn is_fixture(file: &Path, fixtures: &[PathBuf]) -> bool {
    let is_xml = file.extension().is_some_and(|extension| extension == "xml");
    let mut found = fixtures
        .iter()
        .filter_map(|path| fs::canonicalize(path).ok());
    found.any(|path| path == file || (is_xml && file.parent() == Some(&path)))
}
