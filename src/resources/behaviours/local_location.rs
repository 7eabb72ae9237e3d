//! The default languages of the local server.

use crate::{
    engine::{Error, NamedRecord, Transaction},
    schema::Provenance,
};

const NOT_INSTALLED: &str = "Invalid parameter. Parameter = [DefaultLanguage, DefaultTTSLanguage]: expected the codes \
                             of installed languages";
/// The languages, each with its type in the list of installed ones.
const LANGUAGES: [(&str, &str); 2] = [("DefaultLanguage", "0"), ("DefaultTTSLanguage", "3")];

/// Checks that new languages are installed, and gives them to the location of the server.
pub(super) fn updated(
    transaction: &mut Transaction<'_>,
    before: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    for (name, kind) in LANGUAGES {
        let code = after.get(name).unwrap_or_default();
        let installed = [("LanguageCode", code), ("LanguageType", kind)];
        let is_new = before.get(name) != after.get(name);
        if is_new
            && transaction
                .find("installedlanguages", &installed)
                .is_empty()
        {
            return Err(Error::refused(NOT_INSTALLED, Provenance::Documented));
        }
    }
    let primary = [("IsPrimary", "true")];
    for location in transaction.find("locations/connectionlocations", &primary) {
        let values = LANGUAGES.map(|(name, _)| (name, after.get(name)));
        transaction.change(&location, &values)?;
    }
    Ok(())
}
