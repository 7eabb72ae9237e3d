//! The maximum number of records.

/// The maximum number of records in a store, of all resources together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MaxRecords(pub(crate) usize);

impl MaxRecords {
    pub(crate) const DEFAULT: Self = Self(2_000_000);
}

impl Default for MaxRecords {
    fn default() -> Self {
        Self::DEFAULT
    }
}
