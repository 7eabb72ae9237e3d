//! The differences between two seeds.

use std::{fmt, iter::zip};

use crate::{
    schema::Resource,
    store::{Collection, Identity, Store},
};

/// The differences between a seed and its replacement.
#[derive(Debug)]
pub(crate) struct Changes {
    /// One entry for each resource with differences.
    pub(crate) resources: Vec<Change>,
}

/// The differences in the records of one resource.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) resource: Box<str>,
    pub(crate) added: usize,
    pub(crate) changed: usize,
    pub(crate) removed: usize,
    /// True if the records that are in both seeds are in a different order.
    pub(crate) reordered: bool,
}

impl Changes {
    pub(super) fn between(before: &Store, after: &Store) -> Self {
        let pairs = zip(before.collections(), after.collections());
        let resources = pairs.filter_map(|((_, before), (resource, after))| {
            Change::between(resource, before, after)
        });
        Self {
            resources: resources.collect(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }
}

impl Change {
    fn between(resource: &Resource, before: &Collection, after: &Collection) -> Option<Self> {
        let (mut added, mut changed) = (0, 0);
        let mut positions = Vec::new();
        for record in after.iter() {
            match before.find(&Identity::of(resource, &record.values)) {
                None => added += 1,
                Some((position, old)) => {
                    positions.push(position);
                    changed += usize::from(old.values != record.values);
                }
            }
        }
        let change = Self {
            resource: resource.path.as_str().into(),
            added,
            changed,
            removed: before.len() - positions.len(),
            reordered: !positions.is_sorted(),
        };
        let Self { removed, .. } = change;
        (added + changed + removed > 0 || change.reordered).then_some(change)
    }
}

/// Shows, for example, `tenants: 1 added, 2 changed; externalservices: 3 removed`.
impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("no object has changed");
        }
        let changes: Vec<_> = self.resources.iter().map(Change::to_string).collect();
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
        let mut parts: Vec<_> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, change)| format!("{count} {change}"))
            .collect();
        if self.reordered {
            parts.push("in a different order".to_owned());
        }
        write!(f, "{}: {}", self.resource, parts.join(", "))
    }
}
