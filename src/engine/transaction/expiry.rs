//! The changes that only the time makes.

use std::sync::Arc;

use super::{Transaction, effects::Change};
use crate::engine::expiry;

impl Transaction<'_> {
    /// Changes the records that have expired, and notes when the next one expires.
    pub(in crate::engine) fn expire(&mut self) {
        let now = self.clock.now();
        let (mut changes, mut next) = (Vec::new(), None);
        for (resource, collection) in self.store.collections() {
            if collection.len() == 0 || resource.expiries.is_empty() {
                continue;
            }
            for (ordinal, record) in collection.numbered() {
                let mut values = Vec::new();
                for (time, switch) in expiry::times(resource, &record.values) {
                    if time <= now {
                        values.push((switch, Some("false".to_owned())));
                    } else {
                        next = [time].into_iter().chain(next).min();
                    }
                }
                if !values.is_empty() {
                    let resource = resource.id;
                    changes.push(Change {
                        resource,
                        ordinal,
                        values,
                    });
                }
            }
        }
        Arc::make_mut(self.store).next_expiry = next;
        // The time passes even if another rule does not allow the change.
        let _ = self.apply(changes);
    }
}
