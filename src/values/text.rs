//! Texts that are parsed.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserializer,
    de::{Error, Unexpected, Visitor},
};

use crate::engine::shorten;

/// Reads a text that `parse` accepts. `expected` describes such texts.
pub(crate) fn parsed<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    expected: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(TextVisitor {
        expected,
        parse,
        parsed: PhantomData,
    })
}

struct TextVisitor<'a, P, T> {
    expected: &'a str,
    parse: P,
    parsed: PhantomData<T>,
}

impl<T, P: Fn(&str) -> Option<T>> Visitor<'_> for TextVisitor<'_, P, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        let parsed = (self.parse)(text);
        parsed.ok_or_else(|| E::invalid_value(Unexpected::Str(&shorten(text)), &self))
    }
}
