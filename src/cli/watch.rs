//! Watching files: the fixtures are reloaded when they change, and a change of a description is reported.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use clap::Args;
use tokio::{
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};
use tracing::{error, warn};

use crate::{
    engine::load::{Progress, in_background, is_fixture},
    http::ServerState,
    os::files,
    resources::CatalogueFiles,
    schema::Release,
    space::log_errors,
};

/// The time between two polls. A change is complete when two consecutive polls find the same files.
///
/// Polling needs no system resource that can run out, and finds changes in mounted folders, which do not always send
/// notifications.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

#[derive(Debug, Args)]
pub(super) struct WatchOption {
    /// Reload the fixtures when they change
    ///
    /// Every space is reset to them. Fixtures with errors change nothing. A change of --resources is
    /// checked and logged: the server needs a restart to use it.
    #[arg(long, env = "CUC_MOCK_WATCH")]
    watch: bool,
}

/// Watches the files of the fixtures and of the descriptions.
#[derive(Debug)]
pub(super) struct Watcher {
    release: Release,
    fixtures: WatchedFiles,
    resources: WatchedFiles,
}

/// Files and folders of `*.xml`.
#[derive(Debug)]
struct WatchedFiles {
    paths: Vec<PathBuf>,
    /// The files when they were loaded.
    loaded: Listing,
    /// The files at the last poll.
    last: Listing,
}

/// Each file and folder with its stamp. There is no stamp if it cannot be read.
type Listing = Vec<(PathBuf, Option<Stamp>)>;

/// The properties that show if a file has changed. The identity reveals a replacement that has the same size and an older
/// modification time.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    size: u64,
    identity: Option<files::Identity>,
}

impl WatchOption {
    /// Returns a watcher with the current state of the files, or `None` without `--watch`.
    pub(super) fn watcher(
        &self,
        release: Release,
        fixtures: &[PathBuf],
        resources: &[PathBuf],
    ) -> Option<Watcher> {
        self.watch.then(|| Watcher {
            release,
            fixtures: WatchedFiles::new(fixtures),
            resources: WatchedFiles::new(resources),
        })
    }
}

impl Watcher {
    /// Polls the files in the background.
    pub(super) fn spawn(mut self, server: Arc<ServerState>) -> JoinHandle<()> {
        tokio::spawn(async move {
            let mut ticks = interval(POLL_INTERVAL);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let server = Arc::clone(&server);
                let poll = in_background(move |progress| {
                    self.poll(&server, progress);
                    self
                });
                match poll.await {
                    Ok(watcher) => self = watcher,
                    Err(error) => return error!("the files are no longer watched: {error}"),
                }
            }
        })
    }

    /// Reloads the fixtures if they have changed. Reports a change of the descriptions, on which all records depend.
    fn poll(&mut self, server: &ServerState, progress: &Progress) {
        if self.resources.has_changed() {
            let files = CatalogueFiles {
                release: self.release,
                resources: &self.resources.paths,
                fixtures: &self.fixtures.paths,
            };
            match files.read(progress) {
                Ok(_) => warn!("the descriptions have changed, restart the server to use them"),
                Err(diagnostics) => log_errors(
                    "the descriptions have changed, a restart of the server would fail: errors in them",
                    &diagnostics,
                ),
            }
        }
        if self.fixtures.has_changed() {
            server.spaces.reload_if_changed(progress);
        }
    }
}

impl WatchedFiles {
    fn new(paths: &[PathBuf]) -> Self {
        let listing = list(paths);
        Self {
            paths: paths.to_vec(),
            loaded: listing.clone(),
            last: listing,
        }
    }

    /// Polls once. Returns true if there is a complete change.
    fn has_changed(&mut self) -> bool {
        let listing = list(&self.paths);
        let is_complete = listing == self.last;
        self.last = listing;
        let has_changed = is_complete && self.last != self.loaded;
        if has_changed {
            // Set before the files are loaded, so that a write in the meantime counts as another change.
            self.loaded = self.last.clone();
        }
        has_changed
    }
}

/// Lists the files, and those of the folders that are read.
fn list(paths: &[PathBuf]) -> Listing {
    let mut listing = Listing::new();
    for path in paths {
        listing.push((path.clone(), stamp(path).ok()));
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        let mut files: Vec<_> = entries
            .map(|entry| entry.path())
            .filter(|file| is_fixture(file))
            .collect();
        files.sort_unstable();
        listing.extend(files.into_iter().map(|file| {
            let stamp = stamp(&file).ok();
            (file, stamp)
        }));
    }
    listing
}

/// Returns the stamp of a file. Links are followed.
fn stamp(path: &Path) -> io::Result<Stamp> {
    let metadata = fs::metadata(path)?;
    // The time of a folder also depends on files that are not read.
    if metadata.is_dir() {
        return Ok(Stamp {
            modified: None,
            size: 0,
            identity: None,
        });
    }
    Ok(Stamp {
        modified: metadata.modified().ok(),
        size: metadata.len(),
        identity: files::identity(&metadata),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poll_twice(watcher: &mut WatchedFiles) -> [bool; 2] {
        [watcher.has_changed(), watcher.has_changed()]
    }

    #[test]
    fn a_change_is_reported_once_and_only_when_it_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.xml");
        fs::write(&file, "1").unwrap();
        let mut watcher = WatchedFiles::new(&[folder.path().to_owned()]);
        assert_eq!(poll_twice(&mut watcher), [false, false]);
        fs::write(&file, "12").unwrap();
        assert!(!watcher.has_changed());
        fs::write(&file, "123").unwrap();
        assert_eq!(poll_twice(&mut watcher), [false, true]);
        assert_eq!(poll_twice(&mut watcher), [false, false]);
    }

    #[test]
    fn a_file_replaced_by_an_editor_is_a_change_but_its_temporary_files_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.xml");
        fs::write(&file, "1").unwrap();
        let modified = fs::metadata(&file).unwrap().modified().unwrap();
        let temporary = [".a.xml.swp", "._a.xml", ".#a.xml"];
        for (watched, beside) in [&*file, folder.path(), folder.path()].iter().zip(temporary) {
            let beside = folder.path().join(beside);
            let mut watcher = WatchedFiles::new(&[watched.to_path_buf()]);
            fs::write(&beside, "2").unwrap();
            let written = fs::File::options().append(true).open(&beside).unwrap();
            written.set_modified(modified).unwrap();
            assert_eq!(poll_twice(&mut watcher), [false, false]);
            fs::rename(&beside, &file).unwrap();
            assert_eq!(poll_twice(&mut watcher), [false, true]);
        }
    }

    #[test]
    fn added_and_removed_files_are_changes() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("fixtures");
        let mut watcher = WatchedFiles::new(std::slice::from_ref(&inner));
        fs::create_dir(&inner).unwrap();
        assert_eq!(poll_twice(&mut watcher), [false, true]);
        fs::write(inner.join("a.xml"), "1").unwrap();
        assert_eq!(poll_twice(&mut watcher), [false, true]);
        fs::remove_dir_all(&inner).unwrap();
        assert_eq!(poll_twice(&mut watcher), [false, true]);
        assert_eq!(poll_twice(&mut watcher), [false, false]);
    }
}
