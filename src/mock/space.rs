//! The handle of a space.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use jiff::{SignedDuration, Timestamp};

use super::{Service, Tenant};
use crate::{
    engine::{Mode, OutOfRange, load::Diagnostic, parse_time},
    space::{self, Coverage, SeedObject},
};

/// An isolated world inside one server: its store, journal, faults, clock and snapshots.
///
/// A [`CucMock`](crate::CucMock) is its own default space; [`CucMock::space`](crate::CucMock::space) gives
/// others, so that many tests can share one server. A client works in the space whose name it signs in with.
///
/// ```
/// let mock = cuc_mock::CucMock::start_blocking();
/// mock.snapshot("before");
/// // … what the test does …
/// mock.restore("before");
/// mock.reset();
/// ```
#[derive(Clone)]
pub struct Space {
    pub(super) inner: Arc<space::Space>,
}

/// Without what is in it, which may be much, and secret.
impl fmt::Debug for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Space")
            .field("name", &self.name())
            .field("seed", &self.seed())
            .finish_non_exhaustive()
    }
}

impl Space {
    pub(super) fn new(inner: Arc<space::Space>) -> Self {
        Self { inner }
    }

    /// The name of the space, in lower case.
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// The seed of everything random in the space.
    pub fn seed(&self) -> u64 {
        self.inner.seed
    }

    /// Goes back to the start: the store to the seed, the journal emptied, faults ended, the clock and
    /// everything random from their beginning. Sessions, snapshots and coverage stay.
    pub fn reset(&self) {
        self.inner.reset();
    }

    /// Keeps the store as it is now under `name`, in place of what was kept there. However many records there
    /// are, this takes the same time.
    ///
    /// # Panics
    ///
    /// When a thousand snapshots are kept already.
    #[track_caller]
    pub fn snapshot(&self, name: &str) {
        if let Err(refused) = self.inner.snapshot(name) {
            panic!("cannot take the snapshot {name:?}: {refused}");
        }
    }

    /// Puts the store back that was kept under `name`, between two requests.
    ///
    /// # Panics
    ///
    /// When nothing was kept under that name.
    #[track_caller]
    pub fn restore(&self, name: &str) {
        if !self.inner.restore(name) {
            let kept = self.inner.snapshots.names();
            panic!("there is no snapshot {name:?}, expected one of {kept:?}");
        }
    }

    /// Forgets the snapshot of this name; tells whether there was one.
    pub fn delete_snapshot(&self, name: &str) -> bool {
        self.inner.snapshots.remove(name)
    }

    /// The names of the snapshots, in alphabetical order.
    pub fn snapshots(&self) -> Vec<String> {
        self.inner.snapshots.names()
    }

    /// Every record as fixture XML, secrets included: what
    /// [`fixtures`](crate::CucMockBuilder::fixtures) and [`Space::set_state`] load to the same.
    pub fn state(&self) -> String {
        String::from_utf8(self.inner.state()).expect("what is written here is UTF-8")
    }

    /// Puts the records of a fixture in place of those that are there.
    ///
    /// # Panics
    ///
    /// When the fixture has mistakes, which it lists; then nothing is changed. [`Space::try_set_state`] tells
    /// instead.
    #[track_caller]
    pub fn set_state(&self, xml: &str) {
        if let Err(mistakes) = self.try_set_state(xml) {
            let lines: Vec<_> = mistakes.iter().map(Diagnostic::to_string).collect();
            panic!("the state has mistakes\n{}", lines.join("\n"));
        }
    }

    /// As [`Space::set_state`].
    ///
    /// # Errors
    ///
    /// When the fixture has mistakes; then nothing is changed.
    pub fn try_set_state(&self, xml: &str) -> Result<(), Vec<Diagnostic>> {
        self.inner.set_state(xml)
    }

    /// Adds a service to the store; tells its id.
    ///
    /// # Panics
    ///
    /// When the rules of the API refuse it.
    #[track_caller]
    pub fn add_service(&self, Service(service): Service) -> String {
        self.add(&service)
    }

    /// Adds a tenant to the store; tells its id.
    ///
    /// # Panics
    ///
    /// When the rules of the API refuse it.
    #[track_caller]
    pub fn add_tenant(&self, Tenant(tenant): Tenant) -> String {
        self.add(&tenant)
    }

    #[track_caller]
    fn add(&self, object: &SeedObject) -> String {
        match object.add_to(&self.inner.records) {
            Ok(id) => id,
            Err(error) => panic!("cannot add it: {}", error.message),
        }
    }

    /// Which of what the server offers was touched in this space.
    pub fn coverage(&self) -> Coverage {
        Coverage::new(self.inner.release(), [&self.inner.coverage])
    }

    /// What the clock tells.
    pub fn now(&self) -> SystemTime {
        // A clock tells no time before 1970.
        UNIX_EPOCH + self.inner.records.clock.now().as_duration().unsigned_abs()
    }

    /// Freezes the clock at a time such as `2026-01-31T12:00:00Z`.
    ///
    /// # Panics
    ///
    /// When it is not such a time between the years 1970 and 9999.
    #[track_caller]
    pub fn freeze_clock(&self, time: &str) {
        self.set_clock(Mode::frozen(parsed(time)));
    }

    /// Lets the clock run on from a time such as `2026-01-31T12:00:00Z`.
    ///
    /// # Panics
    ///
    /// When it is not such a time between the years 1970 and 9999.
    #[track_caller]
    pub fn offset_clock(&self, time: &str) {
        self.set_clock(Mode::running_from(parsed(time)));
    }

    /// Lets the clock tell the real time.
    pub fn real_clock(&self) {
        self.inner.records.clock.set(Mode::Real);
    }

    /// Moves the clock on; a frozen one stays frozen.
    ///
    /// # Panics
    ///
    /// When it would leave the year 9999 behind.
    #[track_caller]
    pub fn advance_clock(&self, by: Duration) {
        let by = SignedDuration::try_from(by).map_err(|_| OutOfRange);
        if let Err(error) = by.and_then(|by| self.inner.records.clock.advance(by)) {
            panic!("the clock cannot be moved so far: {error}");
        }
    }

    #[track_caller]
    fn set_clock(&self, mode: Result<Mode, OutOfRange>) {
        match mode {
            Ok(mode) => self.inner.records.clock.set(mode),
            Err(error) => panic!("the clock cannot be set so: {error}"),
        }
    }
}

#[track_caller]
pub(super) fn parsed(time: &str) -> Timestamp {
    match parse_time(time) {
        Ok(time) => time,
        Err(error) => panic!("{error}"),
    }
}
