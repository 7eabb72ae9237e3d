//! The texts that the page for the maintainers may contain, and those that it may not.

use std::collections::BTreeSet;

use crate::{
    appliance::drift::message_text::{ELLIPSIS, without_texts, without_values},
    schema::{Catalogue, ERROR_CONTENTS},
};

/// The names of the API, which no customer has chosen, and the names that the customer has.
#[derive(Debug)]
pub(crate) struct PageNames<'n> {
    known: BTreeSet<&'n str>,
    /// The names of the host, of the user and of the tenant.
    hidden: &'n [String],
}

impl<'n> PageNames<'n> {
    /// Returns the names of all resources and fields. The hidden texts appear nowhere.
    pub(crate) fn new(catalogue: &'n Catalogue, hidden: &'n [String]) -> Self {
        let mut known = BTreeSet::new();
        for resource in catalogue.resources() {
            known.extend([&*resource.element, &*resource.list_element]);
            known.extend(resource.fields.iter().map(|field| &*field.name));
            let collections = resource.collections();
            known.extend(collections.flat_map(|path| path.split('/')));
        }
        known.insert("vmrest");
        Self { known, hidden }
    }

    /// Returns a text of the server without values.
    pub(super) fn message(&self, text: &str) -> String {
        let shown = without_texts(text, self.hidden, ELLIPSIS);
        without_values(&shown, &|name| {
            self.known.contains(name) || is_of_placeholders(name)
        })
    }

    /// Returns a text that consists of names of the API, without the hidden ones.
    pub(super) fn names(&self, text: &str) -> String {
        without_texts(text, self.hidden, ELLIPSIS)
    }

    /// Returns a request in words: its method, the known segments of its path, and the known words behind it. Words without
    /// a path are shown as a message.
    pub(super) fn request(&self, request: &str) -> String {
        let split = request.split_once(' ');
        let Some((method, rest)) = split.filter(|(_, rest)| rest.starts_with('/')) else {
            return self.message(request);
        };
        let (target, words) = rest.split_at(target_length(rest));
        let words = self.message(words);
        let request = format!("{} {} {words}", self.message(method), self.target(target));
        request.trim_end().to_owned()
    }

    fn target(&self, target: &str) -> String {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        let segments: Vec<_> = path
            .split('/')
            .map(|segment| self.segment(segment))
            .collect();
        let path = segments.join("/");
        let Some(query) = query else {
            return path;
        };
        let parameters = query.split('&').map(|parameter| {
            let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphabetic());
            match parameter.split_once('=') {
                Some((name, _)) if is_name(name) => format!("{name}={ELLIPSIS}"),
                _ => ELLIPSIS.to_owned(),
            }
        });
        let parameters: Vec<_> = parameters.collect();
        format!("{path}?{}", parameters.join("&"))
    }

    fn segment<'s>(&self, segment: &'s str) -> &'s str {
        match segment.is_empty() || self.known.contains(segment) {
            true => segment,
            false => ELLIPSIS,
        }
    }
}

/// True for a text of placeholders of errors, such as `{kind}{identity}`.
fn is_of_placeholders(text: &str) -> bool {
    let inner = text
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'));
    let is_known = |name: &str| {
        let mut known = ERROR_CONTENTS.iter();
        known.any(|content| content.placeholders.contains(&name))
    };
    inner.is_some_and(|names| names.split("}{").all(is_known))
}

/// Returns the length of the path at the beginning of a text, with its query string, which may contain blanks in
/// parentheses.
fn target_length(text: &str) -> usize {
    let mut depth = 0;
    let end = text.find(|c: char| {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        c.is_whitespace() && depth <= 0
    });
    end.unwrap_or(text.len())
}
