//! XML Schema documents of resources, in the form of `/vmrest/schema/<element>`.

use crate::engine::{
    DecodeError,
    xml::{StartTag, XmlReader},
};

/// The maximum depth of types that are built on other types.
const MAX_DEPTH: usize = 8;

/// An XML Schema document.
#[derive(Debug)]
pub(crate) struct XmlSchema {
    /// The name of its file.
    pub(super) name: String,
    root: Node,
}

/// An element of a schema: its name without a prefix, its attributes and its children.
#[derive(Debug)]
struct Node {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Node>,
}

/// A field as a schema declares it.
#[derive(Debug, Default)]
pub(crate) struct SchemaField<'x> {
    pub(crate) name: &'x str,
    /// The built-in type, without a prefix.
    pub(crate) base: &'x str,
    pub(crate) choices: Vec<&'x str>,
    pub(crate) max_length: Option<&'x str>,
    pub(crate) min: Option<&'x str>,
    pub(crate) max: Option<&'x str>,
    pub(crate) pattern: Option<&'x str>,
}

impl XmlSchema {
    /// Reads the document of a file.
    pub(crate) fn read(name: &str, document: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = XmlReader::new(document)?;
        let tag = reader.root()?;
        let root = Node::read(&mut reader, &tag)?;
        reader.finish()?;
        let name = name.to_owned();
        Ok(Self { name, root })
    }

    /// Returns the name of the objects in a list that the schema declares.
    pub(super) fn object_of(&self, list: &str) -> Option<&str> {
        let content = self.content(list)?;
        let object = content.descendant("element")?;
        object.get("ref").or(object.get("name")).map(local)
    }

    /// Returns the fields of an object that the schema declares.
    pub(crate) fn fields(&self, element: &str) -> Option<Vec<SchemaField<'_>>> {
        let mut fields = Vec::new();
        self.collect(self.content(element)?, &mut fields, MAX_DEPTH);
        Some(fields)
    }

    /// Returns the type of a global element, or the type with its name.
    fn content(&self, name: &str) -> Option<&Node> {
        let of_element = self.global("element", name).and_then(|element| {
            let own = element.child("complexType");
            own.or_else(|| self.global("complexType", local(element.get("type")?)))
        });
        of_element.or_else(|| self.global("complexType", name))
    }

    fn global(&self, kind: &str, name: &str) -> Option<&Node> {
        let mut children = self.root.children.iter();
        let has_name = |node: &Node| {
            let found = node.get("name");
            found.is_some_and(|found| found.eq_ignore_ascii_case(name))
        };
        children.find(|node| node.name == kind && has_name(node))
    }

    /// Collects the fields in a part of a type, in their order, and those of the type that it extends.
    fn collect<'x>(&'x self, node: &'x Node, fields: &mut Vec<SchemaField<'x>>, depth: usize) {
        if depth == 0 {
            return;
        }
        if let Some(base) = node.get("base").filter(|_| node.name == "extension")
            && let Some(base) = self.global("complexType", local(base))
        {
            self.collect(base, fields, depth - 1);
        }
        for child in &node.children {
            if child.name == "element" {
                fields.extend(self.field(child));
            } else {
                self.collect(child, fields, depth);
            }
        }
    }

    fn field<'x>(&'x self, element: &'x Node) -> Option<SchemaField<'x>> {
        let reference = element.get("ref").map(local);
        let element = match reference {
            Some(name) => self.global("element", name)?,
            None => element,
        };
        let mut field = SchemaField {
            name: element.get("name")?,
            ..SchemaField::default()
        };
        match element.get("type") {
            Some(name) => self.add_type(local(name), &mut field, MAX_DEPTH),
            None => {
                if let Some(own) = element.child("simpleType") {
                    self.add_restriction(own, &mut field, MAX_DEPTH);
                }
            }
        }
        Some(field)
    }

    /// Adds a built-in type, or one that the schema names.
    fn add_type<'x>(&'x self, name: &'x str, field: &mut SchemaField<'x>, depth: usize) {
        match self.global("simpleType", name) {
            Some(named) if depth > 0 => self.add_restriction(named, field, depth - 1),
            _ => field.base = name,
        }
    }

    fn add_restriction<'x>(
        &'x self,
        simple_type: &'x Node,
        field: &mut SchemaField<'x>,
        depth: usize,
    ) {
        let Some(restriction) = simple_type.child("restriction") else {
            return;
        };
        if let Some(base) = restriction.get("base") {
            self.add_type(local(base), field, depth);
        }
        for facet in &restriction.children {
            let Some(value) = facet.get("value") else {
                continue;
            };
            match facet.name.as_str() {
                "enumeration" => field.choices.push(value),
                "maxLength" => field.max_length = Some(value),
                "minInclusive" => field.min = Some(value),
                "maxInclusive" => field.max = Some(value),
                "pattern" => field.pattern = Some(value),
                _ => {}
            }
        }
    }
}

impl Node {
    fn read<'a>(reader: &mut XmlReader<'a>, tag: &StartTag<'a>) -> Result<Self, DecodeError> {
        let attributes = tag.attribute_values();
        let mut node = Self {
            name: local(tag.name).to_owned(),
            attributes: attributes
                .map(|(name, value)| (name.to_owned(), value.into_owned()))
                .collect(),
            children: Vec::new(),
        };
        while let Some(child) = reader.next_child()? {
            node.children.push(Self::read(reader, &child)?);
        }
        Ok(node)
    }

    fn get(&self, attribute: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        let (_, value) = attributes.find(|(name, _)| name == attribute)?;
        Some(value)
    }

    fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Returns the first node with this name below this one.
    fn descendant(&self, name: &str) -> Option<&Self> {
        self.children.iter().find_map(|child| {
            if child.name == name {
                return Some(child);
            }
            child.descendant(name)
        })
    }
}

/// Returns a name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}
