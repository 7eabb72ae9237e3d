//! The ids of objects that only one server has, and the placeholders for them in requests and responses.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use crate::appliance::client::Request;

/// The length of a GUID.
const LENGTH: usize = 36;
/// The beginning of a placeholder.
const PLACEHOLDER: &str = "cc0c0000-0000-4000-8000-";
/// The characters before an id that distinguish its place.
const PLACE: usize = 60;

/// A side of the comparison, by its number.
pub(super) type SideNumber = usize;

/// Pairs of ids, one of each server, that belong to the same object of a probe. The placeholder of a pair is a GUID, so
/// that it is a valid value of the same fields.
#[derive(Debug, Default)]
pub(super) struct IdPairs {
    /// The ids that both servers have.
    shared: BTreeSet<String>,
    /// The placeholders, by the id of each side.
    placeholders: [BTreeMap<String, String>; 2],
    /// The ids of each side, by the placeholder.
    ids: BTreeMap<String, [String; 2]>,
}

impl IdPairs {
    /// Starts without pairs. `shared` are ids that both servers have.
    pub(super) fn new(shared: impl Iterator<Item = String>) -> Self {
        Self {
            shared: shared.map(|id| id.to_ascii_lowercase()).collect(),
            ..Self::default()
        }
    }

    /// True if a path is that of an object which existed before: it has no other ids than those that both servers have.
    pub(super) fn is_shared(&self, path: &str) -> bool {
        let mut found = ids(path).peekable();
        found.peek().is_some() && found.all(|id| self.shared.contains(&id))
    }

    /// Adds pairs of the ids at the same places of two texts.
    pub(super) fn add(&mut self, one: &[u8], other: &[u8]) {
        let others = by_place(other);
        for (place, id) in by_place(one) {
            let Some(other) = others.get(&place) else {
                continue;
            };
            let is_known = self.shared.contains(&id) || self.shared.contains(other);
            let is_paired =
                self.placeholders[0].contains_key(&id) || self.placeholders[1].contains_key(other);
            if id == *other || is_known || is_paired {
                continue;
            }
            let placeholder = format!("{PLACEHOLDER}{:012}", self.ids.len() + 1);
            self.placeholders[0].insert(id.clone(), placeholder.clone());
            self.placeholders[1].insert(other.clone(), placeholder.clone());
            self.ids.insert(placeholder, [id, other.clone()]);
        }
    }

    /// Returns a text of one side with placeholders for its ids.
    pub(super) fn with_placeholders(&self, side: SideNumber, text: &[u8]) -> Vec<u8> {
        replaced(text, |id| {
            self.placeholders[side].get(id).map(String::as_str)
        })
    }

    /// Returns a request with the ids of one side.
    pub(super) fn request_of(&self, side: SideNumber, request: &Request) -> Request {
        let mut request = request.clone();
        let target = self.with_ids(side, request.target.as_bytes());
        request.target = String::from_utf8_lossy(&target).into_owned();
        request.body = request.body.map(|body| self.with_ids(side, &body));
        request
    }

    fn with_ids(&self, side: SideNumber, text: &[u8]) -> Vec<u8> {
        replaced(text, |placeholder| {
            self.ids.get(placeholder).map(|ids| ids[side].as_str())
        })
    }
}

/// Returns the GUIDs in a text, in lower case, by the text before each and its number among the ids behind that text.
fn by_place(text: &[u8]) -> BTreeMap<(Cow<'_, [u8]>, usize), String> {
    let mut counts = BTreeMap::new();
    let mut found = BTreeMap::new();
    let mut end = 0;
    for at in guids(text) {
        let before = &text[at.saturating_sub(PLACE).max(end)..at];
        end = at + LENGTH;
        let begin = before.iter().rposition(|byte| b"<,{\n".contains(byte));
        let place = Cow::Borrowed(&before[begin.unwrap_or(0)..]);
        let count = counts.entry(place.clone()).or_insert(0);
        found.insert((place, *count), lowercase(&text[at..end]));
        *count += 1;
    }
    found
}

fn replaced<'r>(text: &[u8], replacement: impl Fn(&str) -> Option<&'r str>) -> Vec<u8> {
    let mut result = Vec::with_capacity(text.len());
    let mut end = 0;
    for at in guids(text) {
        let id = &text[at..at + LENGTH];
        if let Some(replacement) = replacement(&lowercase(id)) {
            result.extend_from_slice(&text[end..at]);
            result.extend_from_slice(replacement.as_bytes());
            end = at + LENGTH;
        }
    }
    result.extend_from_slice(&text[end..]);
    result
}

fn lowercase(id: &[u8]) -> String {
    String::from_utf8_lossy(id).to_ascii_lowercase()
}

/// Returns a text with `{id}` for each placeholder.
pub(super) fn without_placeholders(text: &str) -> String {
    let is_placeholder = |id: &str| id.starts_with(PLACEHOLDER).then_some("{id}");
    let text = replaced(text.as_bytes(), is_placeholder);
    String::from_utf8_lossy(&text).into_owned()
}

/// Returns the GUIDs in a text, in lower case.
pub(super) fn ids(text: &str) -> impl Iterator<Item = String> {
    guids(text.as_bytes()).map(|at| lowercase(&text.as_bytes()[at..at + LENGTH]))
}

/// Returns the positions of the GUIDs in a text.
fn guids(text: &[u8]) -> impl Iterator<Item = usize> {
    let mut next = 0;
    let ends = text.len().saturating_sub(LENGTH - 1);
    std::iter::from_fn(move || {
        let at = (next..ends).find(|at| is_guid(&text[*at..*at + LENGTH]))?;
        next = at + LENGTH;
        Some(at)
    })
}

fn is_guid(text: &[u8]) -> bool {
    let mut bytes = text.iter().enumerate();
    bytes.all(|(index, byte)| match index {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "11111111-aaaa-4000-8000-000000000001";
    const OTHER: &str = "22222222-BBBB-4000-8000-000000000002";
    const SHARED: &str = "33333333-cccc-4000-8000-000000000003";

    #[test]
    fn a_path_is_shared_if_both_servers_have_all_of_its_ids() {
        let pairs = IdPairs::new([SHARED.to_owned()].into_iter());
        assert!(pairs.is_shared(&format!("/vmrest/a/{SHARED}")));
        assert!(!pairs.is_shared(&format!("/vmrest/a/{ONE}")));
        assert!(!pairs.is_shared(&format!("/vmrest/a/{ONE}/b/{SHARED}")));
        assert!(!pairs.is_shared("/vmrest/a/name"));
    }

    #[test]
    fn ids_at_the_same_place_get_the_same_placeholder_unless_both_servers_have_them() {
        let mut pairs = IdPairs::new([SHARED.to_owned()].into_iter());
        let body = |id: &str, reference: &str| {
            format!("<A><URI>/vmrest/a/{id}</URI><ObjectId>{id}</ObjectId><B>{reference}</B></A>")
        };
        let (one, other) = (body(ONE, SHARED), body(OTHER, OTHER));
        pairs.add(one.as_bytes(), other.as_bytes());
        let shown = |side, text: &str| {
            String::from_utf8(pairs.with_placeholders(side, text.as_bytes())).unwrap()
        };
        let placeholder = "cc0c0000-0000-4000-8000-000000000001";
        assert_eq!(shown(0, &one), body(placeholder, SHARED));
        assert_eq!(shown(1, &other), body(placeholder, placeholder));
        let request = Request::get(format!("/vmrest/a/{placeholder}")).xml(placeholder);
        assert_eq!(without_placeholders(&request.target), "/vmrest/a/{id}");
        let sent = pairs.request_of(1, &request);
        assert_eq!(sent.target, format!("/vmrest/a/{}", OTHER.to_lowercase()));
        assert_eq!(sent.body.unwrap(), OTHER.to_lowercase().into_bytes());
    }
}
