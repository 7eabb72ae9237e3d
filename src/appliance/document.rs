//! An XML document as a tree of elements.

use std::fmt::Write;

use quick_xml::escape::{minimal_escape, partial_escape};

use crate::engine::{DecodeError, XmlReader, XmlToken};

/// An element with everything in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct XmlElement {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<XmlElement>,
    /// The text; empty if the element has children.
    pub(crate) text: String,
}

impl XmlElement {
    /// Reads a document. Texts between elements are ignored.
    pub(crate) fn read(document: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = XmlReader::new(document)?;
        let mut open: Vec<Self> = Vec::new();
        loop {
            match reader.token()? {
                XmlToken::Start(tag) => {
                    let attributes = tag.attribute_values();
                    open.push(Self {
                        name: tag.name.to_owned(),
                        attributes: attributes
                            .map(|(name, value)| (name.to_owned(), value.into_owned()))
                            .collect(),
                        ..Self::default()
                    });
                }
                XmlToken::Text(text) => {
                    if let Some(element) = open.last_mut() {
                        element.text += &text;
                    }
                }
                XmlToken::End | XmlToken::Eof => {
                    let at = reader.at();
                    let Some(mut element) = open.pop() else {
                        return Err(DecodeError::new(at, "no element found"));
                    };
                    if !element.children.is_empty() {
                        element.text.clear();
                    }
                    match open.last_mut() {
                        Some(parent) => parent.children.push(element),
                        None => {
                            reader.finish()?;
                            return Ok(element);
                        }
                    }
                }
            }
        }
    }

    /// Returns the value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        let (_, value) = attributes.find(|(known, _)| known == name)?;
        Some(value)
    }

    /// Sets an attribute, behind the others if it is new.
    pub(crate) fn set_attribute(&mut self, name: &str, value: impl Into<String>) {
        let known = self.attributes.iter_mut().find(|(known, _)| known == name);
        match known {
            Some((_, known)) => *known = value.into(),
            None => self.attributes.push((name.to_owned(), value.into())),
        }
    }

    /// Removes an attribute, and returns its value.
    pub(crate) fn remove_attribute(&mut self, name: &str) -> Option<String> {
        let index = self
            .attributes
            .iter()
            .position(|(known, _)| known == name)?;
        Some(self.attributes.remove(index).1)
    }

    /// Returns the first child of this name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Writes the element and its children, each in a line of its own, behind this many blanks.
    pub(crate) fn write(&self, text: &mut String, indentation: usize) {
        let _ = write!(text, "{:indentation$}<{}", "", self.name);
        for (name, value) in &self.attributes {
            let value = minimal_escape(value.as_str()).replace('"', "&quot;");
            let _ = write!(text, " {name}=\"{value}\"");
        }
        if self.children.is_empty() && self.text.is_empty() {
            text.push_str("/>\n");
            return;
        }
        text.push('>');
        if self.children.is_empty() {
            text.push_str(&partial_escape(self.text.as_str()));
        } else {
            text.push('\n');
            for child in &self.children {
                child.write(text, indentation + 2);
            }
            let _ = write!(text, "{:indentation$}", "");
        }
        let _ = writeln!(text, "</{}>", self.name);
    }
}
