//! The root of a document with one object: its outermost element, or the member around the object in JSON.

use crate::schema::{Catalogue, Resource};

/// The root element of a fixture with several lists.
pub(crate) const ROOT_ELEMENT: &str = "UnityConnection";

/// The names that a root may have.
///
/// An object may have any name, because the appliance probably reads a body as the type of its path, whatever the root
/// (Jersey 1.x). The name of another kind of object is rejected, because it is a mistake of the client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Root<'r> {
    /// The kind of the object; `None` if any kind is expected.
    resource: Option<&'r Resource>,
    catalogue: &'r Catalogue,
}

impl<'r> Root<'r> {
    /// Expects an object of `resource`, which is in the catalogue.
    pub(crate) fn of(resource: &'r Resource, catalogue: &'r Catalogue) -> Self {
        Self {
            resource: Some(resource),
            catalogue,
        }
    }

    /// Expects an object of any kind, perhaps one of the catalogue.
    pub(crate) fn any(catalogue: &'r Catalogue) -> Self {
        Self {
            resource: None,
            catalogue,
        }
    }

    /// Returns the name of the expected object, if only one kind is expected.
    pub(super) fn expected(self) -> Option<&'r str> {
        self.resource.map(|resource| &*resource.element)
    }

    /// True for the name of an expected object, in any letter case. If any kind is expected, a name that is also that of a
    /// field is taken for the field.
    pub(crate) fn is_object(self, name: &str) -> bool {
        if self.resource.is_none() && self.is_field(name) {
            return false;
        }
        let mut expected = self.known().iter();
        expected.any(|resource| resource.element.eq_ignore_ascii_case(name))
    }

    /// True for the name of a field of an expected object.
    pub(super) fn is_field(self, name: &str) -> bool {
        let mut expected = self.known().iter();
        expected.any(|resource| resource.position(name).is_some())
    }

    /// True for the name of another object than the expected one, or of a list of such objects, in any letter case. The
    /// name of a field of the expected object is none, nor that of a part of another object at a path with the same end: the
    /// vendor's samples write one like the other.
    pub(super) fn is_other(self, name: &str) -> bool {
        let Some(expected) = self.resource else {
            return false;
        };
        if self.is_field(name) || expected.element.eq_ignore_ascii_case(name) {
            return false;
        }
        let mut others = self.catalogue.resources().iter();
        others.any(|other| {
            let mut names = [&other.element, &other.list_element].into_iter();
            let is_alike = other.path.end_below_record().is_some()
                && other.path.end_below_record() == expected.path.end_below_record();
            other.id != expected.id
                && !is_alike
                && names.any(|known| known.eq_ignore_ascii_case(name))
        })
    }

    /// Returns the resources of the expected objects, as far as they are known.
    fn known(&self) -> &'r [Resource] {
        match self.resource {
            Some(resource) => std::slice::from_ref(resource),
            None => self.catalogue.resources(),
        }
    }
}
