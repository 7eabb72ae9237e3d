//! The effects of deleting a record.

use std::collections::BTreeSet;

use super::dependents::{Referrer, children, references};
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
    pub(super) cleared: BTreeSet<(ResourceId, Ordinal, usize)>,
}

/// A record that is deleted, or loses the value of a field.
struct Loss {
    resource: ResourceId,
    ordinal: Ordinal,
    /// The position of the field, unless the record is deleted.
    field: Option<usize>,
    /// True if the record is below another one that is deleted.
    is_below: bool,
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
        let mut open = vec![Loss {
            resource: resource.id,
            ordinal,
            field: None,
            is_below: false,
        }];
        while let Some(loss) = open.pop() {
            let record = store.collection(loss.resource).record(loss.ordinal);
            let Some(record) = record.filter(|_| deletion.add(&loss)) else {
                continue;
            };
            let resource = &catalogue[loss.resource];
            // A built-in record is deleted only with the one that it is a part of.
            if loss.field.is_none()
                && !loss.is_below
                && let Some(rule) =
                    resource.undeletable_rule(|position| record.values.get(position))
            {
                return Err(Error::undeletable(resource, rule));
            }
            for referrer in references(store, resource, &record.values) {
                if loss.is_of(referrer.reference.field) {
                    match referrer.reference.on_delete {
                        OnDelete::Cascade => open.push(Loss::record(&referrer)),
                        OnDelete::Clear => open.push(Loss::field(&referrer)),
                        OnDelete::Refuse => refusals.push((loss.resource, referrer)),
                    }
                }
            }
            if loss.field.is_none() {
                let children = children(store, resource, &record.values).into_iter();
                // A reference in the path has an effect of its own.
                let children =
                    children.filter(|(child, _)| !catalogue[*child].has_reference_to_parent());
                open.extend(children.map(|(resource, ordinal)| Loss {
                    resource,
                    ordinal,
                    field: None,
                    is_below: true,
                }));
            }
        }
        // A record that is deleted, too, refuses nothing.
        let refusal = refusals.into_iter().find(|(_, referrer)| {
            let record = (referrer.resource, referrer.ordinal);
            !deletion.deleted.contains(&record)
        });
        match refusal {
            Some((id, referrer)) => {
                let resource = &catalogue[referrer.resource];
                Err(Error::still_referenced(
                    &catalogue[id],
                    resource,
                    referrer.position,
                ))
            }
            None => Ok(deletion),
        }
    }

    /// Adds a loss; false if it is known already.
    fn add(&mut self, loss: &Loss) -> bool {
        match loss.field {
            None => self.deleted.insert((loss.resource, loss.ordinal)),
            Some(field) => self.cleared.insert((loss.resource, loss.ordinal, field)),
        }
    }
}

impl Loss {
    /// Returns the loss of a record that refers to a lost value.
    fn record(referrer: &Referrer<'_>) -> Self {
        Self {
            resource: referrer.resource,
            ordinal: referrer.ordinal,
            field: None,
            is_below: false,
        }
    }

    /// Returns the loss of the value that refers to a lost one.
    fn field(referrer: &Referrer<'_>) -> Self {
        Self {
            field: Some(referrer.position),
            ..Self::record(referrer)
        }
    }

    /// True if the value of a field is lost.
    fn is_of(&self, position: usize) -> bool {
        self.field.is_none_or(|field| field == position)
    }
}
