//! The private lists of a user.

use super::{keypad::digits, members, values::RecordValues};
use crate::{
    engine::{Creation, Error, NamedRecord, Transaction, find},
    schema::{Provenance, Resource},
    store::{Store, Values},
};

pub(super) const LISTS: &str = "users/{UserObjectId}/privatelists";
/// The highest number of a list.
const MAX_NUMBER: usize = 99;
/// The number of characters of a user's alias in that of a list.
const MAX_ALIAS: usize = 28;
const NO_NUMBER: &str = "Invalid parameter. Parameter = [NumericId], Value = []: expected a number from 1 to 99 that no \
                         other list of the user has";

/// Spells the name of a list, and gives a new one the first free number of its user.
pub(super) fn complete(
    store: &Store,
    resource: &Resource,
    values: Values,
    before: Option<&Values>,
) -> Values {
    let mut list = RecordValues { resource, values };
    let digits = list.get("DisplayName").map(digits);
    list.set("DtmfName", digits.as_deref());
    if before.is_none() && list.get("NumericId").is_none() {
        let number = list
            .get("UserObjectId")
            .and_then(|user| free_number(store, user));
        list.set("NumericId", number.as_deref());
    }
    list.values
}

fn free_number(store: &Store, user: &str) -> Option<String> {
    let lists = find(store, LISTS, &[("UserObjectId", user)]);
    let numbers = (1..=MAX_NUMBER).map(|number| number.to_string());
    let is_free = |number: &String| {
        lists
            .iter()
            .all(|list| list.get("NumericId") != Some(number))
    };
    numbers.into_iter().find(is_free)
}

/// Gives a new list its alias, which begins with that of the user.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    let list = &creation.record;
    if list.get("NumericId").is_none() {
        return Err(Error::refused(NO_NUMBER, Provenance::Documented));
    }
    if list.get("Alias").is_some() {
        return Ok(());
    }
    let owner = list.get("UserObjectId").unwrap_or_default();
    let owner = transaction.find("users", &[("ObjectId", owner)]).pop();
    let alias = owner.as_ref().and_then(|owner| owner.get("Alias"));
    let alias: String = alias.unwrap_or_default().chars().take(MAX_ALIAS).collect();
    let alias = format!("{alias}_{}", list.id());
    transaction.change(list, &[("Alias", Some(&alias))])
}

/// Lets the lists that contain a list follow a change of its name.
pub(super) fn updated(
    transaction: &mut Transaction<'_>,
    _: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    members::follow(transaction, "MemberPersonalVoiceMailListObjectId", after)
}
