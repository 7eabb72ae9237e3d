//! The difference between the records of a space and an earlier or another state.

use super::Space;
use crate::space::{Difference, compare};

/// The state to which [`Space::diff`] compares the records of a space.
///
/// A text is the name of a snapshot, and a reference to a space that space.
#[derive(Clone, Copy, Debug)]
pub enum Baseline<'b> {
    /// The state that a reset restores.
    Seed,
    /// The snapshot of this name.
    Snapshot(&'b str),
    /// The current state of another space.
    Space(&'b Space),
}

impl<'b> From<&'b str> for Baseline<'b> {
    fn from(name: &'b str) -> Self {
        Self::Snapshot(name)
    }
}

impl<'b> From<&'b Space> for Baseline<'b> {
    fn from(space: &'b Space) -> Self {
        Self::Space(space)
    }
}

impl Space {
    /// Returns the difference between a state and the current records, object by object and field by field.
    ///
    /// ```
    /// use cuc_mock::{Baseline, CucMock};
    ///
    /// let mock = CucMock::start_blocking();
    /// mock.snapshot("before");
    /// # let tenants = format!("http://admin:secret@{}/vmrest/tenants", mock.address());
    /// # let xml = "<Tenant><Alias>acme</Alias><SmtpDomain>acme.example.com</SmtpDomain></Tenant>";
    /// # ureq::post(&tenants).content_type("application/xml").send(xml).unwrap();
    /// // … the code under test adds a tenant …
    /// let difference = mock.diff("before");
    /// let mut objects = difference.objects().iter();
    /// let tenant = objects.find(|object| object.resource() == "tenants");
    /// assert_eq!(tenant.unwrap().name(), Some("acme"), "{difference}");
    /// assert_eq!(difference.deleted(), 0, "{difference}");
    ///
    /// mock.reset();
    /// assert!(mock.diff(Baseline::Seed).is_empty());
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if there is no snapshot of that name.
    #[track_caller]
    pub fn diff<'b>(&self, from: impl Into<Baseline<'b>>) -> Difference {
        let before = match from.into() {
            Baseline::Seed => self.inner.seed_store(),
            Baseline::Space(space) => space.inner.records.read(),
            Baseline::Snapshot(name) => match self.inner.snapshots.get(name) {
                Some(store) => store,
                None => {
                    let names = self.inner.snapshots.names();
                    panic!("there is no snapshot {name:?}, expected one of {names:?}")
                }
            },
        };
        compare(&before, &self.inner.records.read(), usize::MAX)
    }
}
