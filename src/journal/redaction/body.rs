//! Redacts bodies.

use super::{
    names::{MASK, is_secret},
    text::holds_secret,
    url::{is_form, query_without_secrets},
};
use crate::engine::{DecodeError, DocumentText, Format, Node, Position, without_byte_order_mark};

/// The names of values that name the value beside them, as in `<Name>pin</Name><Value>1234</Value>`.
const LABELS: [&str; 7] = [
    "attribute",
    "field",
    "key",
    "name",
    "param",
    "parameter",
    "property",
];

/// Returns a body without its secrets, in UTF-8. A body that cannot be decoded is hidden, because each of its parts may
/// be a secret.
pub(super) fn redacted(body: &[u8], charset: Option<&str>) -> Vec<u8> {
    let text = DocumentText::new(body, charset);
    let undecodable = |error: DecodeError| {
        let (Position { line, column }, reason) = (text.position(error.at), error.reason);
        let reason = format!("it cannot be decoded: line {line}, column {column}: {reason}");
        hidden(&reason, body.len())
    };
    let document = match text.utf_8() {
        Ok(document) => document,
        Err(error) => return undecodable(error),
    };
    let start = without_byte_order_mark(document);
    let format = match start.trim_ascii_start().first() {
        None => return document.to_vec(),
        Some(b'{' | b'[') => Format::Json,
        Some(b'<') => Format::Xml,
        Some(_) => return redacted_form(document),
    };
    match format.nodes(document) {
        Ok(nodes) if nodes.iter().any(|node| holds_secret(&node.name)) => {
            hidden("it has a name that contains a secret", body.len())
        }
        Ok(nodes) => redacted_nodes(format, document, &nodes),
        Err(error) => undecodable(error),
    }
}

/// Returns the text that is shown in place of a body.
pub(super) fn hidden(reason: &str, bytes: usize) -> Vec<u8> {
    format!("[redacted: a body of {bytes} bytes, because {reason}]").into_bytes()
}

fn redacted_form(body: &[u8]) -> Vec<u8> {
    match str::from_utf8(body) {
        Ok(text) if is_form(text) => query_without_secrets(text).into_bytes(),
        _ => hidden("it is neither XML nor JSON nor a form", body.len()),
    }
}

fn redacted_nodes(format: Format, body: &[u8], nodes: &[Node<'_>]) -> Vec<u8> {
    let hidden = hidden_nodes(format, body, nodes);
    let mut shown = Vec::with_capacity(body.len());
    let mut from = 0;
    for (node, is_hidden) in nodes.iter().zip(hidden) {
        let value = &body[node.span.clone()];
        let is_empty = format == Format::Json && matches!(value, b"\"\"" | b"null");
        if node.text.is_none() || !is_hidden || is_empty {
            continue;
        }
        let mask = match (format, node.parent) {
            (Format::Json, _) => r#""[redacted]""#,
            (Format::Xml, Some(_)) => MASK,
            // Outside the root element, only a comment is allowed.
            (Format::Xml, None) => "<!--[redacted]-->",
        };
        shown.extend_from_slice(&body[from..node.span.start]);
        shown.extend_from_slice(mask.as_bytes());
        from = node.span.end;
    }
    shown.extend_from_slice(&body[from..]);
    shown
}

/// Returns, for each node, if it is hidden: because of its name, the name of a node around it, or its text.
fn hidden_nodes(format: Format, body: &[u8], nodes: &[Node<'_>]) -> Vec<bool> {
    let mut hidden = vec![false; nodes.len()];
    for node in nodes {
        if let Some(labelled) = labelled(format, nodes, node) {
            hidden[labelled] = true;
        }
    }
    for (index, node) in nodes.iter().enumerate() {
        let is_secret_text = |text: &str| {
            let source = || String::from_utf8_lossy(&body[node.span.clone()]);
            holds_secret(text) || format == Format::Xml && has_comment(&source())
        };
        hidden[index] |= is_secret(&node.name)
            || !node.name.chars().all(is_of_name)
            || node.parent.is_some_and(|parent| hidden[parent])
            || node.text.as_deref().is_some_and(is_secret_text);
    }
    hidden
}

/// True for the characters of usual names. Other characters may conceal the name of a secret.
fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || " _-.:@$#".contains(c)
}

/// True if a text of XML contains a comment or a processing instruction, which may be anything: only the declaration of
/// a document is shown.
fn has_comment(source: &str) -> bool {
    let declaration = source.trim_start_matches('\u{feff}').strip_prefix("<?xml ");
    let rest = declaration.and_then(|rest| rest.split_once("?>"));
    let text = rest.map_or(source, |(_, rest)| rest);
    text.contains("<!--") || text.contains("<?")
}

/// Returns the node whose other values are a secret because the text of this one is the name of a secret.
fn labelled(format: Format, nodes: &[Node<'_>], node: &Node<'_>) -> Option<usize> {
    let text = node.text.as_ref()?.trim();
    if text.contains(char::is_whitespace) || !is_secret(text) {
        return None;
    }
    let mut named = node;
    while named.name.is_empty() || format == Format::Json && named.name == "$" {
        named = &nodes[named.parent?];
    }
    if LABELS.contains(&&*named.name.to_lowercase()) {
        return named.parent;
    }
    // An item of a list may name the next one.
    let is_item = format == Format::Json && node.name.is_empty();
    node.parent.filter(|_| is_item)
}
