//! One object.

use std::{cmp::Ordering, ops::Range, sync::OnceLock};

use bytes::Bytes;

use crate::schema::ResolvedResource;

/// The values of one object, each at the position of its field in the resource.
///
/// `None` is no value, which is not the same as an empty one. All of them stand in one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Values {
    text: String,
    /// Where the value of each field ends in the text, twice that if there is none, and else one more.
    ends: Box<[u32]>,
}

impl Values {
    /// Takes one value for each field. No capacity is left over.
    pub(crate) fn of<'v>(fields: impl Iterator<Item = Option<&'v str>>) -> Self {
        // Collected first, because a field may be expensive to look up and is needed twice.
        let fields: Vec<_> = fields.collect();
        let length = fields.iter().flatten().map(|value| value.len()).sum();
        let mut text = String::with_capacity(length);
        let ends = fields.iter().map(|value| {
            text.push_str(value.unwrap_or_default());
            2 * length_of(&text) + u32::from(value.is_some())
        });
        let ends = ends.collect();
        Self { text, ends }
    }

    /// Returns a copy with this value at the position of a field that has none.
    pub(crate) fn with(&self, position: usize, value: &str) -> Self {
        let (before, after) = self.text.split_at(self.span(position).start);
        let added = 2 * length_of(value);
        let ends = self.ends.iter().enumerate();
        Self {
            text: [before, value, after].concat(),
            ends: ends
                .map(|(field, end)| match field.cmp(&position) {
                    Ordering::Less => *end,
                    Ordering::Equal => end + added + 1,
                    Ordering::Greater => end + added,
                })
                .collect(),
        }
    }

    /// The value at the position of a field.
    pub(crate) fn get(&self, position: usize) -> Option<&str> {
        let is_there = self.ends[position] & 1 == 1;
        is_there.then(|| &self.text[self.span(position)])
    }

    /// Of so many fields, those at these positions hold these values.
    #[cfg(test)]
    pub(crate) fn some(fields: usize, held: &[(usize, &str)]) -> Self {
        Self::of((0..fields).map(|position| {
            let mut held = held.iter();
            let found = held.find(|(held, _)| *held == position);
            found.map(|(_, value)| *value)
        }))
    }

    fn span(&self, position: usize) -> Range<usize> {
        let end = |position: usize| self.ends[position] as usize / 2;
        position.checked_sub(1).map_or(0, end)..end(position)
    }
}

fn length_of(text: &str) -> u32 {
    u32::try_from(text.len()).expect("the values of an object are less than 2 GiB")
}

/// How many formats a record is rendered in.
pub(crate) const FORMATS: usize = 2;

/// One object: its values, and what they look like on the wire.
#[derive(Debug)]
pub(crate) struct Record {
    /// What its values are values of.
    pub(crate) edition: &'static ResolvedResource,
    pub(crate) values: Values,
    /// One for each format, made by the engine when the record is written, and opaque to the store.
    pub(crate) rendered: OnceLock<[Bytes; FORMATS]>,
}

impl Record {
    /// A record that is still to be rendered.
    pub(crate) fn new(edition: &'static ResolvedResource, values: Values) -> Self {
        let rendered = OnceLock::new();
        Self {
            edition,
            values,
            rendered,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_are_empty_are_told_from_none() {
        let values = Values::some(4, &[(0, ""), (2, "two"), (3, "drei")]);
        let read = [0, 1, 2, 3].map(|position| values.get(position));
        assert_eq!(read, [Some(""), None, Some("two"), Some("drei")]);
        assert_ne!(values, Values::some(4, &[(2, "two"), (3, "drei")]));
    }
}
