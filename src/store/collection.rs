//! The records of one resource, in the order of their creation.

use std::{
    borrow::Cow,
    cmp::Ordering,
    ops::Range,
    sync::{Arc, LazyLock, OnceLock},
};

use bytes::Bytes;
use unicase::UniCase;

use super::{
    FORMATS, Record, Values,
    sequence::{Iter, Sequence},
};
use crate::schema::Resource;

/// A record's number in the order of creation. It is never used twice.
pub(crate) type Ordinal = u64;

/// The records of one resource, with an index on each field that the schema marks as indexed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Collection {
    /// In the order of their ordinals.
    records: Sequence<(Ordinal, Arc<Record>)>,
    next: Ordinal,
    /// Empty before the first change: the resource of a collection that is never changed need not be compiled.
    indexes: Vec<Index>,
    rendered_list: RenderedList,
}

/// The rendered list of all records, one per format. The engine makes it on first use; it is dropped when a record
/// changes, and it is opaque to the store.
pub(crate) type RenderedList = [OnceLock<Bytes>; FORMATS];

/// An index from the values of one field, without regard to case, to the records.
#[derive(Clone, Debug)]
struct Index {
    /// The position of the field.
    position: usize,
    /// Sorted by value, then by ordinal.
    entries: Sequence<Entry>,
}

/// An index entry: a record has a value.
#[derive(Clone, Debug)]
struct Entry {
    /// The beginning of the value, which is enough for most comparisons.
    prefix: KeyPrefix,
    /// The folded value, shared by the entries with the same value.
    value: Arc<str>,
    ordinal: Ordinal,
}

/// The first bytes of a text, as a number that compares like them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct KeyPrefix(u128);

impl KeyPrefix {
    fn of(text: &str) -> Self {
        let mut bytes = [0; size_of::<u128>()];
        let known = bytes.len().min(text.len());
        bytes[..known].copy_from_slice(&text.as_bytes()[..known]);
        Self(u128::from_be_bytes(bytes))
    }
}

/// A value to look up in an index: folded, with its prefix.
struct SearchKey<'v> {
    prefix: KeyPrefix,
    value: Cow<'v, str>,
}

impl<'v> SearchKey<'v> {
    fn new(value: &'v str) -> Self {
        let value = fold(value);
        Self {
            prefix: KeyPrefix::of(&value),
            value,
        }
    }

    /// Compares the value of an entry with the key, mostly by the prefixes alone.
    fn order(&self, entry: &Entry) -> Ordering {
        let prefixes = entry.prefix.cmp(&self.prefix);
        prefixes.then_with(|| (*entry.value).cmp(&*self.value))
    }
}

/// An order that a collection may maintain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Oldest first.
    Added,
    /// By the value of the indexed field at this position; records with the same value are oldest first.
    By(usize),
}

impl Collection {
    /// Creates the indexes, unless they exist.
    pub(super) fn prepare(&mut self, resource: &Resource) {
        if !self.indexes.is_empty() {
            return;
        }
        let fields = resource.fields.iter().enumerate();
        let indexed = fields.filter(|(_, field)| field.is_indexed);
        self.indexes = indexed
            .map(|(position, _)| Index {
                position,
                entries: Sequence::default(),
            })
            .collect();
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    pub(crate) fn rendered_list(&self) -> &RenderedList {
        &self.rendered_list
    }

    /// Returns all records, oldest first.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &Arc<Record>> {
        self.records.iter().map(|(_, record)| record)
    }

    /// Returns a record of `resource` and its ordinal. `parents` has the values of the fields in the path, `key` that of the
    /// key, which a singleton does not have.
    pub(crate) fn find(
        &self,
        resource: &Resource,
        parents: &[(usize, &str)],
        key: Option<&str>,
    ) -> Option<(Ordinal, &Arc<Record>)> {
        let key = resource.key.zip(key);
        let is_indexed = |(position, _): &(usize, &str)| resource.fields[*position].is_indexed;
        // The key selects fewer records than the path.
        match key.filter(is_indexed).or(parents.first().copied()) {
            Some((position, value)) => {
                let mut holders = self.holders(position, value);
                holders.find(|(_, record)| {
                    parents.is_empty() || has_values(record, parents.iter().copied().chain(key))
                })
            }
            None => {
                let (ordinal, record) = self.records.get(0)?;
                Some((*ordinal, record))
            }
        }
    }

    /// Returns the record whose identity is the same in these values, and its ordinal.
    pub(crate) fn counterpart(
        &self,
        resource: &Resource,
        values: &Values,
    ) -> Option<(Ordinal, &Arc<Record>)> {
        let value = |position: usize| values.get(position).unwrap_or_default();
        let parents = resource.parameters.iter();
        let parents: Vec<_> = parents
            .map(|position| (*position, value(*position)))
            .collect();
        self.find(resource, &parents, resource.key.map(value))
    }

    /// Returns the records with these values in the fields of their paths, oldest first.
    pub(crate) fn below<'c>(
        &'c self,
        parents: &'c [(usize, &'c str)],
    ) -> Box<dyn Iterator<Item = (Ordinal, &'c Arc<Record>)> + 'c> {
        match parents.first() {
            Some((position, value)) => {
                let holders = self.holders(*position, value);
                Box::new(holders.filter(|(_, record)| has_values(record, parents.iter().copied())))
            }
            None => Box::new(
                self.records
                    .iter()
                    .map(|(ordinal, record)| (*ordinal, record)),
            ),
        }
    }

    /// Returns the records with this value in the indexed field at `position`, oldest first.
    pub(crate) fn holders(
        &self,
        position: usize,
        value: &str,
    ) -> impl Iterator<Item = (Ordinal, &Arc<Record>)> {
        let key = SearchKey::new(value);
        let found = self.index(position).from(&key);
        found
            .take_while(move |entry| key.order(entry).is_eq())
            .map(|entry| (entry.ordinal, self.at(entry.ordinal)))
    }

    /// Returns the records whose value in the indexed field at `position` starts with `prefix`, oldest first.
    pub(crate) fn starting_with(
        &self,
        position: usize,
        prefix: &str,
    ) -> impl Iterator<Item = (Ordinal, &Arc<Record>)> {
        let prefix = SearchKey::new(prefix);
        let found = self.index(position).from(&prefix);
        let mut ordinals: Vec<_> = found
            .take_while(|entry| entry.value.starts_with(&*prefix.value))
            .map(|entry| entry.ordinal)
            .collect();
        ordinals.sort_unstable();
        ordinals
            .into_iter()
            .map(|ordinal| (ordinal, self.at(ordinal)))
    }

    /// True if the order contains every record: each has a value in the field.
    pub(crate) fn maintains(&self, order: Order) -> bool {
        match order {
            Order::Added => true,
            Order::By(position) => self.index(position).entries.len() == self.len(),
        }
    }

    /// Returns the records in a range of an order that the collection maintains.
    pub(crate) fn range(
        &self,
        order: Order,
        places: Range<usize>,
    ) -> Box<dyn DoubleEndedIterator<Item = &Arc<Record>> + '_> {
        match order {
            Order::Added => Box::new(self.records.range(places).map(|(_, record)| record)),
            Order::By(position) => {
                let entries = self.index(position).entries.range(places);
                Box::new(entries.map(|entry| self.at(entry.ordinal)))
            }
        }
    }

    /// Adds a record at the end.
    pub(crate) fn insert(&mut self, record: Arc<Record>) {
        self.rendered_list = RenderedList::default();
        let ordinal = self.next;
        self.next += 1;
        for index in &mut self.indexes {
            index.add(ordinal, &record.values);
        }
        self.records.insert(self.records.len(), (ordinal, record));
    }

    /// Replaces and returns the record with this ordinal.
    pub(crate) fn replace(&mut self, ordinal: Ordinal, record: Arc<Record>) -> Option<Arc<Record>> {
        let place = self.place(ordinal)?;
        let (_, replaced) = self.records.get(place).cloned()?;
        self.rendered_list = RenderedList::default();
        for index in &mut self.indexes {
            if index.value(&replaced.values) != index.value(&record.values) {
                index.remove(ordinal, &replaced.values);
                index.add(ordinal, &record.values);
            }
        }
        self.records.replace(place, (ordinal, record));
        Some(replaced)
    }

    /// Removes and returns the record with this ordinal.
    pub(crate) fn remove(&mut self, ordinal: Ordinal) -> Option<Arc<Record>> {
        let place = self.place(ordinal)?;
        self.rendered_list = RenderedList::default();
        let (_, record) = self.records.remove(place);
        for index in &mut self.indexes {
            index.remove(ordinal, &record.values);
        }
        Some(record)
    }

    /// Returns the record with this ordinal, if it exists.
    pub(crate) fn record(&self, ordinal: Ordinal) -> Option<&Arc<Record>> {
        let place = self.place(ordinal)?;
        self.records.get(place).map(|(_, record)| record)
    }

    /// Returns the record of an index entry.
    fn at(&self, ordinal: Ordinal) -> &Arc<Record> {
        let record = self.record(ordinal);
        record.expect("an index contains only the ordinals of records")
    }

    fn place(&self, ordinal: Ordinal) -> Option<usize> {
        self.records.find(|(other, _)| other.cmp(&ordinal))
    }

    fn index(&self, position: usize) -> &Index {
        /// The index of a collection that has never had a record.
        static EMPTY: LazyLock<Index> = LazyLock::new(|| Index {
            position: 0,
            entries: Sequence::default(),
        });
        let mut indexes = self.indexes.iter();
        let index = indexes.find(|index| index.position == position);
        debug_assert!(
            index.is_some() || self.indexes.is_empty(),
            "only indexed fields are looked up by value"
        );
        index.unwrap_or(&EMPTY)
    }
}

impl Index {
    /// Returns the entries from the first one of the key to the end.
    fn from(&self, key: &SearchKey<'_>) -> Iter<'_, Entry> {
        let first = self.entries.position(|entry| key.order(entry).is_lt());
        self.entries.range(first..self.entries.len())
    }

    /// Returns the value of a record in the field of the index.
    fn value<'v>(&self, values: &'v Values) -> Option<&'v str> {
        values.get(self.position)
    }

    fn add(&mut self, ordinal: Ordinal, values: &Values) {
        let Some(key) = self.value(values).map(SearchKey::new) else {
            return;
        };
        let place = self.place(&key, ordinal);
        let beside = place
            .checked_sub(1)
            .and_then(|place| self.entries.get(place));
        let value = match beside {
            Some(beside) if key.order(beside).is_eq() => Arc::clone(&beside.value),
            _ => key.value.into(),
        };
        let entry = Entry {
            prefix: key.prefix,
            value,
            ordinal,
        };
        self.entries.insert(place, entry);
    }

    fn remove(&mut self, ordinal: Ordinal, values: &Values) {
        if let Some(key) = self.value(values).map(SearchKey::new) {
            self.entries.remove(self.place(&key, ordinal));
        }
    }

    /// Returns the place of the entry with this key and ordinal, or the place to insert it.
    fn place(&self, key: &SearchKey<'_>, ordinal: Ordinal) -> usize {
        self.entries.position(|entry| {
            let order = key.order(entry);
            order.then(entry.ordinal.cmp(&ordinal)).is_lt()
        })
    }
}

/// True if a record has all these values, given with the positions of their fields.
fn has_values<'v>(record: &Record, mut values: impl Iterator<Item = (usize, &'v str)>) -> bool {
    values.all(|(position, value)| {
        let found = record.values.get(position);
        found.is_some_and(|found| found == value || fold(found) == fold(value))
    })
}

/// Returns the form in which values are compared: without regard to case and to surrounding white space.
///
/// Unicode's full case folding maps each letter on its own, so that the folded prefix of a text is a prefix of the folded text.
pub(crate) fn fold(value: &str) -> Cow<'_, str> {
    let value = value.trim();
    if !value.is_ascii() {
        Cow::Owned(UniCase::unicode(value).to_folded_case())
    } else if value.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(value.to_ascii_lowercase())
    } else {
        Cow::Borrowed(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::description::testing::catalogue,
        schema::{Release, ResourceId},
        store::Store,
    };

    const SHELF: &str = r#"<resource path="shelves" list="Shelves" element="Shelf">
        <evidence id="test" documented="test"/>
        <uri by="test"/>
        <object-id by="test"/>
        <text name="Label" by="test"><unique by="test"/></text>
        <guid name="Room" by="test"/>
    </resource>"#;
    const FIELDS: usize = 4;
    const OBJECT_ID: usize = 1;
    const LABEL: usize = 2;

    /// Returns an empty store, and the id of its only resource.
    fn store() -> (Store, ResourceId) {
        let catalogue = catalogue(Release::V10_5, &[SHELF]);
        let shelves = catalogue.resources()[0].id;
        (Store::new(catalogue), shelves)
    }

    fn record(values: &[(usize, &str)]) -> Arc<Record> {
        Arc::new(Record::new(Values::some(FIELDS, values)))
    }

    fn shelf(id: &str, label: &str) -> Arc<Record> {
        record(&[(OBJECT_ID, id), (LABEL, label)])
    }

    fn labels(collection: &Collection) -> Vec<&str> {
        let label = |record| Values::get(record, LABEL);
        collection.iter().filter_map(|r| label(&r.values)).collect()
    }

    #[test]
    fn records_keep_the_order_of_their_creation() {
        let (mut store, shelves) = store();
        let shelves = store.collection_mut(shelves);
        for (id, label) in [("c", "third"), ("a", "first"), ("b", "second")] {
            shelves.insert(shelf(id, label));
        }
        let found = shelves.holders(OBJECT_ID, "a").next();
        let (ordinal, _) = found.expect("the record was added");
        shelves.replace(ordinal, shelf("a", "changed"));
        assert_eq!(labels(shelves), ["third", "changed", "second"]);
    }

    #[test]
    fn an_index_follows_inserts_replacements_and_removals_without_regard_to_case() {
        let (mut store, shelves) = store();
        let shelves = store.collection_mut(shelves);
        shelves.insert(shelf("A1", "Straße"));
        let (ordinal, _) = shelves
            .holders(OBJECT_ID, "a1")
            .next()
            .expect("an id ignores case");
        assert_eq!(shelves.holders(LABEL, "STRAßE").count(), 1);
        shelves.replace(ordinal, shelf("A1", "Road"));
        assert_eq!(shelves.holders(LABEL, "straße").count(), 0);
        assert_eq!(shelves.holders(LABEL, "road").count(), 1);
        shelves.remove(ordinal);
        assert_eq!(shelves.holders(LABEL, "road").count(), 0);
        assert_eq!(shelves.len(), 0);
    }

    #[test]
    fn letters_are_folded_as_unicode_requires() {
        assert_eq!(fold(" STRASSE\n"), fold("straße"));
        assert_eq!(fold("ΟΔΟΣ"), fold("οδος"));
        assert_eq!(fold("οδοσ"), fold("οδος"));
        assert_ne!(fold("strase"), fold("straße"));
        assert!(fold("Straße").starts_with(&*fold("STRAS")));
    }

    #[test]
    fn a_beginning_is_found_by_index_and_comes_in_list_order() {
        let (mut store, shelves) = store();
        let shelves = store.collection_mut(shelves);
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
            let found = shelves.starting_with(LABEL, prefix);
            found.filter_map(|(_, r)| r.values.get(LABEL)).collect()
        };
        assert_eq!(found("aB"), ["abz", "ABA", "ab"]);
        assert_eq!(found(""), ["abz", "b", "ABA", "a", "ab"]);
        assert!(found("abc").is_empty());
    }

    #[test]
    fn an_index_gives_the_order_of_its_values_while_every_record_holds_one() {
        let (mut store, shelves) = store();
        let shelves = store.collection_mut(shelves);
        for (id, label) in [("1", "b"), ("2", "C"), ("3", "a")] {
            shelves.insert(shelf(id, label));
        }
        assert!(shelves.maintains(Order::By(LABEL)));
        let ordered = |places| -> Vec<_> {
            let ordered = shelves.range(Order::By(LABEL), places);
            ordered.filter_map(|r| r.values.get(LABEL)).collect()
        };
        assert_eq!(ordered(0..3), ["a", "b", "C"]);
        assert_eq!(ordered(1..2), ["b"]);
        shelves.insert(record(&[(OBJECT_ID, "4")]));
        assert!(!shelves.maintains(Order::By(LABEL)));
    }

    #[test]
    fn a_clone_does_not_see_later_changes() {
        let (mut store, shelves) = store();
        store.collection_mut(shelves).insert(shelf("a", "first"));
        let before = store.clone();
        store.collection_mut(shelves).insert(shelf("b", "second"));
        assert_eq!(labels(before.collection(shelves)), ["first"]);
        assert_eq!(labels(store.collection(shelves)), ["first", "second"]);
    }
}
