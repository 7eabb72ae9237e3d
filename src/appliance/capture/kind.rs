//! The objects of one kind.

use std::collections::BTreeMap;

use crate::{
    appliance::object::Object,
    schema::{Catalogue, Resource},
    store::fold,
};

/// The objects of one kind, as a server returned them.
#[derive(Clone, Debug, Default)]
pub(crate) struct CapturedKind {
    /// The path below `/vmrest`, with parameters in braces.
    pub(crate) path: String,
    /// The root element of a list.
    pub(crate) list: String,
    /// The element of an object.
    pub(crate) element: String,
    pub(crate) objects: Vec<Object>,
    /// The names of the fields in responses, in an order that agrees with that of each object as far as possible.
    pub(crate) fields: Vec<String>,
    /// The names of the fields in the lists, in their order.
    pub(crate) list_fields: Vec<String>,
    /// True if a resource of the catalogue has the path.
    pub(crate) is_known: bool,
}

impl CapturedKind {
    pub(super) fn of(resource: &Resource) -> Self {
        Self {
            path: resource.path.to_string(),
            list: resource.list_element.to_string(),
            element: resource.element.to_string(),
            is_known: true,
            ..Self::default()
        }
    }

    /// Returns the resource of the kind, if it is known.
    pub(crate) fn resource<'c>(&self, catalogue: &'c Catalogue) -> Option<&'c Resource> {
        catalogue.resource(&self.path).filter(|_| self.is_known)
    }

    /// Notes the fields of an object in a list.
    pub(super) fn note_list_fields(&mut self, object: &Object) {
        merge_order(
            &mut self.list_fields,
            object.fields.iter().map(|(name, _)| name.as_str()),
        );
    }

    /// Notes the fields of all objects.
    pub(super) fn note_fields(&mut self) {
        for object in &self.objects {
            merge_order(
                &mut self.fields,
                object.fields.iter().map(|(name, _)| name.as_str()),
            );
        }
    }

    /// Returns the number of the first object with each value of a field, without regard to case.
    pub(super) fn index(&self, field: &str) -> BTreeMap<String, usize> {
        let mut index = BTreeMap::new();
        for (number, object) in self.objects.iter().enumerate() {
            if let Some(value) = object.get(field) {
                index.entry(fold(value).into()).or_insert(number);
            }
        }
        index
    }
}

/// Adds the names that are missing in an order, each behind its predecessor.
fn merge_order<'n>(order: &mut Vec<String>, names: impl Iterator<Item = &'n str>) {
    let mut place = 0;
    for name in names {
        match order.iter().position(|known| known == name) {
            Some(index) => place = index + 1,
            None => {
                order.insert(place, name.to_owned());
                place += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_inserted_behind_its_predecessor() {
        let mut order = Vec::new();
        for names in [&["A", "C"][..], &["A", "B", "C", "D"], &["E", "A"]] {
            merge_order(&mut order, names.iter().copied());
        }
        assert_eq!(order, ["E", "A", "B", "C", "D"]);
    }
}
