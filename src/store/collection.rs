//! The records of one resource, in the order in which they were added.

use std::{
    cmp::Ordering,
    ops::Range,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;

use super::{
    FORMATS, Record, Values,
    sequence::{Iter, Sequence},
};
use crate::schema::{OBJECT_ID, Resource};

/// A record's place in the order in which records were added; never used twice.
pub(crate) type Ordinal = u64;

/// The records of one resource, with an index on each field that the schema wants one for.
#[derive(Clone, Debug)]
pub(crate) struct Collection {
    resource: &'static Resource,
    /// In the order of their ordinals.
    records: Sequence<(Ordinal, Arc<Record>)>,
    next: Ordinal,
    indexes: Vec<Index>,
    whole: Whole,
}

/// All records of a collection as they are answered, in each format, once somebody has asked for them; made by the
/// engine, kept until one changes, and opaque to the store.
pub(crate) type Whole = [OnceLock<Bytes>; FORMATS];

/// Which records hold which value of one field, without regard to case.
#[derive(Clone, Debug)]
struct Index {
    /// The position of the field.
    position: usize,
    /// In the order of the values; those with the same value in the order of their ordinals.
    entries: Sequence<Entry>,
}

/// That a record holds a value.
#[derive(Clone, Debug)]
struct Entry {
    /// How the value begins, which tells most apart.
    beginning: Beginning,
    /// Those who hold the same share it.
    value: Arc<str>,
    ordinal: Ordinal,
}

/// The first bytes of a text, which compare as they do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Beginning(u128);

impl Beginning {
    fn of(text: &str) -> Self {
        let mut bytes = [0; size_of::<u128>()];
        let known = bytes.len().min(text.len());
        bytes[..known].copy_from_slice(&text.as_bytes()[..known]);
        Self(u128::from_be_bytes(bytes))
    }
}

/// What is looked for in an index: folded, with its beginning.
struct Sought {
    beginning: Beginning,
    value: String,
}

impl Sought {
    fn new(value: &str) -> Self {
        let value = fold(value);
        Self {
            beginning: Beginning::of(&value),
            value,
        }
    }

    /// How the value of an entry compares with it. Most need not be looked up for that.
    fn order(&self, entry: &Entry) -> Ordering {
        let beginnings = entry.beginning.cmp(&self.beginning);
        beginnings.then_with(|| (*entry.value).cmp(&*self.value))
    }
}

/// An order that a collection keeps its records in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// The oldest first.
    Added,
    /// By what they hold in the indexed field at this position; those with the same value oldest first.
    By(usize),
}

impl Collection {
    pub(super) fn new(resource: &'static Resource) -> Self {
        let indexes = (0..resource.fields.len())
            .filter(|&position| resource.fields[position].is_indexed())
            .map(|position| Index {
                position,
                entries: Sequence::new(),
            })
            .collect();
        Self {
            resource,
            records: Sequence::new(),
            next: 0,
            indexes,
            whole: Whole::default(),
        }
    }

    pub(crate) fn resource(&self) -> &'static Resource {
        self.resource
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    pub(crate) fn whole(&self) -> &Whole {
        &self.whole
    }

    /// Every record, oldest first.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &Arc<Record>> {
        self.records.iter().map(|(_, record)| record)
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
        let sought = Sought::new(value);
        let found = self.index(position).from(&sought);
        found
            .take_while(move |entry| sought.order(entry).is_eq())
            .map(|entry| (entry.ordinal, self.at(entry.ordinal)))
    }

    /// The records whose value in the indexed field at `position` begins with `prefix`, oldest first.
    pub(crate) fn beginning_with(
        &self,
        position: usize,
        prefix: &str,
    ) -> impl Iterator<Item = (Ordinal, &Arc<Record>)> {
        let prefix = Sought::new(prefix);
        let found = self.index(position).from(&prefix);
        let mut ordinals: Vec<_> = found
            .take_while(|entry| entry.value.starts_with(&prefix.value))
            .map(|entry| entry.ordinal)
            .collect();
        ordinals.sort_unstable();
        ordinals
            .into_iter()
            .map(|ordinal| (ordinal, self.at(ordinal)))
    }

    /// Whether every record stands in this order: none is without a value there.
    pub(crate) fn keeps(&self, order: Order) -> bool {
        match order {
            Order::Added => true,
            Order::By(position) => self.index(position).entries.len() == self.len(),
        }
    }

    /// The records at some places of an order that the collection keeps.
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

    /// Adds a record behind all others.
    pub(crate) fn insert(&mut self, record: Arc<Record>) {
        self.whole = Whole::default();
        let ordinal = self.next;
        self.next += 1;
        for index in &mut self.indexes {
            index.enter(ordinal, &record.values);
        }
        self.records.insert(self.records.len(), (ordinal, record));
    }

    /// Puts another record in the place of the one at `ordinal`.
    pub(crate) fn replace(&mut self, ordinal: Ordinal, record: Arc<Record>) {
        let Some(place) = self.place(ordinal) else {
            return;
        };
        let Some((_, replaced)) = self.records.get(place).cloned() else {
            return;
        };
        self.whole = Whole::default();
        for index in &mut self.indexes {
            if index.value(&replaced.values) != index.value(&record.values) {
                index.leave(ordinal, &replaced.values);
                index.enter(ordinal, &record.values);
            }
        }
        self.records.replace(place, (ordinal, record));
    }

    /// Takes the record at `ordinal` out.
    pub(crate) fn remove(&mut self, ordinal: Ordinal) -> Option<Arc<Record>> {
        let place = self.place(ordinal)?;
        self.whole = Whole::default();
        let (_, record) = self.records.remove(place);
        for index in &mut self.indexes {
            index.leave(ordinal, &record.values);
        }
        Some(record)
    }

    /// The record at an ordinal, if it is still there.
    pub(crate) fn held(&self, ordinal: Ordinal) -> Option<&Arc<Record>> {
        let place = self.place(ordinal)?;
        self.records.get(place).map(|(_, record)| record)
    }

    /// The record at an ordinal that an index holds.
    fn at(&self, ordinal: Ordinal) -> &Arc<Record> {
        let record = self.held(ordinal);
        record.expect("an index holds no ordinal but those of records")
    }

    fn place(&self, ordinal: Ordinal) -> Option<usize> {
        self.records.find(|(held, _)| held.cmp(&ordinal))
    }

    fn index(&self, position: usize) -> &Index {
        self.indexes
            .iter()
            .find(|index| index.position == position)
            .expect("only indexed fields are looked up by value")
    }
}

impl Index {
    /// The entries of what is sought and of all that come behind it.
    fn from(&self, sought: &Sought) -> Iter<'_, Entry> {
        let first = self.entries.position(|entry| sought.order(entry).is_lt());
        self.entries.range(first..self.entries.len())
    }

    /// What one of its records holds.
    fn value<'v>(&self, values: &'v Values) -> Option<&'v str> {
        values.get(self.position)
    }

    fn enter(&mut self, ordinal: Ordinal, values: &Values) {
        let Some(sought) = self.value(values).map(Sought::new) else {
            return;
        };
        let place = self.place(&sought, ordinal);
        let beside = place
            .checked_sub(1)
            .and_then(|place| self.entries.get(place));
        let value = match beside {
            Some(beside) if sought.order(beside).is_eq() => Arc::clone(&beside.value),
            _ => sought.value.into(),
        };
        let entry = Entry {
            beginning: sought.beginning,
            value,
            ordinal,
        };
        self.entries.insert(place, entry);
    }

    fn leave(&mut self, ordinal: Ordinal, values: &Values) {
        if let Some(sought) = self.value(values).map(Sought::new) {
            self.entries.remove(self.place(&sought, ordinal));
        }
    }

    /// Where the entry of what is sought and `ordinal` stands, or would.
    fn place(&self, sought: &Sought, ordinal: Ordinal) -> usize {
        self.entries.position(|entry| {
            let order = sought.order(entry);
            order.then(entry.ordinal.cmp(&ordinal)).is_lt()
        })
    }
}

/// The form in which values are compared: without regard to case, and to the blanks around them.
///
/// Letter by letter, so that the form of a beginning is the beginning of the form.
pub(crate) fn fold(value: &str) -> String {
    let value = value.trim();
    match value.is_ascii() {
        true => value.to_ascii_lowercase(),
        false => value.chars().flat_map(char::to_lowercase).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Release, documented, guid, object_id, text, uri};
    use crate::store::Store;

    static SHELF: Resource = Resource::new("shelves", "Shelves", "Shelf").fields(&[
        uri(documented("test")),
        object_id(documented("test")),
        text("Label", documented("test")).unique(documented("test")),
        guid("Room", documented("test")),
    ]);
    const LABEL: usize = 2;

    fn made(values: Values) -> Arc<Record> {
        Arc::new(Record::new(SHELF.edition(Release::V10_5), values))
    }

    fn shelf(id: &str, label: &str) -> Arc<Record> {
        let values = Values::some(SHELF.fields.len(), &[(OBJECT_ID, id), (LABEL, label)]);
        made(values)
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
        assert!(shelves.keeps(Order::By(LABEL)));
        let ordered = |places| -> Vec<_> {
            let ordered = shelves.range(Order::By(LABEL), places);
            ordered.filter_map(|r| r.values.get(LABEL)).collect()
        };
        assert_eq!(ordered(0..3), ["a", "b", "C"]);
        assert_eq!(ordered(1..2), ["b"]);
        let nameless = Values::some(SHELF.fields.len(), &[(OBJECT_ID, "4")]);
        shelves.insert(made(nameless));
        assert!(!shelves.keeps(Order::By(LABEL)));
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
