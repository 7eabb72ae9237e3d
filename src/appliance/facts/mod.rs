//! The facts behind the responses of this server, as the pages of `docs/fidelity` list them.

mod key;

pub(crate) use key::{FactKey, FieldRule};
