//! The records of one resource, in the order of their creation.

use std::{
    borrow::Cow,
    cmp::Ordering,
    ops::Range,
    sync::{Arc, LazyLock, OnceLock},
};

use bytes::Bytes;

use super::{
    FORMATS, Identity, Parallelism, Record, Values,
    fold::{fold, is_blank},
    sequence::{Iter, Sequence},
};
use crate::schema::Resource;

/// A record's number in the order of creation. It is never used twice.
pub(crate) type Ordinal = u64;

/// The character between the values of an index on several fields. XML has no such character, so most values lack it.
const SEPARATOR: char = '\0';

/// The records of one resource, with an index on each field that the schema marks as indexed, one on the identity of a
/// record that is not a single field, and one on each field that is unique within another, with that one.
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

/// An index from the values of one field or several, without regard to case, to the records that have all of them.
#[derive(Clone, Debug)]
struct Index {
    /// The positions of the fields.
    positions: Box<[usize]>,
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

/// The first bytes of a text, as numbers that compare like them: not as one, whose alignment would enlarge an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct KeyPrefix([u64; 2]);

impl KeyPrefix {
    fn of(text: &str) -> Self {
        let text = text.as_bytes();
        let number = match text.first_chunk() {
            Some(beginning) => u128::from_be_bytes(*beginning),
            None => {
                let mut padded = [0; size_of::<u128>()];
                padded[..text.len()].copy_from_slice(text);
                u128::from_be_bytes(padded)
            }
        };
        Self([(number >> u64::BITS) as u64, number as u64])
    }
}

/// A value to look up in an index: folded, with its prefix.
struct SearchKey<'v> {
    prefix: KeyPrefix,
    value: Cow<'v, str>,
}

impl<'v> SearchKey<'v> {
    fn new(value: &'v str) -> Self {
        fold(value).into()
    }

    /// Joins values; `None` if there are none.
    fn join(mut values: impl Iterator<Item = &'v str>) -> Option<Self> {
        let mut joined = fold(values.next()?);
        for value in values {
            let joined = joined.to_mut();
            joined.push(SEPARATOR);
            joined.push_str(&fold(value));
        }
        Some(joined.into())
    }

    /// Adds the separator, so that it is the beginning of the keys with further values.
    fn into_beginning(self) -> Self {
        let mut value = self.value;
        value.to_mut().push(SEPARATOR);
        value.into()
    }

    /// Compares two keys, mostly by the prefixes alone.
    fn compare(&self, other: &Self) -> Ordering {
        let prefixes = self.prefix.cmp(&other.prefix);
        prefixes.then_with(|| self.value.cmp(&other.value))
    }

    /// Compares the value of an entry with the key, mostly by the prefixes alone.
    fn order(&self, entry: &Entry) -> Ordering {
        let prefixes = entry.prefix.cmp(&self.prefix);
        prefixes.then_with(|| (*entry.value).cmp(&*self.value))
    }
}

impl<'v> From<Cow<'v, str>> for SearchKey<'v> {
    fn from(value: Cow<'v, str>) -> Self {
        Self {
            prefix: KeyPrefix::of(&value),
            value,
        }
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
        let indexed = indexed.map(|(position, _)| Box::from([position]));
        let identity = resource.identity().collect::<Box<[_]>>();
        let identity = Some(identity).filter(|identity| identity.len() > 1);
        let fields = resource.fields.iter().enumerate();
        let unique = fields.filter_map(|(position, field)| {
            let within = field.unique.as_ref()?.within?;
            Some(Box::from([position, within]))
        });
        let indexed = indexed.chain(identity).chain(unique);
        self.indexes = indexed.map(Index::new).collect();
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

    /// Returns the oldest record with an identity, and its ordinal.
    pub(crate) fn find(&self, identity: &Identity<'_>) -> Option<(Ordinal, &Arc<Record>)> {
        let is_found = |(_, record): &(Ordinal, &Arc<Record>)| identity.includes(&record.values);
        let exact = self.search(identity.values());
        // The key selects fewer records than the path.
        let exact = exact.or_else(|| self.search(identity.key().into_iter()));
        match exact.or_else(|| self.search(identity.path().iter().copied().take(1))) {
            Some((index, key)) => self.entries(index, key).find(is_found),
            None => self.numbered().find(is_found),
        }
    }

    /// Returns the records of a collection, oldest first.
    pub(crate) fn below(&self, collection: &Identity<'_>) -> Vec<(Ordinal, &Arc<Record>)> {
        let is_found = |(_, record): &(Ordinal, &Arc<Record>)| collection.includes(&record.values);
        let path = collection.path().iter().copied();
        if let Some((index, key)) = self.search(path.clone()) {
            self.entries(index, key).filter(is_found).collect()
        } else if let Some((index, beginning)) = self.search_beginning(path.clone()) {
            let found = self.beginning_with(index, &beginning).into_iter();
            found.filter(is_found).collect()
        } else if let Some((index, key)) = self.search(path.take(1)) {
            self.entries(index, key).filter(is_found).collect()
        } else {
            self.numbered().filter(is_found).collect()
        }
    }

    /// Returns all records with their ordinals, oldest first.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (Ordinal, &Arc<Record>)> {
        let records = self.records.iter();
        records.map(|(ordinal, record)| (*ordinal, record))
    }

    /// Returns the records with this value in the indexed field at `position`, oldest first.
    pub(crate) fn holders(
        &self,
        position: usize,
        value: &str,
    ) -> impl Iterator<Item = (Ordinal, &Arc<Record>)> {
        let key = SearchKey::new(value);
        self.entries(self.index(position), key)
    }

    /// Returns the records with these values in two fields, the first of which is unique within the second.
    pub(crate) fn holders_within<'s>(
        &'s self,
        unique: (usize, &'s str),
        within: (usize, &'s str),
    ) -> impl Iterator<Item = (Ordinal, &'s Arc<Record>)> {
        let found = self.search([unique, within].into_iter());
        found
            .into_iter()
            .flat_map(|(index, key)| self.entries(index, key))
    }

    /// Returns the records whose value in the indexed field at `position` starts with `prefix`, oldest first.
    pub(crate) fn starting_with(
        &self,
        position: usize,
        prefix: &str,
    ) -> impl Iterator<Item = (Ordinal, &Arc<Record>)> {
        let found = self.beginning_with(self.index(position), &SearchKey::new(prefix));
        found.into_iter()
    }

    /// Returns the number of records with this value in the indexed field at `position`.
    pub(crate) fn count_holders(&self, position: usize, value: &str) -> usize {
        let key = SearchKey::new(value);
        let entries = &self.index(position).entries;
        let before = entries.position(|entry| key.order(entry).is_lt());
        entries.position(|entry| key.order(entry).is_le()) - before
    }

    /// Returns the number of records whose value in the indexed field at `position` starts with `prefix`.
    pub(crate) fn count_starting_with(&self, position: usize, prefix: &str) -> usize {
        let key = SearchKey::new(prefix);
        let entries = &self.index(position).entries;
        let before = entries.position(|entry| key.order(entry).is_lt());
        let is_before_end =
            |entry: &Entry| key.order(entry).is_lt() || entry.value.starts_with(&*key.value);
        entries.position(is_before_end) - before
    }

    /// Returns the index on exactly these fields, and the key for their values.
    fn search<'v>(
        &self,
        values: impl Iterator<Item = (usize, &'v str)> + Clone,
    ) -> Option<(&Index, SearchKey<'v>)> {
        let positions = values.clone().map(|(position, _)| position);
        let mut indexes = self.indexes.iter();
        let index = indexes.find(|index| index.positions.iter().copied().eq(positions.clone()))?;
        Some((index, SearchKey::join(values.map(|(_, value)| value))?))
    }

    /// Returns the index on these fields and one more, and the beginning of the keys with their values.
    fn search_beginning<'v>(
        &self,
        values: impl Iterator<Item = (usize, &'v str)> + Clone,
    ) -> Option<(&Index, SearchKey<'v>)> {
        let positions = values.clone().map(|(position, _)| position);
        let mut indexes = self.indexes.iter();
        let index = indexes.find(|index| {
            let before_last = index.positions.split_last().map(|(_, others)| others);
            before_last.is_some_and(|others| others.iter().copied().eq(positions.clone()))
        })?;
        let key = SearchKey::join(values.map(|(_, value)| value))?;
        Some((index, key.into_beginning()))
    }

    /// Returns the records with a key in an index, oldest first.
    fn entries(
        &self,
        index: &Index,
        key: SearchKey<'_>,
    ) -> impl Iterator<Item = (Ordinal, &Arc<Record>)> {
        let found = index.from(&key);
        found
            .take_while(move |entry| key.order(entry).is_eq())
            .map(|entry| (entry.ordinal, self.at(entry.ordinal)))
    }

    /// Returns the records whose key in an index begins with `beginning`, oldest first.
    fn beginning_with(
        &self,
        index: &Index,
        beginning: &SearchKey<'_>,
    ) -> Vec<(Ordinal, &Arc<Record>)> {
        let found = index.from(beginning);
        let mut ordinals: Vec<_> = found
            .take_while(|entry| entry.value.starts_with(&*beginning.value))
            .map(|entry| entry.ordinal)
            .collect();
        ordinals.sort_unstable();
        let records = ordinals.into_iter();
        records.map(|ordinal| (ordinal, self.at(ordinal))).collect()
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

    /// Adds all records to an empty collection of `resource`, much faster than one by one. Returns false and adds none if a
    /// record conflicts with another, or if the rules of the resource need a look at one record after the other.
    pub(crate) fn insert_all(
        &mut self,
        resource: &Resource,
        records: &[Arc<Record>],
        parallelism: Parallelism,
    ) -> bool {
        if self.next != 0 || !has_simple_conflicts(resource) {
            return false;
        }
        let indexes = self.indexes.iter().collect();
        let filled = parallelism.map(indexes, |index: &Index| index.filled(resource, records));
        let Some(filled) = filled.into_iter().collect::<Option<Vec<_>>>() else {
            return false;
        };
        self.indexes = filled;
        let records = records.iter().enumerate();
        self.records =
            Sequence::full(records.map(|(place, record)| (place as Ordinal, Arc::clone(record))));
        self.next = self.records.len() as Ordinal;
        self.rendered_list = RenderedList::default();
        true
    }

    /// Replaces and returns the record with this ordinal.
    pub(crate) fn replace(&mut self, ordinal: Ordinal, record: Arc<Record>) -> Option<Arc<Record>> {
        let place = self.place(ordinal)?;
        let (_, replaced) = self.records.get(place).cloned()?;
        self.rendered_list = RenderedList::default();
        for index in &mut self.indexes {
            if index.differs(&replaced.values, &record.values) {
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
        static EMPTY: LazyLock<Index> = LazyLock::new(|| Index::new(Box::default()));
        let mut indexes = self.indexes.iter();
        let index = indexes.find(|index| *index.positions == [position]);
        debug_assert!(
            index.is_some() || self.indexes.is_empty(),
            "only indexed fields are looked up by value"
        );
        index.unwrap_or(&EMPTY)
    }
}

impl Index {
    fn new(positions: Box<[usize]>) -> Self {
        Self {
            positions,
            entries: Sequence::default(),
        }
    }

    /// Returns the entries from the first one of the key to the end.
    fn from(&self, key: &SearchKey<'_>) -> Iter<'_, Entry> {
        let first = self.entries.position(|entry| key.order(entry).is_lt());
        self.entries.range(first..self.entries.len())
    }

    /// Returns the key of a record that has a value in each field of the index.
    fn key<'v>(&self, values: &'v Values) -> Option<SearchKey<'v>> {
        let mut positions = self.positions.iter();
        if positions.any(|position| values.get(*position).is_none()) {
            return None;
        }
        let positions = self.positions.iter();
        SearchKey::join(positions.filter_map(|position| values.get(*position)))
    }

    /// True if the values of two records differ in a field of the index.
    fn differs(&self, one: &Values, other: &Values) -> bool {
        let mut positions = self.positions.iter();
        positions.any(|position| one.get(*position) != other.get(*position))
    }

    fn add(&mut self, ordinal: Ordinal, values: &Values) {
        let Some(key) = self.key(values) else {
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

    /// Returns the index with the records, whose ordinals are their places, or `None` if two of them have the same value in
    /// a unique field.
    fn filled(&self, resource: &Resource, records: &[Arc<Record>]) -> Option<Self> {
        let keys = (0..).zip(records).filter_map(|(ordinal, record)| {
            let key = self.key(&record.values)?;
            Some((key, ordinal))
        });
        let mut keys: Vec<(SearchKey<'_>, Ordinal)> = keys.collect();
        // Stable: records with the same value stay in the order of their ordinals.
        keys.sort_by(|(one, _), (other, _)| one.compare(other));
        if self.is_unique(resource) {
            let is_key = resource.key.is_some_and(|key| *self.positions == [key]);
            let mut neighbours = keys.windows(2);
            let is_double = |pair: &[(SearchKey<'_>, _)]| pair[0].0.compare(&pair[1].0).is_eq();
            if neighbours.any(|pair| is_double(pair) && (is_key || !is_blank(&pair[0].0.value))) {
                return None;
            }
        }
        let mut last: Option<Arc<str>> = None;
        let entries = keys.into_iter().map(|(key, ordinal)| {
            let same = last.take().filter(|last| **last == *key.value);
            let value = same.unwrap_or_else(|| Arc::from(&*key.value));
            last = Some(Arc::clone(&value));
            Entry {
                prefix: key.prefix,
                value,
                ordinal,
            }
        });
        Some(Self {
            positions: self.positions.clone(),
            entries: Sequence::roomy(entries),
        })
    }

    /// True if two records cannot have the same value in the field of the index, except an empty one.
    fn is_unique(&self, resource: &Resource) -> bool {
        match *self.positions {
            [position] => resource.fields[position].unique.is_some(),
            _ => false,
        }
    }

    fn remove(&mut self, ordinal: Ordinal, values: &Values) {
        if let Some(key) = self.key(values) {
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

/// True if records of a resource conflict only by the same value in a field that is unique among all of them.
fn has_simple_conflicts(resource: &Resource) -> bool {
    let is_unique = |position: usize| {
        let unique = resource.fields[position].unique.as_ref();
        unique.map(|unique| unique.within.is_none())
    };
    let mut fields = 0..resource.fields.len();
    let identity = resource.identity().last();
    fields.all(|position| is_unique(position) != Some(false))
        && identity.is_none_or(|position| is_unique(position) == Some(true))
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

    /// Books in the rows of shelves, which are also listed at other paths.
    const BOOK: &str = r#"<resource path="shelves/{Shelf}/rows/{Row}/books" list="Books" element="Book" key="Number" parent="optional">
        <evidence id="test" documented="test"/>
        <alias path="books" verbs="list" by="test"/>
        <alias path="colours/{Colour}/books" verbs="list" by="test"/>
        <text name="Shelf" access="read-only" by="test"><required by="test"/></text>
        <text name="Row" access="read-only" by="test"><required by="test"/></text>
        <text name="Number" access="create" by="test"><required by="test"/></text>
        <text name="Colour" by="test"/>
        <text name="Title" by="test"/>
    </resource>"#;

    #[test]
    fn a_record_is_found_by_the_values_in_any_path_and_its_key() {
        let catalogue = catalogue(Release::V10_5, &[BOOK]);
        let resource = &catalogue.resources()[0];
        let mut store = Store::new(Arc::clone(&catalogue));
        let books = store.collection_mut(resource.id);
        let rows = [
            ["A", "1", "2", "red"],
            ["a", "1", "1", "blue"],
            ["A", "12", "1", "red"],
            ["A1", "", "2", "blue"],
            ["B", "1", "1", "red"],
        ];
        for values in rows {
            let values: Vec<_> = values.into_iter().enumerate().collect();
            books.insert(Arc::new(Record::new(Values::some(5, &values))));
        }
        let find = |path: &[(usize, &str)], key| {
            let found = books.find(&Identity::new(resource, path, Some(key)));
            found.map(|(ordinal, _)| ordinal)
        };
        assert_eq!(find(&[(0, "a"), (1, "1")], "2"), Some(0));
        assert_eq!(find(&[(0, "A"), (1, "12")], "2"), None);
        assert_eq!(find(&[(0, "a1"), (1, "")], "2"), Some(3));
        assert_eq!(find(&[], "1"), Some(1));
        assert_eq!(find(&[], "3"), None);
        assert_eq!(find(&[(3, "RED")], "1"), Some(2));
        assert_eq!(find(&[(3, "green")], "1"), None);
        // There is no index on these fields.
        assert_eq!(find(&[(4, "none")], "3"), None);

        let below = |path: &[(usize, &str)]| -> Vec<_> {
            let found = books.below(&Identity::new(resource, path, None));
            found.into_iter().map(|(ordinal, _)| ordinal).collect()
        };
        assert_eq!(below(&[(0, "A"), (1, "1")]), [0, 1]);
        assert!(below(&[(0, "A"), (1, "")]).is_empty());
        assert_eq!(below(&[(3, "blue")]), [1, 3]);
        assert_eq!(below(&[(1, "1")]), [0, 1, 4]);
        assert_eq!(below(&[]), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn many_records_are_indexed_at_once_as_one_by_one() {
        let labels = [
            "b",
            "Alpha beta gamma delta 2",
            "alpha beta gamma delta 1",
            "",
            " ",
            "A",
        ];
        let rooms = ["x", "X ", "y", "x", "y", "Y"];
        let records = labels
            .iter()
            .zip(rooms)
            .enumerate()
            .map(|(number, (label, room))| {
                let id = number.to_string();
                let values = [(OBJECT_ID, &*id), (LABEL, label), (LABEL + 1, room)];
                record(&values[..if number == 2 { 2 } else { 3 }])
            });
        let records: Vec<_> = records.collect();
        let (mut one, shelves) = store();
        let mut many = one.clone();
        let catalogue = Arc::clone(one.catalogue());
        let resource = &catalogue[shelves];
        let parallelism = Parallelism::of_machine();
        let at_once = many.collection_mut(shelves);
        assert!(at_once.insert_all(resource, &records, parallelism));
        assert!(!at_once.insert_all(resource, &records, parallelism));
        let expected = one.collection_mut(shelves);
        for record in records {
            expected.insert(record);
        }
        for label in ["0", "alpha beta gamma"] {
            at_once.insert(shelf("new", label));
            expected.insert(shelf("new", label));
        }
        let entries = |collection: &Collection| -> Vec<String> {
            let indexes = collection.indexes.iter();
            let entries = indexes.flat_map(|index| index.entries.iter());
            entries.map(|entry| format!("{entry:?}")).collect()
        };
        assert_eq!(entries(at_once), entries(expected));
        assert_eq!(self::labels(at_once), self::labels(expected));
    }

    #[test]
    fn many_records_are_not_inserted_at_once_if_two_are_equal() {
        let (mut store, shelves) = store();
        let catalogue = Arc::clone(store.catalogue());
        let records = [shelf("a", "one"), shelf("b", "two"), shelf("c", "ONE")];
        let collection = store.collection_mut(shelves);
        assert!(!collection.insert_all(&catalogue[shelves], &records, Parallelism::of_machine()));
        assert_eq!(collection.len(), 0);
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
