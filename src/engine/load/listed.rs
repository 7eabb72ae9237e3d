//! The resources that fixtures have a list of.

use super::Fixture;
use crate::{
    engine::{list_names::add_list_names, xml::XmlReader},
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
        let known = names.len();
        // The ends of lists are found without reading them, unless that leads to an error.
        if add_list_names(&fixture.document, &mut names, XmlReader::skip_unread).is_err() {
            names.truncate(known);
            // A load reports the errors.
            let _ = add_list_names(&fixture.document, &mut names, |reader, _| reader.skip());
        }
    }
    let resources = catalogue.resources().iter();
    let listed = resources.filter(|resource| names.contains(&&*resource.list_element));
    listed.collect()
}
