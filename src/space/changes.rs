//! What differs between two seeds.

use std::{fmt, iter::zip};

use crate::{
    schema::{OBJECT_ID, Resource},
    store::{Collection, Record, Store},
};

/// What differs between a seed and the one that takes its place.
#[derive(Debug)]
pub(crate) struct Changes {
    /// Those of each resource that has any.
    pub(crate) of_resources: Vec<Change>,
}

/// How many records of a resource are new, are not what they were, and are gone.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) resource: &'static Resource,
    pub(crate) added: usize,
    pub(crate) changed: usize,
    pub(crate) removed: usize,
    /// Whether those that are in both come in another order.
    pub(crate) reordered: bool,
}

impl Changes {
    pub(super) fn between(before: &Store, after: &Store) -> Self {
        let pairs = zip(before.collections(), after.collections());
        let of_resources = pairs.filter_map(|(before, after)| Change::between(before, after));
        Self {
            of_resources: of_resources.collect(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.of_resources.is_empty()
    }
}

impl Change {
    fn between(before: &Collection, after: &Collection) -> Option<Self> {
        let (mut added, mut changed) = (0, 0);
        let mut places = Vec::new();
        for record in after.iter() {
            match before.get(id(record)) {
                None => added += 1,
                Some((place, found)) => {
                    places.push(place);
                    changed += usize::from(found.values != record.values);
                }
            }
        }
        let change = Self {
            resource: after.resource(),
            added,
            changed,
            removed: before.len() - places.len(),
            reordered: !places.is_sorted(),
        };
        let Self { removed, .. } = change;
        (added + changed + removed > 0 || change.reordered).then_some(change)
    }
}

fn id(record: &Record) -> &str {
    record.values.get(OBJECT_ID).unwrap_or_default()
}

/// As in `tenants: 1 added, 2 changed; externalservices: 3 removed`.
impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("no object has changed");
        }
        let changes: Vec<_> = self.of_resources.iter().map(Change::to_string).collect();
        f.write_str(&changes.join("; "))
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            (self.added, "added"),
            (self.changed, "changed"),
            (self.removed, "removed"),
        ];
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let mut said: Vec<_> = counts
            .map(|(count, how)| format!("{count} {how}"))
            .collect();
        if self.reordered {
            said.push("in another order".to_owned());
        }
        write!(f, "{}: {}", self.resource.path, said.join(", "))
    }
}
