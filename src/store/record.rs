//! One object.

use bytes::Bytes;

/// The values of one object, each at the position of its field in the resource.
///
/// `None` is no value, which is not the same as an empty one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Values(Box<[Option<Box<str>>]>);

impl Values {
    /// No value in any of `fields` fields.
    pub(crate) fn empty(fields: usize) -> Self {
        Self(vec![None; fields].into_boxed_slice())
    }

    /// The value at the position of a field.
    pub(crate) fn get(&self, position: usize) -> Option<&str> {
        self.0[position].as_deref()
    }

    /// Puts a value at the position of a field.
    pub(crate) fn set(&mut self, position: usize, value: impl Into<Box<str>>) {
        self.0[position] = Some(value.into());
    }

    /// Takes the value at the position of a field away.
    pub(crate) fn clear(&mut self, position: usize) {
        self.0[position] = None;
    }

    /// Every value that is there, with its position.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &str)> {
        self.0
            .iter()
            .enumerate()
            .filter_map(|(position, value)| Some((position, value.as_deref()?)))
    }
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
