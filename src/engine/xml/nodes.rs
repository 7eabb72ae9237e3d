//! Locates all values of a document.

use std::{borrow::Cow, mem};

use quick_xml::escape::unescape;

use super::{
    XmlReader,
    read::{StartTag, Token, append, is_blank},
};
use crate::engine::element::{DecodeError, Node};

/// Locates the elements, the attributes and the texts of a document. A text reaches from one tag to the next one and
/// includes the comments between them; a blank text is a node only if it is the whole content of an element.
pub(crate) fn nodes(document: &[u8]) -> Result<Vec<Node<'_>>, DecodeError> {
    let reader = XmlReader::new(document)?;
    let mut collector = Collector {
        start: reader.skipped,
        reader,
        nodes: Vec::new(),
        open: Vec::new(),
        text: Cow::Borrowed(""),
    };
    let mut is_leaf = false;
    loop {
        match collector.reader.token()? {
            Token::Text(piece) => append(&mut collector.text, piece),
            Token::Start(tag) => {
                collector.add_text(tag.at, false);
                collector.add_element(&tag);
                is_leaf = true;
            }
            Token::End => {
                // The last end tag is that of the element; an empty element has none.
                let content = collector.source(collector.reader.at());
                let end = collector.start + content.rfind("</").unwrap_or(0);
                collector.add_text(end, is_leaf);
                collector.open.pop();
                is_leaf = false;
            }
            Token::Eof => {
                collector.add_text(collector.reader.at(), false);
                return Ok(collector.nodes);
            }
        }
    }
}

struct Collector<'a> {
    reader: XmlReader<'a>,
    nodes: Vec<Node<'a>>,
    /// The indexes of the open elements.
    open: Vec<usize>,
    /// The text since the last tag, without comments.
    text: Cow<'a, str>,
    /// The byte behind the last tag.
    start: usize,
}

impl<'a> Collector<'a> {
    /// Returns the document from the last tag to the byte `end`.
    fn source(&self, end: usize) -> &'a str {
        let skipped = self.reader.skipped;
        &self.reader.text[self.start - skipped..end - skipped]
    }

    fn add_element(&mut self, tag: &StartTag<'a>) {
        let index = self.nodes.len();
        self.nodes.push(Node {
            name: Cow::Borrowed(tag.name),
            parent: self.open.last().copied(),
            span: tag.at..tag.at,
            text: None,
        });
        for attribute in tag.attributes() {
            // The value is borrowed from the document.
            let at = attribute.value.as_ptr().addr() - self.reader.text.as_ptr().addr();
            let at = at + self.reader.skipped;
            let text = unescape(&attribute.value)
                .map_or_else(|_| attribute.value.to_string(), Cow::into_owned);
            self.nodes.push(Node {
                name: Cow::Borrowed(attribute.key.into_inner()),
                parent: Some(index),
                span: at..at + attribute.value.len(),
                text: Some(Cow::Owned(text)),
            });
        }
        self.open.push(index);
    }

    /// Adds the text from the last tag to the byte `end`, at which the next tag begins.
    fn add_text(&mut self, end: usize, is_leaf: bool) {
        let source = self.source(end);
        let text = mem::take(&mut self.text);
        if !source.is_empty() && (is_leaf || !is_blank(source)) {
            self.nodes.push(Node {
                name: Cow::Borrowed(""),
                parent: self.open.last().copied(),
                span: self.start..end,
                text: Some(text),
            });
        }
        self.start = self.reader.at();
    }
}
