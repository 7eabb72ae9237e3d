//! Limits the number of connections; evicts the longest idle one when all slots are in use.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use tokio::sync::{Notify, watch};
use tracing::warn;

use super::log_rate_limit::LogRateLimit;
use crate::connection::ConnectionHandle;

/// The number of connections beyond the limit, each for one request: they reach the control plane, and get a 503 from
/// the API.
const MAX_SURPLUS: usize = 16;
/// The time without a request after which a connection may be evicted.
const MIN_IDLE_TIME: Duration = Duration::from_secs(1);

/// The slots of one server's connections.
#[derive(Debug)]
pub(super) struct ConnectionSlots {
    max: usize,
    started: Instant,
    slots: Mutex<Slots>,
    rejection_log: LogRateLimit,
}

#[derive(Debug, Default)]
struct Slots {
    last_id: u64,
    /// By id, which is the order of arrival.
    by_id: BTreeMap<u64, Arc<Slot>>,
}

/// The slot of a connection, as other connections see it.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) connection: Arc<ConnectionHandle>,
    /// The time of its last request, or of its arrival, in milliseconds since the server started.
    last_active: AtomicU64,
    is_evicted: AtomicBool,
    eviction: Notify,
}

/// Holds a connection's slot until it is dropped.
#[derive(Debug)]
pub(super) struct SlotGuard {
    owner: Arc<ConnectionSlots>,
    id: u64,
    pub(super) slot: Arc<Slot>,
}

impl ConnectionSlots {
    pub(super) fn new(max: usize) -> Arc<Self> {
        Arc::new(Self {
            max,
            started: Instant::now(),
            slots: Mutex::default(),
            rejection_log: LogRateLimit::new(),
        })
    }

    /// Returns a slot for a new connection. If all are in use, evicts the longest idle connection. If none is idle,
    /// the new connection is a surplus one, unless there are too many of these.
    pub(super) fn acquire(self: &Arc<Self>, shutdown: &watch::Receiver<()>) -> Option<SlotGuard> {
        let mut slots = self.slots.lock();
        let mut is_surplus = false;
        if slots.by_id.len() >= self.max {
            let staying = slots.staying();
            is_surplus = staying >= self.max && !self.evict_from(&slots);
            if is_surplus && staying >= self.max + MAX_SURPLUS {
                drop(slots);
                if let Some(suppressed) = self.rejection_log.allow() {
                    warn!(suppressed, "too many connections: closed a new one");
                }
                return None;
            }
        }
        slots.last_id += 1;
        let id = slots.last_id;
        let slot = Arc::new(Slot {
            connection: ConnectionHandle::new(shutdown.clone(), is_surplus),
            last_active: AtomicU64::new(self.now()),
            is_evicted: AtomicBool::new(false),
            eviction: Notify::new(),
        });
        slots.by_id.insert(id, Arc::clone(&slot));
        let owner = Arc::clone(self);
        Some(SlotGuard { owner, id, slot })
    }

    /// Evicts the longest idle connection. Returns false if there is none.
    pub(super) fn evict(&self) -> bool {
        self.evict_from(&self.slots.lock())
    }

    fn evict_from(&self, slots: &Slots) -> bool {
        // In the server's first second, no connection has been idle long enough.
        let Some(idle_since) = self.now().checked_sub(millis(MIN_IDLE_TIME)) else {
            return false;
        };
        let idle = slots.by_id.values().filter(|slot| {
            !slot.is_evicted.load(Relaxed)
                && !slot.connection.activity.is_busy()
                && slot.last_active.load(Relaxed) <= idle_since
        });
        let Some(longest_idle) = idle.min_by_key(|slot| slot.last_active.load(Relaxed)) else {
            return false;
        };
        longest_idle.is_evicted.store(true, Relaxed);
        longest_idle.eviction.notify_one();
        true
    }

    /// Returns the number of requests that have arrived completely, but have no response yet.
    pub(super) fn busy(&self) -> usize {
        let slots = self.slots.lock();
        let busy = slots.by_id.values();
        busy.filter(|slot| slot.connection.activity.is_busy())
            .count()
    }

    fn now(&self) -> u64 {
        millis(self.started.elapsed())
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl Slots {
    /// Returns the number of connections that are not about to close.
    fn staying(&self) -> usize {
        let slots = self.by_id.values();
        slots.filter(|slot| !slot.is_evicted.load(Relaxed)).count()
    }
}

impl Slot {
    /// Waits until the connection is evicted.
    pub(super) async fn evicted(&self) {
        self.eviction.notified().await;
    }
}

impl SlotGuard {
    /// Records that the connection had a request.
    pub(super) fn record_request(&self) {
        self.slot.last_active.store(self.owner.now(), Relaxed);
    }
}

impl Drop for SlotGuard {
    fn drop(&mut self) {
        self.owner.slots.lock().by_id.remove(&self.id);
    }
}
