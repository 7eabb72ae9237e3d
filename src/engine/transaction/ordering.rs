//! The places of records in the order of their collection.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use super::{Change, Transaction};
use crate::{
    engine::{Error, proposal::Proposal},
    schema::{NewPlace, RecordOrder, Resource, ResourceId},
    store::{Identity, Ordinal, Record, Store, Values, fold},
};

impl Transaction<'_> {
    /// Adds its place to a proposed record that has none. The others may have to make room for it.
    pub(super) fn with_place<'p>(
        &self,
        resource: &Resource,
        proposal: Proposal<'p>,
    ) -> Proposal<'p> {
        let Some(order) = resource.order else {
            return proposal;
        };
        proposal.map(|values| match values.get(order.field) {
            Some(_) => values,
            None => {
                let place = match order.new_place {
                    NewPlace::First => 0,
                    NewPlace::Last => next_place(self.store, resource, order.field, &values),
                };
                values.with(order.field, Some(&place.to_string()))
            }
        })
    }

    /// Returns the changes of the other records of a collection that make room for a new one at the place of `values`.
    pub(super) fn room(&self, resource: &Resource, values: &Values) -> Vec<Change> {
        let Some(RecordOrder { field, .. }) = resource.order else {
            return Vec::new();
        };
        let Some(taken) = place(values, field) else {
            return Vec::new();
        };
        let collection = self.store.collection(resource.id);
        let same = Identity::collection_of(resource, values);
        let place = taken.to_string();
        let mut holders = collection.holders(field, &place);
        if !holders.any(|(_, record)| same.includes(&record.values)) {
            return Vec::new();
        }
        let others = self.neighbours(resource, values).into_iter();
        let moved = others.filter_map(|(ordinal, record)| {
            let found = self::place(&record.values, field).filter(|found| *found >= taken)?;
            Some(move_to(resource, ordinal, field, found.saturating_add(1)))
        });
        moved.collect()
    }

    /// Closes the gaps that removed records leave in the orders of their collections.
    pub(super) fn close_gaps(
        &mut self,
        removed: &[(ResourceId, Arc<Record>)],
    ) -> Result<(), Error> {
        let catalogue = self.catalogue();
        let gaps = removed.iter().filter_map(|(id, record)| {
            let resource = &catalogue[*id];
            let field = resource.order?.field;
            Some((place(&record.values, field)?, resource, field, record))
        });
        let mut gaps: Vec<_> = gaps.collect();
        // A gap does not move if those behind it are closed first.
        gaps.sort_by_key(|(gap, ..)| Reverse(*gap));
        for (gap, resource, field, record) in gaps {
            let others = self.neighbours(resource, &record.values).into_iter();
            let moved = others.filter_map(|(ordinal, other)| {
                let found = place(&other.values, field).filter(|found| *found > gap)?;
                Some(move_to(resource, ordinal, field, found - 1))
            });
            let moved = moved.collect();
            self.apply(moved)?;
        }
        Ok(())
    }

    /// Gives the records without a place in an order the places after the others of their collections.
    pub(in crate::engine) fn place_all(&mut self) -> Result<(), Error> {
        let mut changes = Vec::new();
        for (resource, collection) in self.store.collections() {
            if collection.len() > 0
                && let Some(order) = resource.order
            {
                changes.extend(missing_places(self.store, resource, order.field));
            }
        }
        self.apply(changes)
    }

    /// Sets the values of `field` in some records to their places, from 0.
    pub(in crate::engine) fn set_order(
        &mut self,
        resource: &Resource,
        field: usize,
        ordinals: &[Ordinal],
    ) -> Result<(), Error> {
        let ordinals = (0..).zip(ordinals);
        let changes = ordinals.map(|(place, ordinal)| move_to(resource, *ordinal, field, place));
        self.apply(changes.collect())
    }

    /// Returns the records of the collection that contains the record with these values.
    fn neighbours(&self, resource: &Resource, values: &Values) -> Vec<(Ordinal, &Arc<Record>)> {
        let collection = Identity::collection_of(resource, values);
        self.store.collection(resource.id).below(&collection)
    }
}

fn place(values: &Values, field: usize) -> Option<i32> {
    values.get(field)?.parse().ok()
}

fn move_to(resource: &Resource, ordinal: Ordinal, field: usize, place: i32) -> Change {
    Change {
        resource: resource.id,
        ordinal,
        values: vec![(field, Some(place.to_string()))],
    }
}

/// Returns the place after all records of the collection that contains the record with these values.
fn next_place(store: &Store, resource: &Resource, field: usize, values: &Values) -> i32 {
    let collection = Identity::collection_of(resource, values);
    let records = store.collection(resource.id).below(&collection).into_iter();
    let places = records.filter_map(|(_, record)| place(&record.values, field));
    places.max().map_or(0, |last| last.saturating_add(1))
}

/// Returns the changes that give each record without a place the one after the others of its collection.
fn missing_places(store: &Store, resource: &Resource, field: usize) -> Vec<Change> {
    let mut next = BTreeMap::new();
    let records = store.collection(resource.id).numbered();
    let missing = records.filter(|(_, record)| record.values.get(field).is_none());
    missing
        .map(|(ordinal, record)| {
            let values = &record.values;
            let path = resource.parameters.iter();
            let path: Vec<_> = path
                .map(|position| values.get(*position).map(fold))
                .collect();
            let next = next.entry(path);
            let place = next.or_insert_with(|| next_place(store, resource, field, values));
            let found = *place;
            *place = place.saturating_add(1);
            move_to(resource, ordinal, field, found)
        })
        .collect()
}
