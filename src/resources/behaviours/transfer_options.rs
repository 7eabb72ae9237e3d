//! Transfer options of call handlers and of their templates.

use super::expiry;
use crate::{
    engine::{Error, NamedRecord, Transaction},
    schema::Provenance,
};

const EXTENSION: &str = "Extension";
const USES_PRIMARY: &str = "UsePrimaryExtension";
const CHARACTERS: &str =
    "Invalid parameter. Parameter = [Extension]: expected digits, commas, #, * or +";
const BOTH: &str =
    "Invalid parameter. Parameter = [Extension]: expected no value, as UsePrimaryExtension is true";
const NEITHER: &str =
    "Invalid parameter. Parameter = [Extension]: expected a value, as UsePrimaryExtension is false";

/// Checks the extension of an option that changes, and enables or disables the option.
pub(super) fn updated(
    transaction: &mut Transaction<'_>,
    before: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    let extension = after.get(EXTENSION);
    let is_dialable = |text: &str| {
        text.chars()
            .all(|digit| digit.is_ascii_digit() || ",#*+".contains(digit))
    };
    if !extension.is_none_or(is_dialable) {
        return Err(Error::refused(CHARACTERS, Provenance::Documented));
    }
    let is_new = extension.is_some() && extension != before.get(EXTENSION);
    let uses_primary = |option: &NamedRecord| option.get(USES_PRIMARY) == Some("true");
    match (uses_primary(before), uses_primary(after)) {
        // An extension of its own replaces the primary one.
        (true, true) if is_new => transaction.change(after, &[(USES_PRIMARY, Some("false"))])?,
        (false, true) if is_new => return Err(Error::refused(BOTH, Provenance::Documented)),
        (false, true) => transaction.change(after, &[(EXTENSION, None)])?,
        (true, false) if !is_new => return Err(Error::refused(NEITHER, Provenance::Documented)),
        _ => {}
    }
    expiry::follow(transaction, before, after, &["Standard"])
}
