//! One record.

use std::{cmp::Ordering, ops::Range, sync::OnceLock};

/// The values of one record, each at the position of its field in the resource.
///
/// A missing value (`None`) differs from an empty one. All values are stored in one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Values {
    text: Box<str>,
    ends: Ends,
}

/// For each field, twice the end of its value in the text, plus one if the field has a value. The numbers are as small as
/// the text allows, because they take more memory than the text of most records.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Ends {
    Short(Box<[u16]>),
    Long(Box<[u32]>),
}

impl Ends {
    /// Takes numbers, none of which exceeds `last`.
    fn new(ends: impl Iterator<Item = u32>, last: u32) -> Self {
        if last <= u16::MAX.into() {
            Self::Short(ends.map(|end| end as u16).collect())
        } else {
            Self::Long(ends.collect())
        }
    }

    fn get(&self, position: usize) -> u32 {
        match self {
            Self::Short(ends) => ends[position].into(),
            Self::Long(ends) => ends[position],
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Short(ends) => ends.len(),
            Self::Long(ends) => ends.len(),
        }
    }
}

impl Values {
    /// Takes one value for each field.
    pub(crate) fn of<'v>(fields: impl Iterator<Item = Option<&'v str>>) -> Self {
        // Collected first, because a field may be expensive to look up and is needed twice.
        Self::of_fields(&fields.collect::<Vec<_>>())
    }

    fn of_fields(fields: &[Option<&str>]) -> Self {
        let length = fields.iter().flatten().map(|value| value.len()).sum();
        let mut text = String::with_capacity(length);
        fields
            .iter()
            .flatten()
            .for_each(|value| text.push_str(value));
        let mut end = 0;
        let ends = fields.iter().map(|value| {
            end += value.map_or(0, length_of);
            encoded_end(end, *value)
        });
        Self::from_parts(text, ends)
    }

    /// Takes the text of all values, and their ends as [`Ends`] has them.
    fn from_parts(text: String, ends: impl Iterator<Item = u32>) -> Self {
        Self {
            ends: Ends::new(ends, 2 * length_of(&text) + 1),
            text: text.into(),
        }
    }

    /// Inserts a value at the position of a field that has none.
    pub(crate) fn insert(&mut self, position: usize, value: &str) {
        *self = self.with(position, Some(value));
    }

    /// Returns the value at the position of a field.
    pub(crate) fn get(&self, position: usize) -> Option<&str> {
        let has_value = self.ends.get(position) & 1 == 1;
        has_value.then(|| &self.text[self.span(position)])
    }

    /// Returns the values with another one at the position of a field.
    pub(crate) fn with(&self, position: usize, value: Option<&str>) -> Self {
        let former = self.span(position);
        let given = value.unwrap_or_default();
        let (before, after) = (&self.text[..former.start], &self.text[former.end..]);
        let text = [before, given, after].concat();
        let end = length_of(before) + length_of(given);
        let ends = (0..self.ends.len()).map(|other| match other.cmp(&position) {
            Ordering::Less => self.ends.get(other),
            Ordering::Equal => encoded_end(end, value),
            Ordering::Greater => self.ends.get(other) - 2 * former.end as u32 + 2 * end,
        });
        Self::from_parts(text, ends)
    }

    /// Returns the values of a record with this number of fields, given by their positions.
    #[cfg(test)]
    pub(crate) fn some(fields: usize, values: &[(usize, &str)]) -> Self {
        Self::of((0..fields).map(|position| {
            let mut values = values.iter();
            let value = values.find(|(given, _)| *given == position);
            value.map(|(_, value)| *value)
        }))
    }

    fn span(&self, position: usize) -> Range<usize> {
        let end = |position: usize| self.ends.get(position) as usize / 2;
        position.checked_sub(1).map_or(0, end)..end(position)
    }
}

/// Returns the end of a value in the form of [`Ends`].
fn encoded_end(end: u32, value: Option<&str>) -> u32 {
    2 * end + u32::from(value.is_some())
}

fn length_of(text: &str) -> u32 {
    u32::try_from(text.len()).expect("the values of a record are less than 2 GiB")
}

/// The number of formats that a record is rendered in.
pub(crate) const FORMATS: usize = 2;

/// One record: its values and their rendered form.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) values: Values,
    /// The rendered text, one per format. The engine makes it; it is opaque to the store.
    pub(crate) rendered: [OnceLock<Box<str>>; FORMATS],
}

impl Record {
    /// Creates a record that is not rendered yet.
    pub(crate) fn new(values: Values) -> Self {
        let rendered = Default::default();
        Self { values, rendered }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_inserted_between_others() {
        let mut values = Values::some(4, &[(0, "one"), (2, ""), (3, "three")]);
        values.insert(1, "two");
        let expected = [(0, "one"), (1, "two"), (2, ""), (3, "three")];
        assert_eq!(values, Values::some(4, &expected));
    }

    #[test]
    fn a_value_is_replaced_or_removed_between_others() {
        let long = "x".repeat(40_000);
        let replacements = [None, Some(""), Some("two"), Some(&*long)];
        let texts = [None, Some("one"), Some("")];
        for position in 0..3 {
            for before in replacements {
                for after in replacements {
                    let values = |changed| {
                        Values::of(
                            (0..3).map(|at| if at == position { changed } else { texts[at] }),
                        )
                    };
                    assert_eq!(values(before).with(position, after), values(after));
                }
            }
        }
    }

    #[test]
    fn an_empty_value_differs_from_a_missing_one() {
        let values = Values::some(4, &[(0, ""), (2, "two"), (3, "drei")]);
        let read = [0, 1, 2, 3].map(|position| values.get(position));
        assert_eq!(read, [Some(""), None, Some("two"), Some("drei")]);
        assert_ne!(values, Values::some(4, &[(2, "two"), (3, "drei")]));
    }
}
