//! The rejections of a real server, in the form of descriptions of errors.

use crate::{
    appliance::document::XmlElement,
    engine::{description::read_document, load::Attachments},
    schema::{ErrorRule, Verb},
};

/// The statuses that a description of errors can give to all requests that break a rule. Others have reasons outside of
/// the request, such as the rights of the user or the load of the server.
const STATUSES: [u16; 7] = [400, 404, 405, 409, 412, 415, 422];
const ERRORS: &str = "errors";

/// The content of the responses to requests that break a rule. Parts that are `None` remain as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ErrorEntry {
    pub(super) rule: ErrorRule,
    pub(super) verb: Option<Verb>,
    pub(super) resource: Option<String>,
    pub(super) status: Option<u16>,
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
}

/// The contents for different rules, verbs and resources.
#[derive(Debug, Default)]
pub(super) struct ErrorEntries(Vec<ErrorEntry>);

impl ErrorEntries {
    /// Adds the parts of an entry that no other one about the same requests has. Fails with the reason if they contradict
    /// it, or if the entry is invalid.
    pub(super) fn add(&mut self, entry: ErrorEntry) -> Result<(), String> {
        if entry
            .status
            .is_some_and(|status| !STATUSES.contains(&status))
        {
            return Err("the status depends on more than the rule".to_owned());
        }
        let document = document(std::slice::from_ref(&entry), "a server");
        let reading = read_document(document.as_bytes(), &Attachments::default());
        if let Some(error) = reading.errors.first() {
            return Err(error.message().to_owned());
        }
        let mut entries = self.0.iter_mut();
        let known = entries.find(|known| {
            (known.rule, known.verb, &known.resource) == (entry.rule, entry.verb, &entry.resource)
        });
        let Some(known) = known else {
            self.0.push(entry);
            return Ok(());
        };
        let is_status = merge(&mut known.status, entry.status);
        let is_code = merge(&mut known.code, entry.code);
        let is_message = merge(&mut known.message, entry.message);
        match is_status && is_code && is_message {
            true => Ok(()),
            false => Err("another request that breaks the rule gets another response".to_owned()),
        }
    }

    /// Returns the document; `None` without entries.
    pub(super) fn text(&self, source: &str) -> Option<String> {
        (!self.0.is_empty()).then(|| document(&self.0, source))
    }
}

/// Sets a part that is missing. Returns `false` if it has another value.
fn merge<T: PartialEq>(known: &mut Option<T>, new: Option<T>) -> bool {
    match (&known, new) {
        (_, None) => true,
        (Some(known), Some(new)) => *known == new,
        (None, new) => {
            *known = new;
            true
        }
    }
}

fn document(entries: &[ErrorEntry], source: &str) -> String {
    let root = XmlElement {
        name: ERRORS.to_owned(),
        children: entries.iter().map(|entry| element(entry, source)).collect(),
        ..XmlElement::default()
    };
    // A comment must not contain two hyphens.
    let mut text = format!(
        "<!-- The rejections of {}. -->\n",
        source.replace("--", "- -")
    );
    root.write(&mut text, 0);
    text
}

fn element(entry: &ErrorEntry, source: &str) -> XmlElement {
    let mut element = XmlElement {
        name: "error".to_owned(),
        ..XmlElement::default()
    };
    let rule = entry.rule.content(None).name.to_owned();
    let attributes = [
        ("rule", Some(rule)),
        ("verb", entry.verb.map(|verb| verb.name().to_owned())),
        ("resource", entry.resource.clone()),
        ("status", entry.status.map(|status| status.to_string())),
        ("code", entry.code.clone()),
        ("message", entry.message.clone()),
        ("captured", Some(source.to_owned())),
    ];
    for (name, value) in attributes {
        if let Some(value) = value {
            element.set_attribute(name, value);
        }
    }
    element
}
