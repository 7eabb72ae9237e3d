//! The identities of resources.

/// The identity of a resource in its catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ResourceId(u16);

impl ResourceId {
    pub(super) fn new(index: usize) -> Self {
        Self(u16::try_from(index).expect("a catalogue has at most 65,536 resources"))
    }

    /// Returns the position of the resource in the catalogue.
    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }
}
