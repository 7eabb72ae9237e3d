//! The pages of `docs/fidelity`, which are written from the descriptions.
//!
//! Tests check that the pages, their index and the list of served resources match the descriptions. After a change of a
//! description, run `UPDATE_EXPECT=1 cargo test fidelity` to generate them again.

mod field;
mod page;
mod row;
#[cfg(test)]
mod served;
#[cfg(test)]
mod subject;
#[cfg(test)]
mod tests;

use super::{BEHAVIOURS, embedded_descriptions};
use crate::schema::Description;

#[cfg(feature = "appliance")]
pub(crate) use page::PageRow;
pub(crate) use page::page;
pub(crate) use row::RowSubject;

/// Returns the name of the files of a resource: its path, without the parameters.
pub(crate) fn file_name(description: &Description) -> String {
    let segments = description.path.split('/');
    let names: Vec<_> = segments
        .filter(|segment| !segment.starts_with('{'))
        .collect();
    names.join("/")
}
