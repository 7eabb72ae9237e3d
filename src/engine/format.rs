//! The formats. The layers above the engine know only their names.

use std::{borrow::Cow, cell::Cell};

use bytes::Bytes;

use super::{
    DecodeError, DocumentText, Element, ElementTree, Node, Root, charset::without_byte_order_mark,
    json, xml,
};
use crate::schema::{Catalogue, Kind};

/// The capacity that a buffer keeps for the next document.
const MAX_BUFFER_SIZE: usize = 64 * 1024;

thread_local! {
    /// The buffer that an object is written into before it is copied.
    static BUFFER: Cell<String> = Cell::default();
}

/// A format in which documents are written and read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Xml,
    Json,
}

impl Format {
    /// Renders an object, without that which begins a document.
    pub(crate) fn render<'e, V: AsRef<str>>(
        self,
        element: &str,
        elements: impl Iterator<Item = (&'e str, &'e Kind, V)>,
    ) -> Box<str> {
        let buffer = BUFFER.take();
        let mut buffer = match self {
            Self::Xml => xml::object(element, elements, buffer),
            Self::Json => json::object(elements, buffer),
        };
        // Copied, because the text is kept and must not keep the capacity of the buffer.
        let object = Box::from(buffer.as_str());
        buffer.clear();
        buffer.shrink_to(MAX_BUFFER_SIZE);
        BUFFER.set(buffer);
        object
    }

    /// Returns the document with a rendered object.
    pub(crate) fn document_of(self, object: &str) -> String {
        match self {
            Self::Xml => [xml::DECLARATION, object].concat(),
            Self::Json => object.to_owned(),
        }
    }

    /// Renders a document with an object that is not a record.
    pub(crate) fn document(self, element: &str, texts: &[(&'static str, &str)]) -> Bytes {
        let texts = texts.iter().map(|(name, text)| (*name, &Kind::Text, *text));
        self.document_of(&self.render(element, texts)).into()
    }

    /// Renders a document with elements in elements.
    pub(crate) fn tree(self, tree: &ElementTree) -> Bytes {
        match self {
            Self::Xml => tree.xml(),
            Self::Json => tree.json(),
        }
        .into()
    }

    /// Renders the body of an error response.
    pub(crate) fn error(self, code: &str, message: &str) -> Bytes {
        match self {
            Self::Xml => xml::error(code, message),
            Self::Json => json::error(code, message),
        }
        .into()
    }

    /// Reads the elements of the one object in a document.
    pub(crate) fn read_object<'a>(
        self,
        document: &DocumentText<'a>,
        root: Root<'_>,
    ) -> Result<Vec<Element<'a>>, DecodeError> {
        self.read(document.utf_8()?, root)
    }

    /// Reads the values of all elements with this name, wherever they are in a document.
    pub(crate) fn read_values(
        self,
        document: &DocumentText<'_>,
        name: &str,
    ) -> Result<Vec<String>, DecodeError> {
        let document = document.utf_8()?;
        let nodes = self.nodes(document)?;
        let is_named = |node: &Node<'_>| *node.name == *name;
        let texts = nodes.iter().filter_map(|node| {
            // In XML, the text is a node of its own, without a name.
            let parent = node.parent.filter(|_| node.name.is_empty());
            let is_value = is_named(parent.map_or(node, |parent| &nodes[parent]));
            node.text.as_deref().filter(|_| is_value)
        });
        Ok(texts.map(str::to_owned).collect())
    }

    /// Reads the elements of the one object in a document, in the format that it looks like. The object may be of any
    /// kind; if it is in a list, it must be of a kind in the catalogue.
    pub(crate) fn read_any<'a>(
        document: &DocumentText<'a>,
        catalogue: &Catalogue,
    ) -> Result<Vec<Element<'a>>, DecodeError> {
        let document = document.utf_8()?;
        Self::guess(document).read(document, Root::any(catalogue))
    }

    fn read<'a>(
        self,
        document: &Cow<'a, [u8]>,
        root: Root<'_>,
    ) -> Result<Vec<Element<'a>>, DecodeError> {
        match document {
            Cow::Borrowed(document) => self.read_utf_8(document, root),
            Cow::Owned(document) => {
                let elements = self.read_utf_8(document, root)?;
                Ok(elements.into_iter().map(Element::into_owned).collect())
            }
        }
    }

    fn read_utf_8<'a>(
        self,
        document: &'a [u8],
        root: Root<'_>,
    ) -> Result<Vec<Element<'a>>, DecodeError> {
        match self {
            Self::Xml => xml::read_object(document, root),
            Self::Json => json::read_object(document, root),
        }
    }

    /// Locates all values of a document in UTF-8, at any depth, in the order of the document.
    pub(crate) fn nodes(self, document: &[u8]) -> Result<Vec<Node<'_>>, DecodeError> {
        match self {
            Self::Xml => xml::nodes(document),
            Self::Json => json::nodes(document),
        }
    }

    /// Returns the format that a document looks like.
    fn guess(document: &[u8]) -> Self {
        match without_byte_order_mark(document).trim_ascii_start().first() {
            Some(b'{') => Self::Json,
            _ => Self::Xml,
        }
    }
}
