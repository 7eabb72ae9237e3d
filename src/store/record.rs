//! One object.

use std::ops::Range;

use bytes::Bytes;

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
    /// No value in any of `fields` fields.
    pub(crate) fn empty(fields: usize) -> Self {
        Self {
            text: String::new(),
            ends: vec![0; fields].into_boxed_slice(),
        }
    }

    /// The value at the position of a field.
    pub(crate) fn get(&self, position: usize) -> Option<&str> {
        let is_there = self.ends[position] & 1 == 1;
        is_there.then(|| &self.text[self.span(position)])
    }

    /// Puts a value at the position of a field.
    pub(crate) fn set(&mut self, position: usize, value: impl AsRef<str>) {
        self.put(position, value.as_ref());
        self.ends[position] |= 1;
    }

    /// Takes the value at the position of a field away.
    pub(crate) fn clear(&mut self, position: usize) {
        self.put(position, "");
        self.ends[position] &= !1;
    }

    /// Every value that is there, with its position.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &str)> {
        (0..self.ends.len()).filter_map(|position| Some((position, self.get(position)?)))
    }

    /// The same, with no room left to grow.
    pub(crate) fn packed(mut self) -> Self {
        self.text.shrink_to_fit();
        self
    }

    fn put(&mut self, position: usize, value: &str) {
        let span = self.span(position);
        let (gone, come) = (length(span.len()), length(value.len()));
        for end in &mut self.ends[position..] {
            *end = *end - 2 * gone + 2 * come;
        }
        self.text.replace_range(span, value);
    }

    fn span(&self, position: usize) -> Range<usize> {
        let end = |position: usize| self.ends[position] as usize / 2;
        position.checked_sub(1).map_or(0, end)..end(position)
    }
}

fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("the values of an object are less than 2 GiB")
}

/// How many formats a record is rendered in.
pub(crate) const FORMATS: usize = 2;

/// One object: its values, and what they look like on the wire.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) values: Values,
    /// One for each format, made by the engine when the record is written, and opaque to the store.
    pub(crate) rendered: [Bytes; FORMATS],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_changed_and_taken_away_in_any_order() {
        let mut values = Values::empty(4);
        assert_eq!(values.iter().count(), 0);
        values.set(2, "two");
        values.set(0, "");
        values.set(3, "drei");
        assert_eq!(
            values.iter().collect::<Vec<_>>(),
            [(0, ""), (2, "two"), (3, "drei")]
        );
        values.set(1, "une");
        values.set(2, "zwei");
        values.clear(0);
        values.clear(3);
        assert_eq!(values.iter().collect::<Vec<_>>(), [(1, "une"), (2, "zwei")]);
        values.set(3, "");
        assert_eq!((values.get(0), values.get(3)), (None, Some("")));
    }

    #[test]
    fn values_are_the_same_whichever_way_they_came_about() {
        let (mut one, mut other) = (Values::empty(2), Values::empty(2));
        one.set(1, "b");
        one.set(0, "a");
        other.set(0, "long before");
        other.set(0, "a");
        other.set(1, "b");
        assert_eq!(one, other);
        other.clear(1);
        assert_ne!(one, other);
    }
}
