//! The rejections of a real server, in the form of descriptions of errors.

use std::collections::BTreeSet;

use crate::{
    appliance::{document::XmlElement, message_template, rejection::Rejection},
    engine::{description::read_document, load::Attachments},
    schema::{Catalogue, ERROR_CONTENTS, ErrorRule, Verb},
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
pub(super) struct ErrorEntries {
    entries: Vec<ErrorEntry>,
    /// The entries that this server was started with.
    known: Vec<XmlElement>,
}

impl ErrorEntry {
    /// Returns an entry without content, about the requests with the same verb to the same resource.
    pub(super) fn of(rejection: &Rejection<'_>) -> Self {
        let rule = rejection.rule;
        let has_verbs = !rule.content(None).verbs.is_empty();
        Self {
            rule,
            verb: rejection.verb(),
            resource: rejection.resource.filter(|_| has_verbs).map(str::to_owned),
            status: None,
            code: None,
            message: None,
        }
    }

    /// True if it is about all requests that another scope is about.
    fn includes(&self, verb: Option<Verb>, resource: Option<&str>) -> bool {
        (self.verb.is_none() || self.verb == verb)
            && (self.resource.is_none() || self.resource.as_deref() == resource)
    }

    fn has_same_content(&self, other: &Self) -> bool {
        self.status == other.status && self.code == other.code && self.message == other.message
    }

    /// True if a server with the entry rejects a request as the real server does.
    fn explains(&self, status: u16, code: Option<&str>, message: Option<&str>) -> bool {
        let has_message = match (&self.message, message) {
            (Some(template), Some(message)) => {
                message_template::values(template, message).is_some()
            }
            _ => false,
        };
        let has_code = self.code.is_none() || self.code.as_deref() == code;
        has_message && has_code && self.status.is_none_or(|known| known == status)
    }
}

impl ErrorEntries {
    /// Begins with the entries of these descriptions.
    pub(super) fn new<'d>(documents: impl Iterator<Item = &'d [u8]>) -> Self {
        let roots = documents.filter_map(|document| XmlElement::read(document).ok());
        let roots = roots.filter(|root| root.name == ERRORS);
        Self {
            entries: Vec::new(),
            known: roots.flat_map(|root| root.children).collect(),
        }
    }

    /// Adds the parts of an entry that no other one about the same requests has. Fails with the reason if they contradict
    /// it, or if the entry is invalid.
    pub(super) fn add(&mut self, entry: ErrorEntry) -> Result<(), String> {
        if entry
            .status
            .is_some_and(|status| !STATUSES.contains(&status))
        {
            return Err("the status depends on more than the rule".to_owned());
        }
        let document = document([element(&entry, "a server")], "a server");
        let reading = read_document(document.as_bytes(), &Attachments::default());
        if let Some(error) = reading.errors.first() {
            return Err(error.message().to_owned());
        }
        let mut entries = self.entries.iter_mut();
        let known = entries.find(|known| {
            (known.rule, known.verb, &known.resource) == (entry.rule, entry.verb, &entry.resource)
        });
        let Some(known) = known else {
            self.entries.push(entry);
            return Ok(());
        };
        let is_status = merge(&mut known.status, entry.status);
        let is_code = merge(&mut known.code, entry.code);
        let is_message = merge_messages(&mut known.message, entry.message);
        match is_status && is_code && is_message {
            true => Ok(()),
            false => Err("another request that breaks the rule gets another response".to_owned()),
        }
    }

    /// Adds an entry that repeats the content of this server, unless a known one is about the same rule.
    pub(super) fn confirm(&mut self, entry: ErrorEntry) {
        let mut known = self.known.iter().filter_map(scope);
        if !known.any(|(rule, ..)| rule == entry.rule) {
            let _ = self.add(entry);
        }
    }

    /// Adds the parts that a user has described: an entry hides those about more requests.
    pub(super) fn fill_in(&mut self, catalogue: &Catalogue) {
        for entry in &mut self.entries {
            let resource = entry.resource.as_deref();
            let resource = resource.and_then(|path| catalogue.resource(path));
            if let Some(described) = catalogue.error(entry.rule, entry.verb, resource) {
                let text = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
                entry.status = entry.status.or(described.status);
                entry.code = entry.code.take().or_else(|| text(&described.code));
                entry.message = entry.message.take().or_else(|| text(&described.message));
            }
        }
    }

    /// Replaces equal entries by one about more requests: about all resources, and then about all verbs, if all observed
    /// rejections have that content. `observed` are the scopes of the rejections, each as an entry without content.
    pub(super) fn widen(&mut self, observed: &[ErrorEntry]) {
        let scopes = observed.iter().map(|entry| (entry.rule, entry.verb));
        let mut scopes: Vec<_> = scopes.collect();
        scopes.sort_unstable_by_key(|(rule, verb)| (*rule, verb.map(Verb::name)));
        scopes.dedup();
        for (rule, verb) in &scopes {
            self.widen_to_resources(*rule, *verb, observed);
        }
        scopes.dedup_by_key(|(rule, _)| *rule);
        for (rule, _) in scopes {
            self.widen_to_verbs(rule);
        }
    }

    fn widen_to_resources(&mut self, rule: ErrorRule, verb: Option<Verb>, observed: &[ErrorEntry]) {
        let is_one = |entry: &ErrorEntry| {
            entry.rule == rule && entry.verb == verb && entry.resource.is_some()
        };
        let resources = observed.iter().filter(|entry| is_one(entry));
        let resources: BTreeSet<_> = resources.map(|entry| &entry.resource).collect();
        let entries: Vec<_> = self.entries.iter().filter(|entry| is_one(entry)).collect();
        let Some(first) = entries.first() else {
            return;
        };
        let is_same = entries.iter().all(|entry| entry.has_same_content(first));
        if is_same && resources.len() > 1 && entries.len() == resources.len() {
            let wider = ErrorEntry {
                resource: None,
                ..ErrorEntry::clone(first)
            };
            self.replace(is_one, wider);
        }
    }

    fn widen_to_verbs(&mut self, rule: ErrorRule) {
        let is_one = |entry: &ErrorEntry| entry.rule == rule;
        let verbs = rule.content(None).verbs;
        let entries: Vec<_> = self.entries.iter().filter(|entry| is_one(entry)).collect();
        let Some(first) = entries.first() else {
            return;
        };
        let is_same = entries
            .iter()
            .all(|entry| entry.resource.is_none() && entry.has_same_content(first));
        let has = |verb: &Verb| entries.iter().any(|entry| entry.verb == Some(*verb));
        if is_same && verbs.len() > 1 && verbs.iter().all(has) {
            let wider = ErrorEntry {
                verb: None,
                ..ErrorEntry::clone(first)
            };
            self.replace(is_one, wider);
        }
    }

    /// True if the entry about a rejection explains the response of the real server.
    pub(super) fn explains(
        &self,
        rejection: &Rejection<'_>,
        status: u16,
        code: Option<&str>,
    ) -> bool {
        let verb = rejection.verb();
        let of_rule = self
            .entries
            .iter()
            .filter(|entry| entry.rule == rejection.rule);
        let matching = of_rule.filter(|entry| entry.includes(verb, rejection.resource));
        let precise = matching.max_by_key(|entry| (entry.resource.is_some(), entry.verb.is_some()));
        precise.is_some_and(|entry| entry.explains(status, code, rejection.server))
    }

    /// True if there is an entry that this server was not started with.
    pub(super) fn has_new(&self) -> bool {
        !self.entries.is_empty()
    }

    /// Returns the document; `None` without entries.
    pub(super) fn text(&self, source: &str) -> Option<String> {
        if self.entries.is_empty() && self.known.is_empty() {
            return None;
        }
        let is_replaced = |known: &&XmlElement| {
            let Some((rule, verb, resource)) = scope(known) else {
                return false;
            };
            let mut entries = self.entries.iter().filter(|entry| entry.rule == rule);
            entries.any(|entry| entry.includes(verb, resource))
        };
        let known = self.known.iter().filter(|known| !is_replaced(known));
        let entries = self.entries.iter().map(|entry| element(entry, source));
        Some(document(known.cloned().chain(entries), source))
    }

    /// Replaces entries by one, at the place of the first.
    fn replace(&mut self, is_replaced: impl Fn(&ErrorEntry) -> bool, entry: ErrorEntry) {
        let place = self.entries.iter().position(&is_replaced);
        self.entries.retain(|entry| !is_replaced(entry));
        let place = place.unwrap_or_default().min(self.entries.len());
        self.entries.insert(place, entry);
    }
}

/// Returns the rule, the verb and the resource that an element is about.
fn scope(element: &XmlElement) -> Option<(ErrorRule, Option<Verb>, Option<&str>)> {
    let name = element.attribute("rule")?;
    let content = ERROR_CONTENTS.iter().find(|content| content.name == name)?;
    let verb = element.attribute("verb");
    let verb = verb.and_then(|name| Verb::ALL.into_iter().find(|verb| verb.name() == name));
    Some((content.rule, verb, element.attribute("resource")))
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

/// Does the same with messages, of which the one with more placeholders remains: a short value may not be recognized.
fn merge_messages(known: &mut Option<String>, new: Option<String>) -> bool {
    match (known.as_deref(), new) {
        (Some(message), Some(new)) if message_template::explains(&new, message) => {
            *known = Some(new);
            true
        }
        (Some(message), Some(new)) => message_template::explains(message, &new),
        (_, new) => merge(known, new),
    }
}

fn document(entries: impl IntoIterator<Item = XmlElement>, source: &str) -> String {
    let root = XmlElement {
        name: ERRORS.to_owned(),
        children: entries.into_iter().collect(),
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
