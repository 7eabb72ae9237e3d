//! Objects whose members are named values, each of them one value or a list.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{
        Error, IntoDeserializer, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};

/// One value, or a list of values.
#[derive(Debug, Serialize)]
#[serde(untagged)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
pub(crate) enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrManyVisitor(PhantomData))
    }
}

/// Passes everything but a list to the one value. It keeps no copy in between, so that errors have their whole path.
struct OneOrManyVisitor<T>(PhantomData<T>);

macro_rules! forward_to_one {
    ($($visit:ident: $value:ty,)*) => {
        $(fn $visit<E: Error>(self, value: $value) -> Result<OneOrMany<T>, E> {
            T::deserialize(value.into_deserializer()).map(OneOrMany::One)
        })*
    };
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrManyVisitor<T> {
    type Value = OneOrMany<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one value or a list of values")
    }

    forward_to_one! {
        visit_bool: bool,
        visit_i64: i64,
        visit_u64: u64,
        visit_f64: f64,
        visit_str: &str,
    }

    fn visit_unit<E: Error>(self) -> Result<OneOrMany<T>, E> {
        T::deserialize(().into_deserializer()).map(OneOrMany::One)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<OneOrMany<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(OneOrMany::One)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, values: A) -> Result<OneOrMany<T>, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(values)).map(OneOrMany::Many)
    }
}

/// Reads at most `MAX` named values, in the order of their names. `null` means that there are none.
pub(crate) fn read_named<'de, const MAX: usize, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<(String, T)>, D::Error> {
    let by_name = Option::<BTreeMap<String, OneOrMany<T>>>::deserialize(deserializer)?;
    let by_name = by_name.unwrap_or_default();
    // A name may have an empty list of values.
    let names = by_name.len();
    let mut named = Vec::new();
    for (name, values) in by_name {
        match values {
            OneOrMany::One(value) => named.push((name, value)),
            OneOrMany::Many(values) => {
                named.extend(values.into_iter().map(|value| (name.clone(), value)));
            }
        }
    }
    let count = names.max(named.len());
    if count > MAX {
        let error = format!("found {count} values, expected at most {MAX}");
        return Err(D::Error::custom(error));
    }
    Ok(named)
}

/// Writes named values in the order of their names.
pub(crate) fn write_named<T: Serialize, S: Serializer>(
    named: &[(String, T)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut by_name = BTreeMap::<&str, Vec<&T>>::new();
    for (name, value) in named {
        by_name.entry(name).or_default().push(value);
    }
    let members = by_name.into_iter().map(|(name, values)| {
        let values = match values[..] {
            [value] => OneOrMany::One(value),
            _ => OneOrMany::Many(values),
        };
        (name, values)
    });
    serializer.collect_map(members)
}
