//! The fields that requests to the embedded resources can write.

use std::collections::BTreeMap;

use super::DESCRIPTIONS;

/// The verbs with a body.
const WRITING: [&str; 2] = ["<verb name=\"create\"", "<verb name=\"update\""];
/// The elements of fields with a name of their own.
const FIELDS: [&str; 8] = [
    "text ",
    "integer ",
    "boolean ",
    "guid ",
    "date-time ",
    "binary ",
    "link ",
    "derived ",
];
const SECRETS: [&str; 2] = ["secret", "write-only"];

/// Returns the names of the fields of the embedded resources that a request can write, in lower case; `true` if a field is a
/// secret. They are found in the texts of the descriptions, so that these need not be read.
pub(crate) fn writable_fields() -> BTreeMap<String, bool> {
    let mut fields = BTreeMap::new();
    fields.insert("uri".to_owned(), false);
    fields.insert("objectid".to_owned(), false);
    let is_written = |text: &&str| WRITING.iter().any(|verb| text.contains(verb));
    for text in DESCRIPTIONS.iter().copied().filter(is_written) {
        for tag in text.split('<').filter(|tag| is_field(tag)) {
            let tag = tag.split('>').next().unwrap_or_default();
            let Some(name) = attribute(tag, " name=\"") else {
                continue;
            };
            let access = attribute(tag, " access=\"");
            let is_secret = access.is_some_and(|access| SECRETS.contains(&access));
            *fields.entry(name.to_lowercase()).or_default() |= is_secret;
        }
    }
    fields
}

fn is_field(tag: &str) -> bool {
    FIELDS.iter().any(|element| tag.starts_with(element))
}

/// Returns the value of an attribute, which is given with the quotation mark before it.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = tag.split_once(name)?;
    rest.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{resources::embedded_descriptions, schema::Verb};

    #[test]
    fn the_texts_have_the_fields_of_the_descriptions() {
        let mut expected = BTreeMap::new();
        let written = embedded_descriptions().filter(|description| {
            let mut verbs = description.verbs.iter();
            verbs.any(|(verb, _)| matches!(verb, Verb::Create | Verb::Update))
        });
        for field in written.flat_map(|description| &description.fields) {
            *expected.entry(field.name.to_lowercase()).or_default() |= field.access.is_hidden();
        }
        assert_eq!(writable_fields(), expected);
    }
}
