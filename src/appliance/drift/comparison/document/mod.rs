//! The contents of bodies, in either format.

mod json;
mod json_value;
mod xml;

pub(super) use self::json_value::Json;
use crate::appliance::document::XmlElement;

/// The content of a document, whatever its format.
#[derive(Debug)]
pub(super) struct Document {
    /// The root element; JSON has none.
    pub(super) root: Option<String>,
    pub(super) content: Content,
    /// The properties of a document in JSON beside its content.
    pub(super) shape: Vec<Property>,
}

/// A property of a document in JSON: its place, and its description.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Property {
    pub(super) place: &'static str,
    pub(super) description: String,
}

#[derive(Debug)]
pub(super) enum Content {
    List(List),
    Object(Fields),
    Error(ErrorContent),
}

/// A page of a list.
#[derive(Debug)]
pub(super) struct List {
    pub(super) total: Option<String>,
    /// The element of an object, if there is one.
    pub(super) element: Option<String>,
    pub(super) objects: Vec<Fields>,
}

/// The fields of an object, in the order of the response. A field in another one has both names, separated by a slash.
pub(super) type Fields = Vec<(String, String)>;

/// The code and the message of an error.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ErrorContent {
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
}

/// The places of the properties of lists.
pub(super) const NULL_LIST: &str = "list";
pub(super) const OBJECTS: &str = "objects";

impl Property {
    /// True if only lists with the same number of objects can have the same property.
    pub(super) fn depends_on_length(&self) -> bool {
        self.place == OBJECTS
    }

    /// True for a list that is `null`.
    pub(super) fn is_null_list(&self) -> bool {
        self.place == NULL_LIST
    }
}

impl Document {
    pub(super) fn of_xml(root: &XmlElement) -> Self {
        Self {
            root: Some(root.name.clone()),
            content: xml::content(root),
            shape: Vec::new(),
        }
    }

    pub(super) fn of_json(root: &Json) -> Self {
        let mut shape = Vec::new();
        let content = json::content(root, &mut shape);
        shape.extend(json::values(root));
        Self {
            root: None,
            content,
            shape,
        }
    }
}

impl Content {
    /// Returns the name of the kind of content.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
            Self::Error(_) => "an error",
        }
    }
}

/// Returns the value of a field.
pub(super) fn value<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    let (_, value) = fields.iter().find(|(known, _)| known == name)?;
    Some(value)
}
