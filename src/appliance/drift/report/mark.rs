//! The marks of facts after a comparison.

use crate::{appliance::facts::FactRow, schema::Provenance};

/// Returns the mark of a fact that a real server has refuted.
pub(super) fn refuted(row: &FactRow) -> String {
    format!("{}, now refuted", row.provenance)
}

/// Returns the mark of a fact that a real server has confirmed.
pub(super) fn confirmed(row: &FactRow) -> String {
    match row.provenance {
        Provenance::Captured => "captured, and confirmed".to_owned(),
        provenance => format!("{provenance}, now captured"),
    }
}

/// Returns the place of a fact.
pub(super) fn place(row: &FactRow) -> String {
    format!("{}:{}", row.page, row.line)
}

/// Returns a line with the place, the mark and the fact.
pub(super) fn line(row: &FactRow, mark: &str) -> String {
    format!("{}: {mark}: {}", place(row), row.behaviour)
}
