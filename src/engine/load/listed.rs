//! The resources that fixtures have a list of.

use super::Fixture;
use crate::{
    engine::{element::DecodeError, root::ROOT_ELEMENT, xml::XmlReader},
    schema::{Catalogue, Resource},
};

/// Returns the resources of which a fixture has a list, even an empty one. Lists behind an error in a document are
/// missing.
pub(crate) fn listed_resources<'c>(
    catalogue: &'c Catalogue,
    fixtures: &[Fixture],
) -> Vec<&'c Resource> {
    let mut names = Vec::new();
    for fixture in fixtures {
        // A load reports the errors.
        let _ = add_names(&fixture.document, &mut names);
    }
    let resources = catalogue.resources().iter();
    let listed = resources.filter(|resource| names.contains(&&*resource.list_element));
    listed.collect()
}

/// Adds the names of the lists in a document.
fn add_names<'d>(document: &'d [u8], names: &mut Vec<&'d str>) -> Result<(), DecodeError> {
    let mut reader = XmlReader::new(document)?;
    let root = reader.root()?;
    if root.name != ROOT_ELEMENT {
        names.push(root.name);
        return Ok(());
    }
    while let Some(list) = reader.next_child()? {
        names.push(list.name);
        reader.skip()?;
    }
    Ok(())
}
