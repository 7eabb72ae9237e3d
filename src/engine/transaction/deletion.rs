//! The effects of deleting a record.

use std::collections::BTreeSet;

use super::dependents::{children, references};
use crate::{
    engine::Error,
    schema::{OnDelete, Resource, ResourceId},
    store::{Ordinal, Store},
};

/// The effects of deleting a record.
#[derive(Default)]
pub(super) struct Deletion {
    /// The records to delete.
    pub(super) deleted: BTreeSet<(ResourceId, Ordinal)>,
    /// The records that lose a reference, each with the position of its field.
    pub(super) cleared: Vec<(ResourceId, Ordinal, usize)>,
}

impl Deletion {
    /// Determines the effects of deleting a record.
    pub(super) fn plan(
        store: &Store,
        resource: &Resource,
        ordinal: Ordinal,
    ) -> Result<Self, Error> {
        let catalogue = store.catalogue();
        let mut deletion = Self::default();
        let mut refusals = Vec::new();
        let mut open = vec![(resource.id, ordinal)];
        while let Some((id, ordinal)) = open.pop() {
            let Some(record) = store.collection(id).record(ordinal) else {
                continue;
            };
            if !deletion.deleted.insert((id, ordinal)) {
                continue;
            }
            let resource = &catalogue[id];
            for (other, ordinal, position) in references(store, resource, record) {
                let reference = catalogue[other].fields[position].reference.as_ref();
                match reference.map(|reference| reference.on_delete) {
                    Some(OnDelete::Cascade) => open.push((other, ordinal)),
                    Some(OnDelete::Clear) => deletion.cleared.push((other, ordinal, position)),
                    Some(OnDelete::Refuse) => refusals.push((id, other, ordinal, position)),
                    None => {}
                }
            }
            let children = children(store, resource, record).into_iter();
            // A reference in the path has an effect of its own.
            open.extend(children.filter(|(child, _)| !catalogue[*child].has_reference_to_parent()));
        }
        let mut refusals = refusals.into_iter();
        // A record that is deleted, too, refuses nothing.
        let refusal =
            refusals.find(|(_, other, ordinal, _)| !deletion.deleted.contains(&(*other, *ordinal)));
        match refusal {
            Some((id, other, _, position)) => {
                let referrer = &catalogue[other];
                Err(Error::still_referenced(&catalogue[id], referrer, position))
            }
            None => Ok(deletion),
        }
    }
}
