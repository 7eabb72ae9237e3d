//! The rules of a comparison.

use super::shown::Shown;
use crate::{appliance::drift::Ignored, schema::Catalogue};

/// The rules by which responses are compared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Comparison<'c> {
    /// The resources of this server, for the kinds of fields and the names of secrets.
    pub(crate) catalogue: &'c Catalogue,
    pub(crate) ignored: &'c Ignored,
    /// The secrets that requests contain. No finding shows them.
    pub(crate) secrets: &'c [String],
}

impl<'c> Comparison<'c> {
    pub(super) fn shown(&self) -> Shown<'c> {
        Shown {
            secrets: self.secrets,
        }
    }
}
