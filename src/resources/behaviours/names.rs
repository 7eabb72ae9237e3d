//! The names of persons.

use super::{keypad::digits, values::RecordValues};

/// The maximum number of characters of a name.
const MAX_NAME: usize = 64;

/// Names a person that has no name: by the first and the last name, or by the alias.
pub(super) fn complete(person: &mut RecordValues<'_>) {
    if person.get("DisplayName").is_some() {
        return;
    }
    let names = ["FirstName", "LastName"].map(|name| person.get(name));
    let names: Vec<_> = names.into_iter().flatten().collect();
    let name = match names[..] {
        [] => person.get("Alias").map(str::to_owned),
        _ => Some(names.join(" ").chars().take(MAX_NAME).collect()),
    };
    person.set("DisplayName", name.as_deref());
}

/// Spells the names of a person on the keypad of a telephone.
pub(super) fn spell(person: &mut RecordValues<'_>) {
    let [first, last] = ["FirstName", "LastName"].map(|name| person.get(name).map(digits));
    let joined = |one: &Option<String>, other: &Option<String>| match (one, other) {
        (None, None) => None,
        _ => Some(
            [one.as_deref(), other.as_deref()]
                .map(Option::unwrap_or_default)
                .concat(),
        ),
    };
    let spelled = [
        ("DtmfNameFirstLast", joined(&first, &last)),
        ("DtmfNameLastFirst", joined(&last, &first)),
        ("DtmfNameFirst", first),
        ("DtmfNameLast", last),
    ];
    for (name, digits) in spelled {
        person.set(name, digits.as_deref());
    }
}
