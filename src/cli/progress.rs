//! The progress bar of a long load.

use std::{
    io::{IsTerminal, stderr},
    sync::mpsc::{RecvTimeoutError, channel},
    thread,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::engine::load::Progress;

/// The time before the bar appears.
const DELAY: Duration = Duration::from_secs(1);
/// The time between two updates of the bar.
const UPDATE_INTERVAL: Duration = Duration::from_millis(100);

/// Runs `work`. If it takes longer than a second and stderr is a terminal, shows its progress there.
pub(super) fn show<T>(progress: &Progress, work: impl FnOnce() -> T) -> T {
    if !stderr().is_terminal() {
        return work();
    }
    let (guard, end) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            // Nothing is ever sent: the channel disconnects when the work ends.
            let is_working = |time| end.recv_timeout(time) == Err(RecvTimeoutError::Timeout);
            if is_working(DELAY) {
                let bar = bar();
                while is_working(UPDATE_INTERVAL) {
                    let (done, total) = progress.get();
                    // The total is unknown until all files have been read from the disk.
                    if total > 0 {
                        bar.set_length(total);
                        bar.set_position(done);
                    }
                }
                bar.finish_and_clear();
            }
        });
        let result = work();
        drop(guard);
        result
    })
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {percent:>3} % {eta}");
    ProgressBar::no_length()
        .with_style(style.expect("the template is valid"))
        .with_message("reading the fixtures")
}
