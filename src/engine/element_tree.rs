//! Documents that are not objects of the store: elements in elements.

use std::borrow::Cow;

use quick_xml::escape::{escape, partial_escape};

use super::xml;

/// An element of a document, with everything in it.
#[derive(Clone, Debug)]
pub(crate) struct ElementTree {
    name: Cow<'static, str>,
    attributes: Vec<(&'static str, String)>,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    Text(String),
    Children(Vec<ElementTree>),
}

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

    /// Returns the element as a document in XML.
    pub(super) fn xml(&self) -> String {
        let mut document = xml::DECLARATION.to_owned();
        self.write_xml(&mut document);
        document
    }

    /// Returns the content of the element as a document in JSON.
    pub(super) fn json(&self) -> String {
        let mut document = String::new();
        self.write_json(&mut document);
        document
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

    /// Writes the content as JSON, in the same order: several elements of one name are an array, a single one is not.
    fn write_json(&self, document: &mut String) {
        let children = match &self.content {
            Content::Text(text) => return document.push_str(&quoted(text)),
            Content::Children(children) => children,
        };
        let mut separator = '{';
        let mut begin = |document: &mut String, name: &str| {
            document.push(separator);
            document.push_str(&quoted(name));
            document.push(':');
            separator = ',';
        };
        for (attribute, value) in &self.attributes {
            begin(document, &format!("@{attribute}"));
            document.push_str(&quoted(value));
        }
        for (index, child) in children.iter().enumerate() {
            if children[..index]
                .iter()
                .any(|other| other.name == child.name)
            {
                continue;
            }
            begin(document, &child.name);
            let alike = children[index..].iter();
            let alike: Vec<_> = alike.filter(|other| other.name == child.name).collect();
            write_values(document, &alike);
        }
        document.push_str(if separator == '{' { "{}" } else { "}" });
    }
}

/// Writes the contents of elements of one name.
fn write_values(document: &mut String, elements: &[&ElementTree]) {
    if let [element] = elements {
        return element.write_json(document);
    }
    let mut separator = '[';
    for element in elements {
        document.push(separator);
        element.write_json(document);
        separator = ',';
    }
    document.push(']');
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text is valid JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(tree: &ElementTree) -> [String; 2] {
        let document = tree.xml();
        let content = document.strip_prefix(xml::DECLARATION);
        [content.expect("a declaration").to_owned(), tree.json()]
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
        let mixed = ElementTree::new(
            "Z",
            ["B", "A", "B"].map(|name| ElementTree::text(name, "1")),
        );
        assert_eq!(
            rendered(&mixed),
            [
                "<Z><B>1</B><A>1</A><B>1</B></Z>",
                r#"{"B":["1","1"],"A":"1"}"#
            ]
        );
        assert_eq!(rendered(&ElementTree::new("Z", [])), ["<Z/>", "{}"]);
    }
}
