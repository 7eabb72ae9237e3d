//! The facts behind the responses of this server, as the pages of `docs/fidelity` list them.

mod error_table;
mod fact_index;
mod fact_row;
mod key;
pub(crate) mod protocol;

pub(crate) use crate::schema::FieldRule;
pub(crate) use fact_index::FactIndex;
pub(crate) use fact_row::FactRow;
pub(crate) use key::FactKey;
