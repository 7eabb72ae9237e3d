//! The progress of reading a real server.

use std::{
    io::{IsTerminal, stderr},
    sync::mpsc::{RecvTimeoutError, channel},
    thread,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::appliance::{capture::CaptureProgress, client::Client};

/// The time between two updates of the bar.
const UPDATE_INTERVAL: Duration = Duration::from_millis(100);

/// Runs `work` with a client. If stderr is a terminal, shows the progress there.
pub(super) fn show<T>(
    client: Client,
    progress: &CaptureProgress,
    work: impl FnOnce(&Client) -> T,
) -> T {
    if !stderr().is_terminal() {
        return work(&client);
    }
    let (sender, pauses) = channel::<String>();
    let client = client.on_retry(move |reason, delay| {
        // The bar may have ended.
        let _ = sender.send(format!(
            "{reason}, next attempt in {:.1} s",
            delay.as_secs_f32()
        ));
    });
    let (guard, end) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let bar = bar();
            // Nothing is ever sent: the channel disconnects when the work ends.
            while end.recv_timeout(UPDATE_INTERVAL) == Err(RecvTimeoutError::Timeout) {
                pauses.try_iter().for_each(|pause| progress.pause(pause));
                let state = progress.state();
                bar.set_prefix(format!("{} requests", state.requests));
                let place = match state.total {
                    0 => state.kind,
                    total => format!("{} {}/{total}", state.kind, state.done),
                };
                bar.set_message(match state.pause {
                    Some(pause) => format!("{place} ({pause})"),
                    None => place,
                });
                bar.tick();
            }
            bar.finish_and_clear();
        });
        let result = work(&client);
        drop(guard);
        result
    })
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix}  {wide_msg}");
    ProgressBar::no_length().with_style(style.expect("the template is valid"))
}
