//! The names of the lists in a document.

use super::{element::DecodeError, root::ROOT_ELEMENT, xml::XmlReader};

/// Adds the names of the lists in a document. `skip` moves behind an open list of this name, with or without reading it.
/// After an error, the names of the lists before it are added.
pub(crate) fn add_list_names<'d>(
    document: &'d [u8],
    names: &mut Vec<&'d str>,
    skip: impl Fn(&mut XmlReader<'d>, &str) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    let mut reader = XmlReader::new(document)?;
    let root = reader.root()?;
    if root.name != ROOT_ELEMENT {
        names.push(root.name);
        return Ok(());
    }
    while let Some(list) = reader.next_child()? {
        names.push(list.name);
        skip(&mut reader, list.name)?;
    }
    reader.finish()
}
