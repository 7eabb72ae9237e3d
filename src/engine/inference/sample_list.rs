//! The lists of a document, as they are written.

use std::borrow::Cow;

use super::KnownResources;
use crate::engine::{
    DecodeError,
    list_names::add_list_names,
    root::ROOT_ELEMENT,
    xml::{StartTag, XmlReader},
};

/// A list of objects.
#[derive(Debug)]
pub(crate) struct SampleList<'d> {
    pub(super) name: &'d str,
    /// The byte at which the list begins.
    pub(super) at: usize,
    pub(super) objects: Vec<SampleObject<'d>>,
}

#[derive(Debug)]
pub(super) struct SampleObject<'d> {
    pub(super) name: &'d str,
    pub(super) at: usize,
    pub(super) fields: Vec<SampleField<'d>>,
}

#[derive(Debug)]
pub(super) struct SampleField<'d> {
    pub(super) name: &'d str,
    pub(super) at: usize,
    /// `None` if the field contains elements.
    pub(super) value: Option<Cow<'d, str>>,
}

impl<'d> SampleList<'d> {
    /// Returns the lists of a document that no known resource has. The second value is the error after which the rest of
    /// the document was skipped.
    pub(crate) fn in_document(
        document: &'d [u8],
        known: &KnownResources<'_>,
    ) -> (Vec<Self>, Option<DecodeError>) {
        let mut lists = Vec::new();
        let mut read = || {
            let mut reader = XmlReader::new(document)?;
            let root = reader.root()?;
            if known.has_list(root.name) {
                // A load reads the only list, and reports its errors.
                return Ok(());
            }
            if root.name != ROOT_ELEMENT {
                lists.extend(Self::read_unknown(&mut reader, &root, known)?);
                return reader.finish();
            }
            while let Some(list) = reader.next_child()? {
                lists.extend(Self::read_unknown(&mut reader, &list, known)?);
            }
            reader.finish()
        };
        let error = read().err();
        (lists, error)
    }

    /// True if a document has a list that no known resource has.
    pub(crate) fn is_in_document(document: &'d [u8], known: &KnownResources<'_>) -> bool {
        let mut names = Vec::new();
        // Most documents have no such list: the ends of the others are found without reading them.
        let found = add_list_names(document, &mut names, XmlReader::skip_unread);
        let has_known_only = found.is_ok() && names.iter().all(|name| known.has_list(name));
        !has_known_only && !Self::in_document(document, known).0.is_empty()
    }

    /// Reads the open list, unless it is that of a known resource.
    fn read_unknown(
        reader: &mut XmlReader<'d>,
        list: &StartTag<'d>,
        known: &KnownResources<'_>,
    ) -> Result<Option<Self>, DecodeError> {
        if known.has_list(list.name) {
            reader.skip()?;
            return Ok(None);
        }
        Self::read(reader, list).map(Some)
    }

    /// Reads the open list.
    pub(super) fn read(
        reader: &mut XmlReader<'d>,
        list: &StartTag<'d>,
    ) -> Result<Self, DecodeError> {
        let mut objects = Vec::new();
        while let Some(object) = reader.next_child()? {
            let mut fields = Vec::new();
            while let Some(field) = reader.next_child()? {
                fields.push(SampleField {
                    name: field.name,
                    at: field.at,
                    value: reader.text_content()?,
                });
            }
            objects.push(SampleObject {
                name: object.name,
                at: object.at,
                fields,
            });
        }
        Ok(Self {
            name: list.name,
            at: list.at,
            objects,
        })
    }

    /// Returns the name of the objects, if they have one name.
    pub(super) fn element(&self) -> Option<&'d str> {
        let first = self.objects.first()?.name;
        let mut others = self.objects.iter();
        others.all(|object| object.name == first).then_some(first)
    }
}

impl<'d> SampleObject<'d> {
    /// Returns the value of the field with this name.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let field = self.fields.iter().find(|field| field.name == name)?;
        field.value.as_deref()
    }
}

/// Returns the error for a document that is a description, and not a list of objects.
#[cfg(any(feature = "appliance", feature = "manual"))]
pub(crate) fn description_error(document: &[u8]) -> Option<DecodeError> {
    const ROOTS: [&str; 4] = ["resource", "resources", "responses", "errors"];
    let root = XmlReader::new(document).and_then(|mut reader| reader.root());
    let root = root.ok().filter(|root| ROOTS.contains(&root.name))?;
    let message = format!(
        "found <{}>, expected a list of objects: the file is a description already",
        root.name
    );
    Some(DecodeError::new(root.at, message))
}

/// True if a document among descriptions is a fixture: its root begins with a capital letter, in contrast to those of
/// descriptions, and has the attribute or the content of a list.
pub(crate) fn is_list_document(document: &[u8]) -> bool {
    let is_list = || {
        let mut reader = XmlReader::new(document)?;
        let root = reader.root()?;
        let has = |attribute| root.attribute_names().any(|name| name == attribute);
        let is_capital = root.name.starts_with(|c: char| c.is_ascii_uppercase());
        let is_fixture = is_capital && !has("path");
        Ok::<_, DecodeError>(is_fixture && (has("total") || reader.next_child()?.is_some()))
    };
    is_list().unwrap_or(false)
}
