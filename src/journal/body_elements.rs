//! Decodes recorded bodies.

use crate::{
    engine::{DecodeError, DocumentText, Element, Format},
    resources::embedded_catalogue,
    schema::Release,
};

/// Reads the elements of the one object in a body, whatever its kind. An object in a list is read if its resource is
/// one of the embedded ones.
pub(super) fn body_elements<'a>(body: &DocumentText<'a>) -> Result<Vec<Element<'a>>, DecodeError> {
    Format::read_any(body, &embedded_catalogue(Release::default()))
}
