//! Distribution lists.

use super::keypad::digits;
use crate::{
    schema::Resource,
    store::{Store, Values},
};

/// The number of digits by which a caller spells the name of a list.
const MAX_DIGITS: usize = 16;

/// Spells the name of a list, and names a new one that has only an alias.
pub(super) fn complete(
    _: &Store,
    resource: &Resource,
    values: Values,
    before: Option<&Values>,
) -> Values {
    let [alias, name, spelled] =
        ["Alias", "DisplayName", "DtmfName"].map(|name| resource.position(name));
    let value = |position: Option<usize>| values.get(position?);
    let shown = match (value(name), value(alias)) {
        (Some(name), _) => name.to_owned(),
        (None, Some(alias)) if before.is_none() => alias.to_owned(),
        _ => return values,
    };
    let mut values = values;
    if let Some(name) = name {
        values = values.with(name, Some(&shown));
    }
    if let Some(spelled) = spelled {
        let digits = digits(&shown);
        values = values.with(spelled, Some(&digits[..digits.len().min(MAX_DIGITS)]));
    }
    values
}
