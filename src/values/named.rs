//! Objects whose members are named values, each of them one value or a list.

use std::collections::BTreeMap;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, Error},
};
use serde_json::Value;

/// One value, or a list of values.
#[derive(Debug, Serialize)]
#[serde(untagged)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
pub(crate) enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Array(values) => {
                let values = values.into_iter().map(T::deserialize);
                values.collect::<Result<_, _>>().map(Self::Many)
            }
            value => T::deserialize(value).map(Self::One),
        }
        .map_err(D::Error::custom)
    }
}

/// Reads at most `MAX` named values, in the order of their names. `null` means that there are none.
pub(crate) fn read_named<'de, const MAX: usize, T: DeserializeOwned, D: Deserializer<'de>>(
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
