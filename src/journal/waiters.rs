//! Waiting for requests. One task looks at the changes of a journal for all that wait, a few milliseconds after a change,
//! so that the cost of a request depends little on their number.

use std::{
    collections::BTreeMap,
    fmt, mem,
    ops::RangeInclusive,
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::FutureExt;
use parking_lot::Mutex;
use tokio::{
    sync::{Notify, oneshot},
    task::yield_now,
    time::{Instant, sleep_until, timeout_at},
};

use super::{Journal, View};

/// The time from a change until all waiters look at it, together with the later ones.
const BATCH_TIME: Duration = Duration::from_millis(4);
/// The waiters take at most this part of the time of a thread, as long as no request is dropped before they see it.
const MAX_SHARE: u32 = 20;
/// The longest time from a change until all waiters look at it, for any number of waiters.
const MAX_BATCH_TIME: Duration = Duration::from_millis(100);
/// The longest time for which the waiters delay other tasks, approximately.
const MAX_SLICE: Duration = Duration::from_micros(250);
/// The number of waiters between two looks at the time.
const SLICE_STEP: usize = 16;

/// No task looks at the journal.
const UNUSED: u8 = 0;
/// The task waits for a change.
const IDLE: u8 = 1;
/// The task knows of a change, and will look at the journal.
const NOTIFIED: u8 = 2;

/// The condition that ends a wait.
pub(crate) trait Condition: fmt::Debug + Send + 'static {
    /// Looks at the changes since the last call, and returns whether the wait is over.
    fn is_met(&mut self, view: &View) -> bool;
}

/// The conditions that wait for changes of a journal.
#[derive(Debug, Default)]
pub(super) struct Waiters {
    /// One of the constants above.
    state: AtomicU8,
    /// The number of the newest request that all waiters have seen.
    seen: AtomicU64,
    changed: Notify,
    /// Requests are being dropped before the waiters see them.
    urgent: Notify,
    list: Mutex<WaiterList>,
}

#[derive(Debug, Default)]
struct WaiterList {
    has_task: bool,
    /// The id of the waiter that came last.
    last: u64,
    by_id: BTreeMap<u64, Waiter>,
}

#[derive(Debug)]
struct Waiter {
    condition: Box<dyn Condition>,
    /// Receives the content of the journal that meets the condition.
    result: oneshot::Sender<Arc<View>>,
}

/// Removes a waiter when it is dropped.
struct WaiterGuard<'w> {
    waiters: &'w Waiters,
    id: u64,
}

impl Drop for WaiterGuard<'_> {
    fn drop(&mut self) {
        let mut list = self.waiters.list.lock();
        let removed = list.by_id.remove(&self.id);
        if list.by_id.is_empty() {
            // The task ends.
            self.waiters.changed.notify_one();
        }
        drop(list);
        drop(removed);
    }
}

impl Journal {
    /// Waits until the condition is met or `end` has passed. Returns the content of the journal at that moment. It needs
    /// a runtime with a timer.
    pub(crate) async fn wait_until(
        self: &Arc<Self>,
        mut condition: impl Condition,
        end: Option<Instant>,
    ) -> Arc<View> {
        {
            let view = self.view();
            if condition.is_met(&view) {
                return Arc::new(view);
            }
        }
        let (_guard, met) = self.add_waiter(Box::new(condition));
        let met = match end {
            Some(end) => timeout_at(end, met).await.ok().and_then(Result::ok),
            None => met.await.ok(),
        };
        met.unwrap_or_else(|| Arc::new(self.view()))
    }

    fn add_waiter(
        self: &Arc<Self>,
        condition: Box<dyn Condition>,
    ) -> (WaiterGuard<'_>, oneshot::Receiver<Arc<View>>) {
        let (result, met) = oneshot::channel();
        let waiters = &self.waiters;
        let mut list = waiters.list.lock();
        list.last += 1;
        let id = list.last;
        list.by_id.insert(id, Waiter { condition, result });
        let has_task = mem::replace(&mut list.has_task, true);
        // There may have been changes since the condition looked at the journal.
        waiters.state.store(NOTIFIED, Ordering::Release);
        drop(list);
        if has_task {
            waiters.changed.notify_one();
        } else {
            // Boxed, as every task (`server::run`).
            tokio::spawn(look_at_changes(Arc::clone(self)).boxed());
        }
        (WaiterGuard { waiters, id }, met)
    }
}

/// Looks at the journal after each change, until nothing waits any more.
async fn look_at_changes(journal: Arc<Journal>) {
    let waiters = &journal.waiters;
    let mut view = Arc::new(View::default());
    let mut next = Instant::now();
    loop {
        waiters.gather_changes(next).await;
        let Some(last) = waiters.begin_pass() else {
            return;
        };
        journal.add_batch(Arc::make_mut(&mut view));
        waiters.seen.store(view.last, Ordering::Relaxed);
        let time = waiters.look_at(&view, last).await;
        next = Instant::now() + (time * (MAX_SHARE - 1)).min(MAX_BATCH_TIME);
        waiters.wait_for_change().await;
    }
}

impl Waiters {
    /// Returns whether a change needs to be announced.
    pub(super) fn are_present(&self) -> bool {
        // A waiter arrives before it first locks the journal, and a change is made under the same lock.
        self.state.load(Ordering::Relaxed) != UNUSED
    }

    /// Announces a change.
    pub(super) fn notify(&self) {
        let (state, order) = (&self.state, Ordering::AcqRel);
        let notified = state.compare_exchange(IDLE, NOTIFIED, order, Ordering::Relaxed);
        if notified.is_ok() {
            self.changed.notify_one();
        }
    }

    /// Announces that requests are being dropped. The waiters look at the journal at once if they have not seen half of
    /// its `kept` requests, the newest of which is `last`.
    pub(super) fn notify_of_eviction(&self, last: u64, kept: usize) {
        let unseen = last.saturating_sub(self.seen.load(Ordering::Relaxed));
        if unseen.saturating_mul(2) >= kept as u64 {
            self.urgent.notify_one();
        }
    }

    async fn wait_for_change(&self) {
        while self.state.load(Ordering::Acquire) == IDLE && !self.list.lock().by_id.is_empty() {
            self.changed.notified().await;
        }
    }

    /// Waits for more changes, unless requests are being dropped.
    async fn gather_changes(&self, next: Instant) {
        let next = next.max(Instant::now() + BATCH_TIME);
        tokio::select! {
            () = sleep_until(next) => {}
            () = self.urgent.notified() => {}
        }
    }

    /// Returns the id of the last waiter, or `None` if there is none and the task ends.
    fn begin_pass(&self) -> Option<u64> {
        let mut list = self.list.lock();
        list.has_task = !list.by_id.is_empty();
        let state = if list.has_task { IDLE } else { UNUSED };
        self.state.store(state, Ordering::Release);
        list.has_task.then_some(list.last)
    }

    /// Ends the waits whose conditions are met, up to the waiter with the id `last`. Returns the time that this took.
    async fn look_at(&self, view: &Arc<View>, last: u64) -> Duration {
        let mut time = Duration::ZERO;
        let mut next = Some(0);
        while let Some(first) = next {
            let start = Instant::now();
            let (met, unfinished) = self.take_met(view, first..=last);
            for waiter in met {
                // The waiter may have just given up.
                let _ = waiter.result.send(Arc::clone(view));
            }
            next = unfinished;
            time += start.elapsed();
            yield_now().await;
        }
        time
    }

    /// Removes waiters whose conditions are met. Returns them, and the id to continue from if it took too long.
    fn take_met(&self, view: &View, ids: RangeInclusive<u64>) -> (Vec<Waiter>, Option<u64>) {
        let start = Instant::now();
        let mut met = Vec::new();
        let mut unfinished = None;
        let mut list = self.list.lock();
        for (index, (id, waiter)) in list.by_id.range_mut(ids).enumerate() {
            if index % SLICE_STEP == SLICE_STEP - 1 && start.elapsed() > MAX_SLICE {
                unfinished = Some(*id);
                break;
            }
            if waiter.condition.is_met(view) {
                met.push(*id);
            }
        }
        let met = met.iter().filter_map(|id| list.by_id.remove(id)).collect();
        (met, unfinished)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use axum::http::{Method, StatusCode};

    use super::*;
    use crate::journal::{
        Budget, RequestPattern,
        tests::{record, respond_with},
        verify,
    };

    /// Is never met, and counts the calls.
    #[derive(Debug)]
    struct Calls(Arc<AtomicU32>);

    impl Condition for Calls {
        fn is_met(&mut self, _: &View) -> bool {
            self.0.fetch_add(1, Ordering::Relaxed);
            false
        }
    }

    #[tokio::test]
    async fn changes_in_quick_succession_are_looked_at_together() {
        let journal = Journal::new(&Budget::new(10_000));
        let calls = Arc::new(AtomicU32::new(0));
        let end = Instant::now() + Duration::from_secs(60);
        let waiting = journal.wait_until(Calls(Arc::clone(&calls)), Some(end));
        let start = Instant::now();
        tokio::select! {
            _ = waiting => panic!("the condition is never met"),
            () = async {
                for _ in 0..5_000 {
                    record(&journal, &Method::GET, "/", "");
                    yield_now().await;
                }
            } => {}
        }
        let batches = start.elapsed().as_micros() / BATCH_TIME.as_micros();
        let calls = calls.load(Ordering::Relaxed);
        assert!(u128::from(calls) <= batches + 2, "{calls} in {batches}");
    }

    #[tokio::test]
    async fn waiters_see_a_request_before_it_is_dropped() {
        let journal = Journal::new(&Budget::new(4));
        let post = RequestPattern::post("x").within(Duration::from_secs(60));
        let (found, ()) = tokio::join!(verify(&journal, &post), async {
            // The first look at the journal is over.
            while journal.waiters.state.load(Ordering::Relaxed) != IDLE {
                yield_now().await;
            }
            for method in [Method::GET, Method::POST]
                .into_iter()
                .chain([Method::GET; 60])
            {
                record(&journal, &method, "/vmrest/x", "");
                yield_now().await;
                yield_now().await;
            }
        });
        assert_eq!(found.ok(), Some(1));
    }

    #[tokio::test]
    async fn many_waiters_end_with_the_same_request() {
        let journal = Journal::new(&Budget::new(10));
        let waiting: Vec<_> = (0..500)
            .map(|_| {
                let journal = Arc::clone(&journal);
                let verification = RequestPattern::get("x").within(Duration::from_secs(60));
                tokio::spawn(async move { verify(&journal, &verification).await.ok() })
            })
            .collect();
        while journal.waiters.list.lock().by_id.len() < waiting.len() {
            yield_now().await;
        }
        record(&journal, &Method::GET, "/vmrest/y", "");
        journal.clear();
        record(&journal, &Method::GET, "/vmrest/x", "");
        for found in waiting {
            assert_eq!(found.await.unwrap(), Some(1));
        }
    }

    #[tokio::test]
    async fn an_exact_number_counts_as_soon_as_it_is_reached() {
        let journal = Journal::new(&Budget::new(10));
        let get = RequestPattern::get("x").exactly(3);
        let waiting = get.clone().within(Duration::from_secs(60));
        let (found, ()) = tokio::join!(verify(&journal, &waiting), async {
            for _ in 0..5 {
                record(&journal, &Method::GET, "/vmrest/x", "");
            }
        });
        assert_eq!(found.ok(), Some(3));
        let later = verify(&journal, &waiting).await.unwrap_err();
        assert_eq!(later.found(), 5, "they had arrived before");
        let waiting = RequestPattern::any()
            .status(200)
            .exactly(3)
            .within(Duration::from_secs(60));
        let (found, ()) = tokio::join!(verify(&journal, &waiting), async {
            for entry in &journal.view().entries {
                respond_with(&journal, entry, Some(StatusCode::OK));
            }
        });
        assert_eq!(found.ok(), Some(3));
    }

    #[tokio::test]
    async fn without_a_waiter_no_task_looks_at_the_journal() {
        let journal = Journal::new(&Budget::new(10));
        assert!(!journal.waiters.are_present());
        let waiting = RequestPattern::any().within(Duration::from_secs(60));
        tokio::select! {
            biased;
            _ = verify(&journal, &waiting) => panic!("there is no request"),
            () = yield_now() => assert!(journal.waiters.are_present()),
        }
        while journal.waiters.are_present() {
            yield_now().await;
        }
        assert_eq!(Arc::strong_count(&journal), 1);
        record(&journal, &Method::GET, "/", "");
        assert_eq!(verify(&journal, &waiting).await.ok(), Some(1));
    }
}
