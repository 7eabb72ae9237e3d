//! Reading fixtures again when they change.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use clap::Args;
use tokio::{
    task::{JoinHandle, spawn_blocking},
    time::{MissedTickBehavior, interval},
};
use tracing::error;

use crate::http::ServerState;

/// How often the fixtures are looked at. A change is taken when two looks in a row see the same.
///
/// Looking needs nothing of the system that can run out, and sees changes in folders that are mounted from elsewhere,
/// which are not always told to who listens for them.
const PAUSE: Duration = Duration::from_millis(250);

#[derive(Debug, Args)]
pub(super) struct WatchOptions {
    /// Read the fixtures again when they change, and reset every space to them; those with mistakes
    /// change nothing
    #[arg(long, env = "CUC_MOCK_WATCH")]
    watch: bool,
}

/// Fixtures whose changes are watched.
#[derive(Debug)]
pub(super) struct Watch {
    fixtures: Vec<PathBuf>,
    /// What they looked like when they were read.
    read: Look,
    /// What they looked like last.
    last: Look,
}

/// What tells whether a file has changed, of every file and folder. Nothing of those that cannot be found.
type Look = Vec<(PathBuf, Option<Sign>)>;

/// When it was written, how large it is, and where the file system has it: a file that was put in the place of another
/// may be older, and as large.
type Sign = (Option<SystemTime>, u64, u64);

impl WatchOptions {
    /// What is to be watched, as it is before it is read.
    pub(super) fn watch(&self, fixtures: &[PathBuf]) -> Option<Watch> {
        self.watch.then(|| Watch::new(fixtures))
    }
}

impl Watch {
    fn new(fixtures: &[PathBuf]) -> Self {
        let look = look(fixtures);
        Self {
            fixtures: fixtures.to_vec(),
            read: look.clone(),
            last: look,
        }
    }

    /// Reads the fixtures again whenever they change.
    pub(super) fn begin(mut self, shared: Arc<ServerState>) -> JoinHandle<()> {
        tokio::spawn(async move {
            let mut ticks = interval(PAUSE);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let shared = Arc::clone(&shared);
                let looked = spawn_blocking(move || {
                    if self.has_changed() {
                        shared.spaces.reload_if_changed();
                    }
                    self
                });
                match looked.await {
                    Ok(watch) => self = watch,
                    Err(error) => return error!("the fixtures are no longer watched: {error}"),
                }
            }
        })
    }

    /// Looks once more. Whether there is something to be read that has come to rest.
    fn has_changed(&mut self) -> bool {
        let now = look(&self.fixtures);
        let is_at_rest = now == self.last;
        self.last = now;
        let has_changed = is_at_rest && self.last != self.read;
        if has_changed {
            // Before it is read: what is written meanwhile is a change again.
            self.read = self.last.clone();
        }
        has_changed
    }
}

/// What the files are like, and those in the folders.
fn look(fixtures: &[PathBuf]) -> Look {
    let mut look = Look::new();
    for path in fixtures {
        look.push((path.clone(), sign(path).ok()));
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        let entries = entries.map(|entry| entry.path());
        let mut files: Vec<_> = entries.filter(|file| is_fixture(file)).collect();
        files.sort();
        look.extend(files.into_iter().map(|file| {
            let sign = sign(&file).ok();
            (file, sign)
        }));
    }
    look
}

fn is_fixture(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "xml")
}

/// Links are followed.
fn sign(path: &Path) -> io::Result<Sign> {
    let found = fs::metadata(path)?;
    // A folder's own time tells of files that are no fixtures, too.
    if found.is_dir() {
        return Ok((None, 0, 0));
    }
    #[cfg(unix)]
    let place = std::os::unix::fs::MetadataExt::ino(&found);
    #[cfg(not(unix))]
    let place = 0;
    Ok((found.modified().ok(), found.len(), place))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a change was seen in two looks.
    fn seen(watch: &mut Watch) -> [bool; 2] {
        [watch.has_changed(), watch.has_changed()]
    }

    #[test]
    fn a_change_is_taken_once_and_when_it_has_come_to_rest() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.xml");
        fs::write(&file, "1").unwrap();
        let mut watch = Watch::new(&[folder.path().to_owned()]);
        assert_eq!(seen(&mut watch), [false, false]);
        fs::write(&file, "12").unwrap();
        assert!(!watch.has_changed());
        fs::write(&file, "123").unwrap();
        assert_eq!(seen(&mut watch), [false, true]);
        assert_eq!(seen(&mut watch), [false, false]);
    }

    #[test]
    fn what_an_editor_puts_in_the_place_of_a_file_is_a_change_and_its_own_files_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let (file, beside) = (
            folder.path().join("a.xml"),
            folder.path().join(".a.xml.swp"),
        );
        fs::write(&file, "1").unwrap();
        let modified = fs::metadata(&file).unwrap().modified().unwrap();
        for watched in [&file, folder.path()] {
            let mut watch = Watch::new(&[watched.to_owned()]);
            fs::write(&beside, "2").unwrap();
            let written = fs::File::options().append(true).open(&beside).unwrap();
            written.set_modified(modified).unwrap();
            assert_eq!(seen(&mut watch), [false, false]);
            fs::rename(&beside, &file).unwrap();
            assert_eq!(seen(&mut watch), [false, true]);
        }
    }

    #[test]
    fn files_that_come_and_go_are_changes() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("fixtures");
        let mut watch = Watch::new(std::slice::from_ref(&inner));
        fs::create_dir(&inner).unwrap();
        assert_eq!(seen(&mut watch), [false, true]);
        fs::write(inner.join("a.xml"), "1").unwrap();
        assert_eq!(seen(&mut watch), [false, true]);
        fs::remove_dir_all(&inner).unwrap();
        assert_eq!(seen(&mut watch), [false, true]);
        assert_eq!(seen(&mut watch), [false, false]);
    }
}
