//! Objects as a server returned them.

use serde::{Deserialize, Serialize};

use super::document::XmlElement;

/// The fields of an object, in the order of the response.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Object {
    pub(crate) fields: Vec<(String, String)>,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ListPage {
    /// The root element.
    pub(crate) list: String,
    /// The number of objects on all pages.
    pub(crate) total: usize,
    /// The element of an object; `None` if there are none.
    pub(crate) element: Option<String>,
    pub(crate) objects: Vec<Object>,
}

impl Object {
    /// Returns the object that an element describes. Fields that contain elements are left out.
    pub(crate) fn of(element: &XmlElement) -> Self {
        let fields = element.children.iter();
        let fields = fields.filter(|field| field.children.is_empty());
        Self {
            fields: fields
                .map(|field| (field.name.clone(), field.text.clone()))
                .collect(),
        }
    }

    /// Returns the value of a field.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.fields.iter().find(|(known, _)| known == name)?;
        Some(value)
    }

    /// Sets the value of a field, behind the others if it is new.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        match self.fields.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value.into(),
            None => self.fields.push((name.to_owned(), value.into())),
        }
    }
}

impl ListPage {
    /// Reads the body of a list, in XML. Returns `None` if it is another document.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let root = XmlElement::read(body).ok()?;
        let total = root.attribute("total")?.trim().parse().ok()?;
        Some(Self {
            total,
            element: root.children.first().map(|object| object.name.clone()),
            objects: root.children.iter().map(Object::of).collect(),
            list: root.name,
        })
    }
}
