//! The handle of a space.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};

use super::{
    objects::{Service, Tenant},
    panic_report,
};
use crate::{
    engine::{
        Mode, OutOfRange,
        load::{Diagnostics, Progress},
        parse_time,
    },
    space::{self, Coverage, SeedObject},
};

/// An isolated environment inside one server: a store, a journal, faults, a clock and snapshots.
///
/// A [`CucMock`](crate::CucMock) dereferences to its default space; [`CucMock::space`](crate::CucMock::space) returns
/// others, so that many tests can share one server. A client works in the space that has the name of its user.
/// Clones are handles to the same space.
///
/// ```
/// let mock = cuc_mock::CucMock::start_blocking();
/// mock.snapshot("before");
/// // … the requests of the test …
/// mock.restore("before");
/// mock.reset();
/// ```
///
/// If a test panics with a handle that [`CucMock::space`](crate::CucMock::space) returned, the last requests to the
/// space are printed to stderr.
pub struct Space {
    pub(super) inner: Arc<space::Space>,
    /// True if the requests are printed when a panic drops this handle.
    has_report: bool,
}

/// Returns another handle of the same space, which prints no requests.
impl Clone for Space {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.inner))
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        if self.has_report {
            panic_report::print(std::slice::from_ref(&self.inner), self.seed());
        }
    }
}

/// Omits the contents, which may be large and secret.
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
        Self {
            inner,
            has_report: false,
        }
    }

    /// Returns a handle that prints the last requests when a panic drops it.
    pub(super) fn with_report(inner: Arc<space::Space>) -> Self {
        Self {
            inner,
            has_report: true,
        }
    }

    /// Returns the current store.
    #[cfg(test)]
    pub(crate) fn store(&self) -> Arc<crate::store::Store> {
        self.inner.records.read()
    }

    /// Returns the name of the space, in lower case.
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// Returns the seed of all random values in the space.
    pub fn seed(&self) -> u64 {
        self.inner.seed
    }

    /// Resets the space: restores the seed, empties the journal, ends all faults, and restarts the clock and the
    /// random values. Sessions, snapshots and coverage are kept.
    pub fn reset(&self) {
        self.inner.reset();
    }

    /// Saves the current store under `name`, and replaces an earlier snapshot of that name. It takes constant time,
    /// whatever the number of records.
    ///
    /// # Panics
    ///
    /// Panics if there are already 1,000 snapshots.
    #[track_caller]
    pub fn snapshot(&self, name: &str) {
        if let Err(error) = self.inner.snapshot(name) {
            panic!("cannot take the snapshot {name:?}: {error}");
        }
    }

    /// Restores the store that was saved under `name`. The change is atomic: each request sees the store either
    /// before or after it.
    ///
    /// # Panics
    ///
    /// Panics if there is no snapshot of that name.
    #[track_caller]
    pub fn restore(&self, name: &str) {
        if !self.inner.restore(name) {
            let names = self.inner.snapshots.names();
            panic!("there is no snapshot {name:?}, expected one of {names:?}");
        }
    }

    /// Deletes a snapshot. Returns false if there is none of that name.
    pub fn delete_snapshot(&self, name: &str) -> bool {
        self.inner.snapshots.remove(name)
    }

    /// Returns the names of all snapshots, in alphabetical order.
    pub fn snapshot_names(&self) -> Vec<String> {
        self.inner.snapshots.names()
    }

    /// Returns all records as fixture XML, including passwords. [`Space::set_state`] and
    /// [`CucMockBuilder::fixtures`](crate::CucMockBuilder::fixtures) read this format.
    pub fn state(&self) -> String {
        String::from_utf8(self.inner.state().into_document()).expect("the export is UTF-8")
    }

    /// Replaces all records with those of a fixture.
    ///
    /// # Panics
    ///
    /// Panics if the fixture has errors, and lists them. Nothing changes in that case. [`Space::try_set_state`]
    /// returns them instead.
    #[track_caller]
    pub fn set_state(&self, xml: &str) {
        if let Err(diagnostics) = self.try_set_state(xml) {
            panic!("the state has errors\n{diagnostics}");
        }
    }

    /// Replaces all records with those of a fixture.
    ///
    /// # Errors
    ///
    /// Returns the errors of the fixture. Nothing changes in that case.
    pub fn try_set_state(&self, xml: &str) -> Result<(), Diagnostics> {
        let document = Bytes::copy_from_slice(xml.as_bytes());
        let max = document.len();
        self.inner
            .set_state(document, Some("utf-8"), max, &Progress::default())
    }

    /// Adds a service to the store. Returns its `ObjectId`.
    ///
    /// # Panics
    ///
    /// Panics if the rules of the API reject it.
    #[track_caller]
    pub fn add_service(&self, Service(service): Service) -> String {
        self.add(&service)
    }

    /// Adds a tenant to the store. Returns its `ObjectId`.
    ///
    /// # Panics
    ///
    /// Panics if the rules of the API reject it.
    #[track_caller]
    pub fn add_tenant(&self, Tenant(tenant): Tenant) -> String {
        self.add(&tenant)
    }

    #[track_caller]
    fn add(&self, object: &SeedObject) -> String {
        match object.add_to(&self.inner.records) {
            Ok(id) => id,
            Err(error) => panic!("cannot add the object: {}", error.message),
        }
    }

    /// Returns the share of the served API that requests to this space have used.
    pub fn coverage(&self) -> Coverage {
        Coverage::new(&self.inner.coverage, [])
    }

    /// Returns the time of the space's clock.
    pub fn now(&self) -> SystemTime {
        // The clock is never before 1970.
        UNIX_EPOCH + self.inner.records.clock.now().as_duration().unsigned_abs()
    }

    /// Freezes the clock at an RFC 3339 time, for example `2026-01-31T12:00:00Z`.
    ///
    /// # Panics
    ///
    /// Panics if `time` is not such a time, or is not in the years 1970 to 9999.
    #[track_caller]
    pub fn freeze_clock(&self, time: &str) {
        self.apply(Mode::frozen(parsed(time)));
    }

    /// Sets the clock to an RFC 3339 time, for example `2026-01-31T12:00:00Z`. It runs on from there.
    ///
    /// # Panics
    ///
    /// Panics if `time` is not such a time, or is not in the years 1970 to 9999.
    #[track_caller]
    pub fn set_clock(&self, time: &str) {
        self.apply(Mode::running_from(parsed(time)));
    }

    /// Returns the clock to the real time.
    pub fn use_real_clock(&self) {
        self.inner.records.clock.set(Mode::Real);
    }

    /// Moves the clock forward. A frozen clock stays frozen.
    ///
    /// # Panics
    ///
    /// Panics if the time would be after the year 9999.
    #[track_caller]
    pub fn advance_clock(&self, by: Duration) {
        let by = SignedDuration::try_from(by).map_err(|_| OutOfRange);
        if let Err(error) = by.and_then(|by| self.inner.records.clock.advance(by)) {
            panic!("cannot advance the clock: {error}");
        }
    }

    #[track_caller]
    fn apply(&self, mode: Result<Mode, OutOfRange>) {
        match mode {
            Ok(mode) => self.inner.records.clock.set(mode),
            Err(error) => panic!("cannot set the clock: {error}"),
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
