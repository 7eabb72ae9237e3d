//! The content of a server.

use std::sync::Arc;

use super::{CapturedKind, CapturedSchema, ServerVersion};
use crate::{engine::load::Fixture, schema::Catalogue};

/// The content of a server.
#[derive(Debug)]
pub(crate) struct Capture {
    pub(crate) version: ServerVersion,
    /// The resources that the objects were read with.
    pub(crate) catalogue: Arc<Catalogue>,
    /// The descriptions of the user.
    pub(crate) descriptions: Vec<Fixture>,
    pub(crate) kinds: Vec<CapturedKind>,
    pub(crate) schemas: Vec<CapturedSchema>,
    /// The parts that could not be read, and the reasons.
    pub(crate) warnings: Vec<String>,
}
