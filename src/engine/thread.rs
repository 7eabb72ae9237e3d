//! Work on a thread of its own, because it takes long and must not block requests.

use std::{fmt, sync::mpsc, thread::Builder};

use tokio::sync::oneshot;

/// The work has panicked. The log has the reason.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ThreadPanic;

/// Runs `work` on a new thread of this name, which ends with it. If the system has no more threads, the work runs on the
/// current one: other requests then wait, but none fails. The pool of tokio would panic, and `--watch` would keep its
/// threads for ever.
pub(crate) async fn on_thread<T, W>(name: &str, work: W) -> Result<T, ThreadPanic>
where
    T: Send + 'static,
    W: FnOnce() -> T + Send + 'static,
{
    let (sender, result) = oneshot::channel();
    let work = move || {
        let _ = sender.send(work());
    };
    run(name, Box::new(work));
    result.await.map_err(|_| ThreadPanic)
}

/// Boxed, because everything in a thread is compiled again for each type of closure.
type Work = Box<dyn FnOnce() + Send>;

fn run(name: &str, work: Work) {
    // The thread receives the work, so that it is still here if there is no thread.
    let (sender, receiver) = mpsc::channel::<Work>();
    let receive = move || {
        if let Ok(work) = receiver.recv() {
            work();
        }
    };
    match Builder::new().name(name.to_owned()).spawn(receive) {
        Ok(_) => drop(sender.send(work)),
        Err(_) => work(),
    }
}

impl fmt::Display for ThreadPanic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("its thread panicked")
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[tokio::test]
    async fn work_runs_on_a_thread_of_its_name() {
        let work = || thread::current().name().map(str::to_owned);
        let name = on_thread("load", work).await;
        assert_eq!(name, Ok(Some("load".to_owned())));
    }

    #[tokio::test]
    async fn work_that_panics_has_no_result() {
        let result: Result<(), _> = on_thread("load", || panic!("as expected")).await;
        assert_eq!(result, Err(ThreadPanic));
    }
}
