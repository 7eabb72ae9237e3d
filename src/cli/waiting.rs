//! What a terminal shows of something that takes its time.

use std::{
    io::{IsTerminal, stderr},
    sync::mpsc::{RecvTimeoutError, channel},
    thread,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::engine::load::Progress;

/// How long something may take without a word.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often what is shown is brought up to date.
const LOOK: Duration = Duration::from_millis(100);

/// Does `work`. When it takes longer than a second and stderr is a terminal, that shows how far it is.
pub(super) fn waiting<T>(progress: &Progress, work: impl FnOnce() -> T) -> T {
    if !stderr().is_terminal() {
        return work();
    }
    let (going, is_done) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            // Nothing is ever sent: the wait ends when the work does.
            let is_going = |time| is_done.recv_timeout(time) == Err(RecvTimeoutError::Timeout);
            if is_going(PATIENCE) {
                let bar = bar();
                while is_going(LOOK) {
                    let (read, total) = progress.get();
                    // Before the first file is there, nobody knows how much there is.
                    if total > 0 {
                        bar.set_length(total);
                        bar.set_position(read);
                    }
                }
                bar.finish_and_clear();
            }
        });
        let worked = work();
        drop(going);
        worked
    })
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {percent:>3} % {eta}");
    ProgressBar::no_length()
        .with_style(style.expect("the template is sound"))
        .with_message("reading the fixtures")
}
