//! The recordings of greetings, in one language each.

use crate::{
    engine::{Creation, Error, Transaction},
    schema::Provenance,
};

/// Checks that a new recording is in a language of the telephone that is installed.
pub(super) fn created(transaction: &mut Transaction<'_>, creation: &Creation) -> Result<(), Error> {
    let code = creation.record.get("LanguageCode").unwrap_or_default();
    let installed = [("LanguageType", "0"), ("LanguageCode", code)];
    if !transaction
        .find("installedlanguages", &installed)
        .is_empty()
    {
        return Ok(());
    }
    let message = format!(
        "Invalid parameter. Parameter = [LanguageCode], Value = [{code}]: expected the LanguageCode of an \
         InstalledLanguage with LanguageType 0"
    );
    Err(Error::refused(message, Provenance::Client))
}
