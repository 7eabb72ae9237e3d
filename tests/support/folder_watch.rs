use std::{path::Path, sync::mpsc, time::Instant};

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::DEADLINE;

/// Notifications of the operating system about the files of a folder.
pub(crate) struct FolderWatch {
    events: mpsc::Receiver<notify::Result<Event>>,
    _watcher: RecommendedWatcher,
}

impl FolderWatch {
    #[track_caller]
    pub(crate) fn new(folder: &Path) -> Self {
        let (sender, events) = mpsc::channel();
        let mut watcher = notify::recommended_watcher(sender).expect("a watcher");
        watcher
            .watch(folder, RecursiveMode::NonRecursive)
            .expect("the folder exists");
        Self {
            events,
            _watcher: watcher,
        }
    }

    /// Waits until a condition on the files is met. Evaluates it now and after each change.
    #[track_caller]
    pub(crate) fn wait_until(&self, mut is_met: impl FnMut() -> bool) {
        let deadline = Instant::now() + DEADLINE;
        while !is_met() {
            let rest = deadline.saturating_duration_since(Instant::now());
            let event = self.events.recv_timeout(rest);
            event.expect("a change in time").expect("no error");
        }
    }
}
