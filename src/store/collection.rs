//! The records of one resource, in the order in which they were added.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};

use super::{Record, Values};
use crate::schema::{OBJECT_ID, Resource};

/// A record's place in the order in which records were added; never used twice.
pub(crate) type Ordinal = u64;

/// The records of one resource, with an index on each field that the schema wants one for.
#[derive(Clone, Debug)]
pub(crate) struct Collection {
    resource: &'static Resource,
    records: OrdMap<Ordinal, Arc<Record>>,
    next: Ordinal,
    indexes: Vec<Index>,
}

/// Which records hold which value of one field, without regard to case.
#[derive(Clone, Debug)]
struct Index {
    /// The position of the field.
    position: usize,
    entries: OrdSet<(Arc<str>, Ordinal)>,
}

impl Collection {
    pub(super) fn new(resource: &'static Resource) -> Self {
        let indexes = (0..resource.fields.len())
            .filter(|&position| resource.fields[position].is_indexed())
            .map(|position| Index {
                position,
                entries: OrdSet::new(),
            })
            .collect();
        Self {
            resource,
            records: OrdMap::new(),
            next: 0,
            indexes,
        }
    }

    pub(crate) fn resource(&self) -> &'static Resource {
        self.resource
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// Every record, oldest first.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &Arc<Record>> {
        self.records.values()
    }

    /// The record with this ObjectId, and where it stands.
    pub(crate) fn get(&self, id: &str) -> Option<(Ordinal, &Arc<Record>)> {
        self.holders(OBJECT_ID, id).next()
    }

    /// The records that hold `value` in the indexed field at `position`, oldest first.
    pub(crate) fn holders(
        &self,
        position: usize,
        value: &str,
    ) -> impl Iterator<Item = (Ordinal, &Arc<Record>)> {
        let key: Arc<str> = fold(value).into();
        self.index(position)
            .entries
            .range((key.clone(), 0)..=(key, Ordinal::MAX))
            .map(|(_, ordinal)| (*ordinal, &self.records[ordinal]))
    }

    /// The records whose value in the indexed field at `position` begins with `prefix`, oldest first.
    pub(crate) fn beginning_with(
        &self,
        position: usize,
        prefix: &str,
    ) -> impl Iterator<Item = (Ordinal, &Arc<Record>)> {
        let prefix = fold(prefix);
        let first: Arc<str> = prefix.as_str().into();
        let mut ordinals: Vec<_> = self
            .index(position)
            .entries
            .range((first, 0)..)
            .take_while(|(key, _)| key.starts_with(&prefix))
            .map(|(_, ordinal)| *ordinal)
            .collect();
        ordinals.sort_unstable();
        ordinals
            .into_iter()
            .map(|ordinal| (ordinal, &self.records[&ordinal]))
    }

    /// Every record, by what it holds in the indexed field at `position`; those with the same value oldest
    /// first. `None` if some record holds nothing there.
    pub(crate) fn ordered_by(
        &self,
        position: usize,
    ) -> Option<impl DoubleEndedIterator<Item = &Arc<Record>>> {
        let entries = &self.index(position).entries;
        (entries.len() == self.records.len())
            .then(|| entries.iter().map(|(_, ordinal)| &self.records[ordinal]))
    }

    /// Adds a record behind all others.
    pub(crate) fn insert(&mut self, record: Record) {
        let ordinal = self.next;
        self.next += 1;
        self.enter(ordinal, &record.values);
        self.records.insert(ordinal, Arc::new(record));
    }

    /// Puts another record in the place of the one at `ordinal`.
    pub(crate) fn replace(&mut self, ordinal: Ordinal, record: Record) {
        self.remove(ordinal);
        self.enter(ordinal, &record.values);
        self.records.insert(ordinal, Arc::new(record));
    }

    /// Takes the record at `ordinal` away.
    pub(crate) fn remove(&mut self, ordinal: Ordinal) {
        let Some(record) = self.records.remove(&ordinal) else {
            return;
        };
        for index in &mut self.indexes {
            if let Some(value) = record.values.get(index.position) {
                index.entries.remove(&(fold(value).into(), ordinal));
            }
        }
    }

    fn enter(&mut self, ordinal: Ordinal, values: &Values) {
        for index in &mut self.indexes {
            if let Some(value) = values.get(index.position) {
                index.entries.insert((fold(value).into(), ordinal));
            }
        }
    }

    fn index(&self, position: usize) -> &Index {
        self.indexes
            .iter()
            .find(|index| index.position == position)
            .expect("only indexed fields are looked up by value")
    }
}

/// The form in which values are compared: without regard to case, and to the blanks around them.
///
/// Letter by letter, so that the form of a beginning is the beginning of the form.
pub(crate) fn fold(value: &str) -> String {
    value.trim().chars().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::schema::{documented, guid, object_id, text, uri};
    use crate::store::Store;

    static SHELF: Resource = Resource::new("shelves", "Shelves", "Shelf").fields(&[
        uri(documented("test")),
        object_id(documented("test")),
        text("Label", documented("test")).unique(documented("test")),
        guid("Room", documented("test")),
    ]);
    const LABEL: usize = 2;

    fn shelf(id: &str, label: &str) -> Record {
        let mut values = Values::empty(SHELF.fields.len());
        values.set(OBJECT_ID, id);
        values.set(LABEL, label);
        Record {
            values,
            rendered: [Bytes::new(), Bytes::new()],
        }
    }

    fn labels(collection: &Collection) -> Vec<&str> {
        let label = |record| Values::get(record, LABEL);
        collection.iter().filter_map(|r| label(&r.values)).collect()
    }

    #[test]
    fn records_keep_the_order_in_which_they_were_added() {
        let mut store = Store::new(&[&SHELF]);
        let shelves = store.collection_mut(&SHELF);
        for (id, label) in [("c", "third"), ("a", "first"), ("b", "second")] {
            shelves.insert(shelf(id, label));
        }
        let (ordinal, _) = shelves.get("a").expect("it was added");
        shelves.replace(ordinal, shelf("a", "changed"));
        assert_eq!(labels(shelves), ["third", "changed", "second"]);
    }

    #[test]
    fn an_index_follows_inserts_replacements_and_removals_without_regard_to_case() {
        let mut store = Store::new(&[&SHELF]);
        let shelves = store.collection_mut(&SHELF);
        shelves.insert(shelf("A1", "Straße"));
        let (ordinal, _) = shelves.get("a1").expect("ids ignore case");
        assert_eq!(shelves.holders(LABEL, "STRAßE").count(), 1);
        shelves.replace(ordinal, shelf("A1", "Road"));
        assert_eq!(shelves.holders(LABEL, "straße").count(), 0);
        assert_eq!(shelves.holders(LABEL, "road").count(), 1);
        shelves.remove(ordinal);
        assert_eq!(shelves.holders(LABEL, "road").count(), 0);
        assert_eq!(shelves.len(), 0);
    }

    #[test]
    fn a_beginning_is_found_by_index_and_comes_in_list_order() {
        let mut store = Store::new(&[&SHELF]);
        let shelves = store.collection_mut(&SHELF);
        for (id, label) in [
            ("1", "abz"),
            ("2", "b"),
            ("3", "ABA"),
            ("4", "a"),
            ("5", "ab"),
        ] {
            shelves.insert(shelf(id, label));
        }
        let found = |prefix| -> Vec<_> {
            let found = shelves.beginning_with(LABEL, prefix);
            found.filter_map(|(_, r)| r.values.get(LABEL)).collect()
        };
        assert_eq!(found("aB"), ["abz", "ABA", "ab"]);
        assert_eq!(found(""), ["abz", "b", "ABA", "a", "ab"]);
        assert!(found("abc").is_empty());
    }

    #[test]
    fn an_index_gives_the_order_of_its_values_while_every_record_holds_one() {
        let mut store = Store::new(&[&SHELF]);
        let shelves = store.collection_mut(&SHELF);
        for (id, label) in [("1", "b"), ("2", "C"), ("3", "a")] {
            shelves.insert(shelf(id, label));
        }
        let ordered = shelves.ordered_by(LABEL).expect("every record holds one");
        let ordered: Vec<_> = ordered.filter_map(|r| r.values.get(LABEL)).collect();
        assert_eq!(ordered, ["a", "b", "C"]);
        let mut nameless = Values::empty(SHELF.fields.len());
        nameless.set(OBJECT_ID, "4");
        shelves.insert(Record {
            values: nameless,
            rendered: [Bytes::new(), Bytes::new()],
        });
        assert!(shelves.ordered_by(LABEL).is_none());
    }

    #[test]
    fn a_clone_does_not_see_later_changes() {
        let mut store = Store::new(&[&SHELF]);
        store.collection_mut(&SHELF).insert(shelf("a", "first"));
        let before = store.clone();
        store.collection_mut(&SHELF).insert(shelf("b", "second"));
        assert_eq!(labels(before.collection(&SHELF)), ["first"]);
        assert_eq!(labels(store.collection(&SHELF)), ["first", "second"]);
    }
}
