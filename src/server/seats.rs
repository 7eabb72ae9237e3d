//! Who is connected, and who has to leave when there is no room for one more.

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

use crate::http::{Line, Seldom};

/// How many connections there may be beside those that are allowed, each for one request: the control plane is
/// reached by them, and others are refused in words.
pub(super) const SURPLUS: usize = 16;
/// How long a connection must have been without a request before it has to leave.
const QUIET: Duration = Duration::from_secs(1);

/// The connections of one server.
#[derive(Debug)]
pub(super) struct Seats {
    most: usize,
    began: Instant,
    taken: Mutex<Taken>,
    left_out: Seldom,
}

#[derive(Debug, Default)]
struct Taken {
    last: u64,
    /// In the order of arrival.
    seats: BTreeMap<u64, Arc<Seat>>,
}

/// A connection, as its neighbours see it.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) line: Arc<Line>,
    /// When it last had a request, or was taken, in milliseconds since the server began.
    active: AtomicU64,
    has_to_leave: AtomicBool,
    leave: Notify,
}

/// The seat of one connection, until it is dropped.
#[derive(Debug)]
pub(super) struct OwnSeat {
    seats: Arc<Seats>,
    number: u64,
    pub(super) seat: Arc<Seat>,
}

impl Seats {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self {
            most,
            began: Instant::now(),
            taken: Mutex::default(),
            left_out: Seldom::new(),
        })
    }

    /// A seat for one more connection. When all are taken, the connection that has been without a request longest
    /// leaves; when none can, it is a surplus one; and when there are too many of these there is none.
    pub(super) fn take(self: &Arc<Self>, stop: &watch::Receiver<()>) -> Option<OwnSeat> {
        let mut taken = self.taken.lock();
        let mut is_surplus = false;
        if taken.seats.len() >= self.most {
            let staying = taken.staying();
            is_surplus = staying >= self.most && !self.dismiss(&taken);
            if is_surplus && staying >= self.most + SURPLUS {
                drop(taken);
                if let Some(before) = self.left_out.next() {
                    warn!(before, "too many connections: one was hung up on");
                }
                return None;
            }
        }
        taken.last += 1;
        let number = taken.last;
        let seat = Arc::new(Seat {
            line: Line::new(stop.clone(), is_surplus),
            active: AtomicU64::new(self.now()),
            has_to_leave: AtomicBool::new(false),
            leave: Notify::new(),
        });
        taken.seats.insert(number, Arc::clone(&seat));
        let seats = Arc::clone(self);
        Some(OwnSeat {
            seats,
            number,
            seat,
        })
    }

    /// Tells the connection that has been without a request longest to leave, if there is one.
    pub(super) fn make_room(&self) -> bool {
        self.dismiss(&self.taken.lock())
    }

    fn dismiss(&self, taken: &Taken) -> bool {
        // No connection can have been idle that long yet.
        let Some(quiet) = self.now().checked_sub(millis(QUIET)) else {
            return false;
        };
        let seats = taken.seats.values();
        let can_leave = seats.filter(|seat| {
            !seat.has_to_leave.load(Relaxed)
                && !seat.line.pace.is_busy()
                && seat.active.load(Relaxed) <= quiet
        });
        let Some(longest) = can_leave.min_by_key(|seat| seat.active.load(Relaxed)) else {
            return false;
        };
        longest.has_to_leave.store(true, Relaxed);
        longest.leave.notify_one();
        true
    }

    /// How many requests have arrived as a whole and are not answered.
    pub(super) fn busy(&self) -> usize {
        let taken = self.taken.lock();
        let seats = taken.seats.values();
        seats.filter(|seat| seat.line.pace.is_busy()).count()
    }

    fn now(&self) -> u64 {
        millis(self.began.elapsed())
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl Taken {
    fn staying(&self) -> usize {
        let seats = self.seats.values();
        seats
            .filter(|seat| !seat.has_to_leave.load(Relaxed))
            .count()
    }
}

impl Seat {
    /// Waits until the connection has to leave.
    pub(super) async fn told_to_leave(&self) {
        self.leave.notified().await;
    }
}

impl OwnSeat {
    /// Notes that the connection had a request.
    pub(super) fn is_active(&self) {
        self.seat.active.store(self.seats.now(), Relaxed);
    }
}

impl Drop for OwnSeat {
    fn drop(&mut self) {
        self.seats.taken.lock().seats.remove(&self.number);
    }
}
