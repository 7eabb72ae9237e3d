//! Descriptions of resources, of responses and of error responses.

use crate::{
    engine::load::{Diagnostics, Fixture},
    resources::compile_catalogue,
    schema::Release,
};

/// Reads and checks a document of `--resources`, and compiles a catalogue with it.
///
/// # Panics
///
/// Panics if an error has no line, no column or no message.
pub fn description(document: &[u8]) {
    let fixtures = [Fixture::new("description.xml", document.to_vec())];
    let compiled = compile_catalogue(Release::V14, &[&fixtures], Diagnostics::default());
    match compiled {
        Ok(catalogue) => {
            for resource in catalogue.resources() {
                assert!(!resource.fields.is_empty() || !resource.endpoints.is_empty());
            }
        }
        Err(diagnostics) => super::fixture::check(&diagnostics, document),
    }
}
