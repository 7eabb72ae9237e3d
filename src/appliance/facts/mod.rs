//! The facts behind the responses of this server, as the pages of `docs/fidelity` list them.

mod fact_row;
mod key;

pub(crate) use fact_row::FactRow;
pub(crate) use key::{FactKey, FieldRule};
