//! Reloading the fixtures when they change.

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
use tracing::error;

use crate::{
    engine::load::{in_background, is_fixture},
    http::ServerState,
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
    /// Every space is reset to them. Fixtures with errors change nothing.
    #[arg(long, env = "CUC_MOCK_WATCH")]
    watch: bool,
}

/// Watches the files of the fixtures.
#[derive(Debug)]
pub(super) struct Watcher {
    fixtures: Vec<PathBuf>,
    /// The files when the fixtures were loaded.
    loaded: Listing,
    /// The files at the last poll.
    last: Listing,
}

/// Each file and folder with its stamp. There is no stamp if it cannot be read.
type Listing = Vec<(PathBuf, Option<Stamp>)>;

/// The properties that show if a file has changed. The inode reveals a replacement that has the same size and an older
/// modification time.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    size: u64,
    inode: u64,
}

impl WatchOption {
    /// Returns a watcher with the current state of the files, or `None` without `--watch`.
    pub(super) fn watcher(&self, fixtures: &[PathBuf]) -> Option<Watcher> {
        self.watch.then(|| Watcher::new(fixtures))
    }
}

impl Watcher {
    fn new(fixtures: &[PathBuf]) -> Self {
        let listing = list(fixtures);
        Self {
            fixtures: fixtures.to_vec(),
            loaded: listing.clone(),
            last: listing,
        }
    }

    /// Reloads the fixtures in the background whenever they change.
    pub(super) fn spawn(mut self, server: Arc<ServerState>) -> JoinHandle<()> {
        tokio::spawn(async move {
            let mut ticks = interval(POLL_INTERVAL);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let server = Arc::clone(&server);
                let poll = in_background(move |progress| {
                    if self.has_changed() {
                        server.spaces.reload_if_changed(progress);
                    }
                    self
                });
                match poll.await {
                    Ok(watcher) => self = watcher,
                    Err(error) => return error!("the fixtures are no longer watched: {error}"),
                }
            }
        })
    }

    /// Polls once. Returns true if there is a complete change.
    fn has_changed(&mut self) -> bool {
        let listing = list(&self.fixtures);
        let is_complete = listing == self.last;
        self.last = listing;
        let has_changed = is_complete && self.last != self.loaded;
        if has_changed {
            // Set before the fixtures are loaded, so that a write in the meantime counts as another change.
            self.loaded = self.last.clone();
        }
        has_changed
    }
}

/// Lists the fixtures, and the fixture files in folders.
fn list(fixtures: &[PathBuf]) -> Listing {
    let mut listing = Listing::new();
    for path in fixtures {
        listing.push((path.clone(), stamp(path).ok()));
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        let mut files: Vec<_> = entries
            .map(|entry| entry.path())
            .filter(|file| is_fixture(file))
            .collect();
        files.sort();
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
    // The time of a folder also depends on files that are not fixtures.
    if metadata.is_dir() {
        return Ok(Stamp {
            modified: None,
            size: 0,
            inode: 0,
        });
    }
    #[cfg(unix)]
    let inode = std::os::unix::fs::MetadataExt::ino(&metadata);
    #[cfg(not(unix))]
    let inode = 0;
    Ok(Stamp {
        modified: metadata.modified().ok(),
        size: metadata.len(),
        inode,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poll_twice(watcher: &mut Watcher) -> [bool; 2] {
        [watcher.has_changed(), watcher.has_changed()]
    }

    #[test]
    fn a_change_is_reported_once_and_only_when_it_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.xml");
        fs::write(&file, "1").unwrap();
        let mut watcher = Watcher::new(&[folder.path().to_owned()]);
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
            let mut watcher = Watcher::new(&[watched.to_path_buf()]);
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
        let mut watcher = Watcher::new(std::slice::from_ref(&inner));
        fs::create_dir(&inner).unwrap();
        assert_eq!(poll_twice(&mut watcher), [false, true]);
        fs::write(inner.join("a.xml"), "1").unwrap();
        assert_eq!(poll_twice(&mut watcher), [false, true]);
        fs::remove_dir_all(&inner).unwrap();
        assert_eq!(poll_twice(&mut watcher), [false, true]);
        assert_eq!(poll_twice(&mut watcher), [false, false]);
    }
}
