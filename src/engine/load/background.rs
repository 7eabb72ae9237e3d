//! Loading on another thread.

use std::sync::Arc;

use super::Progress;
use crate::engine::thread::{ThreadPanic, on_thread};

/// Cancels a load when it is dropped.
struct CancelOnDrop(Arc<Progress>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Runs a load on another thread, because a large one takes long and must not block requests. If the future is dropped
/// before the load has ended, the load is cancelled: it fails, and changes nothing.
pub(crate) async fn in_background<T: Send + 'static>(
    load: impl FnOnce(&Progress) -> T + Send + 'static,
) -> Result<T, ThreadPanic> {
    let progress = Arc::new(Progress::default());
    let _guard = CancelOnDrop(Arc::clone(&progress));
    on_thread("cuc-mock load", move || load(&progress)).await
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn a_load_is_cancelled_if_its_result_is_no_longer_awaited() {
        let (start, has_started) = oneshot::channel();
        let (end, has_ended) = oneshot::channel();
        let load = in_background(|progress: &Progress| {
            start.send(()).expect("the test waits");
            while !progress.is_cancelled() {
                std::thread::yield_now();
            }
            end.send(()).expect("the test waits");
        });
        tokio::select! {
            _ = load => panic!("only a cancellation ends the load"),
            started = has_started => started.expect("the load starts"),
        }
        has_ended.await.expect("the load ends");
    }
}
