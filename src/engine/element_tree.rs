//! Documents that are not objects of the store: elements in elements.

use std::borrow::Cow;

use bytes::Bytes;
use quick_xml::escape::{escape, partial_escape};
use serde_json::{Map, Value};

use super::{Format, xml};

/// An element of a document, with everything in it.
#[derive(Clone, Debug)]
pub(crate) struct ElementTree {
    name: Cow<'static, str>,
    attributes: Vec<(&'static str, String)>,
    content: Content,
}

#[derive(Clone, Debug)]
#[allow(dead_code)]
enum Content {
    Text(String),
    Children(Vec<ElementTree>),
}

#[allow(dead_code)]
impl ElementTree {
    /// Creates an element with a text.
    pub(crate) fn text(name: impl Into<Cow<'static, str>>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            attributes: Vec::new(),
            content: Content::Text(text.into()),
        }
    }

    /// Creates an element with others in it.
    pub(crate) fn new(
        name: impl Into<Cow<'static, str>>,
        children: impl IntoIterator<Item = Self>,
    ) -> Self {
        Self {
            name: name.into(),
            attributes: Vec::new(),
            content: Content::Children(children.into_iter().collect()),
        }
    }

    /// Creates a list with the number of all its rows, of which it may show a part.
    pub(crate) fn list(
        name: impl Into<Cow<'static, str>>,
        total: usize,
        rows: impl IntoIterator<Item = Self>,
    ) -> Self {
        let mut list = Self::new(name, rows);
        list.attributes.push(("total", total.to_string()));
        list
    }

    /// Renders the element as a document.
    pub(super) fn render(&self, format: Format) -> Bytes {
        match format {
            Format::Xml => {
                let mut document = xml::DECLARATION.to_owned();
                self.write_xml(&mut document);
                document.into()
            }
            Format::Json => self.json().to_string().into(),
        }
    }

    fn write_xml(&self, document: &mut String) {
        let name = &self.name;
        document.extend(["<", name]);
        for (attribute, value) in &self.attributes {
            document.extend([" ", attribute, "=\"", &escape(value), "\""]);
        }
        let is_empty = match &self.content {
            Content::Text(text) => text.is_empty(),
            Content::Children(children) => children.is_empty(),
        };
        if is_empty {
            document.push_str("/>");
            return;
        }
        document.push('>');
        match &self.content {
            Content::Text(text) => document.push_str(&partial_escape(text)),
            Content::Children(children) => {
                for child in children {
                    child.write_xml(document);
                }
            }
        }
        document.extend(["</", name, ">"]);
    }

    /// Returns the content in JSON: several elements of one name are an array, a single one is not.
    fn json(&self) -> Value {
        let children = match &self.content {
            Content::Text(text) => return Value::String(text.clone()),
            Content::Children(children) => children,
        };
        let mut members = Map::new();
        for (attribute, value) in &self.attributes {
            members.insert(format!("@{attribute}"), Value::String(value.clone()));
        }
        for child in children {
            let value = child.json();
            match members.get_mut(&*child.name) {
                None => {
                    members.insert(child.name.to_string(), value);
                }
                Some(Value::Array(values)) => values.push(value),
                Some(first) => *first = Value::Array(vec![first.take(), value]),
            }
        }
        Value::Object(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(tree: &ElementTree) -> [String; 2] {
        [Format::Xml, Format::Json].map(|format| {
            let document = tree.render(format);
            let document = String::from_utf8(document.to_vec()).expect("UTF-8");
            let content = document.strip_prefix(xml::DECLARATION);
            content.unwrap_or(&document).to_owned()
        })
    }

    #[test]
    fn elements_of_one_name_are_an_array_in_json() {
        let lamp = |name: &str| ElementTree::new("Lamp", [ElementTree::text("Name", name)]);
        let list = |names: &[&str]| {
            let lamps = names.iter().map(|name| lamp(name));
            rendered(&ElementTree::list("Lamps", 7, lamps))
        };
        assert_eq!(list(&[]), [r#"<Lamps total="7"/>"#, r#"{"@total":"7"}"#]);
        assert_eq!(
            list(&["A&B"]),
            [
                r#"<Lamps total="7"><Lamp><Name>A&amp;B</Name></Lamp></Lamps>"#,
                r#"{"@total":"7","Lamp":{"Name":"A&B"}}"#
            ]
        );
        assert_eq!(
            list(&["A", ""]),
            [
                r#"<Lamps total="7"><Lamp><Name>A</Name></Lamp><Lamp><Name/></Lamp></Lamps>"#,
                r#"{"@total":"7","Lamp":[{"Name":"A"},{"Name":""}]}"#
            ]
        );
    }
}
