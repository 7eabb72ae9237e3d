//! The fields of a resource as the responses of a real server show them.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    appliance::object::Object,
    engine::{canonical, inference::SPECIFIC_KINDS},
    schema::Kind,
};

/// The beginning of a value that is the path of an object.
const PATH: &str = "/vmrest/";

/// The fields of all objects of a resource.
#[derive(Debug, Default)]
pub(super) struct ObservedFields {
    fields: BTreeMap<String, ObservedField>,
    /// The names, in an order that extends those of the objects.
    order: Vec<String>,
    in_lists: BTreeSet<String>,
    in_objects: BTreeSet<String>,
}

/// The values of a field.
#[derive(Clone, Copy, Debug)]
struct ObservedField {
    /// True for each of the specific kinds that all values have.
    kinds: [bool; SPECIFIC_KINDS.len()],
    is_path: bool,
}

impl ObservedFields {
    /// Adds an object of a list.
    pub(super) fn add_row(&mut self, object: &Object) {
        self.add(object);
        let names = object.fields.iter().map(|(name, _)| name);
        let new: Vec<_> = names
            .filter(|name| !self.in_lists.contains(*name))
            .collect();
        self.in_lists.extend(new.into_iter().cloned());
    }

    /// Adds an object that was read by itself.
    pub(super) fn add_object(&mut self, object: &Object) {
        self.add(object);
        let names = object.fields.iter().map(|(name, _)| name.clone());
        self.in_objects.extend(names);
    }

    fn add(&mut self, object: &Object) {
        let mut place = 0;
        for (name, value) in &object.fields {
            let known = self.fields.get_mut(name);
            match known {
                Some(field) => field.add(value),
                None => {
                    let mut field = ObservedField {
                        kinds: [true; SPECIFIC_KINDS.len()],
                        is_path: true,
                    };
                    field.add(value);
                    self.fields.insert(name.clone(), field);
                    self.order.insert(place, name.clone());
                }
            }
            let is_next = self.order.get(place) == Some(name);
            let known = match is_next {
                true => Some(place),
                false => self.order.iter().position(|known| known == name),
            };
            place = known.map_or(place, |known| known + 1);
        }
    }

    /// Returns the kind that all values of a field have; `None` if no object has a value.
    pub(super) fn kind(&self, name: &str) -> Option<Kind> {
        let field = self.fields.get(name)?;
        let kinds = SPECIFIC_KINDS.into_iter().zip(field.kinds);
        let kind = kinds
            .filter(|(_, has_all)| *has_all)
            .map(|(kind, _)| kind)
            .next();
        Some(kind.unwrap_or(Kind::Text))
    }

    /// True if each value of a field is the path of an object.
    pub(super) fn is_path(&self, name: &str) -> bool {
        self.fields.get(name).is_some_and(|field| field.is_path)
    }

    /// True if an object has a value in a field.
    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// Returns the names of the fields, in the order of the responses.
    pub(super) fn order(&self) -> &[String] {
        &self.order
    }

    /// True if an object of a list has a value in a field.
    pub(super) fn is_in_lists(&self, name: &str) -> bool {
        self.in_lists.contains(name)
    }

    /// True if an object that was read by itself has a value in a field.
    pub(super) fn is_in_objects(&self, name: &str) -> bool {
        self.in_objects.contains(name)
    }
}

impl ObservedField {
    fn add(&mut self, value: &str) {
        for (kind, is_possible) in SPECIFIC_KINDS.into_iter().zip(&mut self.kinds) {
            *is_possible = *is_possible && canonical(&kind, value).is_ok_and(|form| form == value);
        }
        self.is_path &= value.starts_with(PATH);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(fields: &[(&str, &str)]) -> Object {
        let fields = fields.iter();
        Object {
            fields: fields
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        }
    }

    #[test]
    fn all_objects_together_show_kinds_and_the_order() {
        let mut observed = ObservedFields::default();
        observed.add_row(&object(&[("A", "1"), ("D", "true")]));
        observed.add_row(&object(&[
            ("A", "x"),
            ("B", "/vmrest/b/1"),
            ("C", "2"),
            ("D", "false"),
        ]));
        observed.add_row(&object(&[("C", "-3"), ("E", "")]));
        let kinds = ["A", "B", "C", "D", "E", "F"].map(|name| observed.kind(name));
        let expected = [
            Kind::Text,
            Kind::Text,
            Kind::Integer,
            Kind::Boolean,
            Kind::Text,
        ];
        assert_eq!(kinds[..5], expected.map(Some));
        assert_eq!(kinds[5], None);
        assert_eq!(observed.order().concat(), "ABCED");
        assert_eq!(["A", "B"].map(|name| observed.is_path(name)), [false, true]);
    }

    #[test]
    fn lists_and_objects_are_distinguished() {
        let mut observed = ObservedFields::default();
        observed.add_row(&object(&[("A", "1")]));
        observed.add_object(&object(&[("A", "1"), ("B", "2")]));
        assert!(observed.is_in_lists("A") && observed.is_in_objects("A"));
        assert!(!observed.is_in_lists("B") && observed.is_in_objects("B"));
        assert!(observed.has("B") && !observed.has("C"));
    }
}
