//! Checks the references between resources: in fields, paths and templates, and through links and derived fields.

use std::ptr;

use super::{
    parents::{check_parent, check_singleton_values},
    scope::find,
};
use crate::{
    engine::DecodeError,
    schema::{
        Access, ComputationDescription, DefaultValue, Description, FieldDescription, Gaps, Kind,
        OnDelete, path,
    },
};

/// Returns the mistakes in references, each with the number of its description. A resource may be missing, or replace an
/// embedded one, if `is_incomplete`.
pub(super) fn check_references(
    descriptions: &[Description],
    is_embedded: &[bool],
    is_incomplete: bool,
) -> Vec<(usize, DecodeError)> {
    let mut errors = Vec::new();
    let numbered = descriptions.iter().enumerate();
    for (number, description) in numbered.filter(|(_, other)| !other.gaps.lacks_attributes) {
        let mut checker = ReferenceChecker {
            descriptions,
            is_embedded,
            description,
            is_incomplete,
            errors: check_parent(descriptions, description, is_incomplete),
        };
        checker.errors.extend(check_singleton_values(description));
        checker.check_templates();
        checker.check_audio();
        for field in &description.fields {
            checker.check_reference(field);
            checker.check_defaults(field);
            checker.check_computation(field);
        }
        errors.extend(checker.errors.into_iter().map(|error| (number, error)));
    }
    errors
}

/// Checks the references of one description.
struct ReferenceChecker<'d> {
    descriptions: &'d [Description],
    is_embedded: &'d [bool],
    description: &'d Description,
    is_incomplete: bool,
    errors: Vec<DecodeError>,
}

impl<'d> ReferenceChecker<'d> {
    fn report(&mut self, at: usize, message: String) {
        self.errors.push(DecodeError::new(at, message));
    }

    /// Returns the resource with this path, if it is in all releases of the description.
    fn find(&self, path: &str) -> Option<&'d Description> {
        find(self.descriptions, self.description, path)
    }

    fn check_templates(&mut self) {
        for template in &self.description.templates {
            let at = template.fact.at;
            let Some(target) = self.target(&template.resource, at) else {
                continue;
            };
            self.check_lookup(target, &template.field, at);
        }
    }

    /// Checks that the files with audio have a key in a path without parameters, and bytes.
    fn check_audio(&mut self) {
        let description = self.description;
        for audio in &description.audio {
            let position = description.position(&audio.field);
            let field = position.map(|position| &description.fields[position]);
            let reference = field.and_then(|field| field.reference.as_ref());
            let target = reference.and_then(|reference| self.find(&reference.resource));
            let Some(target) = target.filter(|target| !self.lacks_fields(target)) else {
                continue;
            };
            let mut fields = target.fields.iter();
            let has_bytes = fields.any(|field| field.kind == Kind::Binary);
            let is_flat = path::parameters(&target.path).next().is_none();
            if target.key.is_none() || !is_flat || !has_bytes {
                let expected = "a resource with a key, a path without fields, and a field of bytes";
                let message = format!("the audio is in {}, expected {expected}", target.path);
                self.report(audio.fact.at, message);
            }
        }
    }

    fn check_reference(&mut self, field: &FieldDescription) {
        let Some(reference) = &field.reference else {
            return;
        };
        let at = reference.fact.at;
        let Some(target) = self.target(&reference.resource, at) else {
            return;
        };
        match reference.field.as_ref().or(target.key.as_ref()) {
            Some(name) => {
                if let Some(found) = self.check_lookup(target, name, at) {
                    self.check_change(field, target, found, at);
                }
            }
            None if target.gaps.lacks_attributes => {}
            None => {
                let message = format!("{} has no key, expected the attribute field", target.path);
                self.report(at, message);
            }
        }
    }

    /// Checks that a field can follow each change of the field that it refers to.
    fn check_change(
        &mut self,
        field: &FieldDescription,
        target: &'d Description,
        found: &'d FieldDescription,
        at: usize,
    ) {
        let mut identity = path::parameters(&self.description.path);
        let is_identity = identity.any(|name| *name == *field.name)
            || self.description.key.as_ref() == Some(&field.name);
        if !is_identity && found.reference.is_none() || self.is_fixed(target, found, Vec::new()) {
            return;
        }
        let (name, found, path) = (&field.name, &found.name, &target.path);
        let message = match is_identity {
            true => format!(
                "{name} identifies a record and refers to {found} of {path}, expected a field that never changes"
            ),
            false => format!(
                "{name} refers to {found} of {path}, which follows another record; expected a field with a value of its own"
            ),
        };
        self.report(at, message);
    }

    /// True if the value of a field never changes: neither by a request, nor with a record that it refers to.
    fn is_fixed(
        &self,
        description: &'d Description,
        field: &'d FieldDescription,
        mut path: Vec<usize>,
    ) -> bool {
        let mut order = description.order.iter();
        let is_set = matches!(
            field.access,
            Access::ReadOnly | Access::CreateOnly | Access::Internal
        ) && order.all(|order| order.field != field.name);
        if !is_set || path.contains(&field.fact.at) {
            return false;
        }
        let Some(reference) = &field.reference else {
            return true;
        };
        path.push(field.fact.at);
        let target = self.find(&reference.resource);
        let next = target.and_then(|target| {
            let name = reference.field.as_ref().or(target.key.as_ref())?;
            let position = target.position(name)?;
            Some((target, &target.fields[position]))
        });
        let is_next_fixed = next.is_none_or(|(target, next)| self.is_fixed(target, next, path));
        reference.on_delete != OnDelete::Clear && is_next_fixed
    }

    /// Returns the resource with this path, or reports a mistake.
    fn target(&mut self, path: &str, at: usize) -> Option<&'d Description> {
        let target = self.find(path);
        if target.is_none() && !self.is_incomplete {
            let expected = "the path of a resource in all releases of this one";
            self.report(at, format!("the resource is {path:?}, expected {expected}"));
        }
        target
    }

    /// True if a resource may have further fields, or another key.
    fn lacks_fields(&self, description: &Description) -> bool {
        let mut known = self.descriptions.iter().zip(self.is_embedded);
        let is_embedded =
            known.any(|(other, is_embedded)| *is_embedded && ptr::eq(other, description));
        let Gaps {
            lacks_attributes,
            lacks_fields,
            ..
        } = description.gaps;
        lacks_attributes || lacks_fields || self.is_incomplete && is_embedded
    }

    /// Returns the field of another resource that identifies a record: one that is unique and shown. Otherwise, reports a
    /// mistake.
    fn check_lookup(
        &mut self,
        target: &'d Description,
        name: &str,
        at: usize,
    ) -> Option<&'d FieldDescription> {
        let position = target.position(name);
        let field = position.map(|position| &target.fields[position]);
        let field = field.filter(|field| matches!(field.unique, Some((None, _))));
        let expected = match field {
            Some(field) if !field.access.is_hidden() => return Some(field),
            Some(_) => "that is shown",
            None => "that is unique",
        };
        if !self.lacks_fields(target) {
            let path = &target.path;
            let message = format!("the field is {name:?}, expected a field of {path} {expected}");
            self.report(at, message);
        }
        None
    }

    /// Checks that a default of another resource has the kind of the field.
    fn check_defaults(&mut self, field: &FieldDescription) {
        for (default, fact) in &field.defaults {
            let DefaultValue::First(named) = default else {
                continue;
            };
            let Some(target) = self.target(&named.resource, fact.at) else {
                continue;
            };
            let found = target.position(&named.field);
            let found = found.map(|position| &target.fields[position]);
            let is_alike = found.is_some_and(|found| {
                found.kind == field.kind && found.computation.is_none() && !found.access.is_hidden()
            });
            if !is_alike && (found.is_some() || !self.lacks_fields(target)) {
                let expected = format!("a field of {} of the same kind", target.path);
                let message = format!("the field is {:?}, expected {expected}", named.field);
                self.report(fact.at, message);
            }
        }
    }

    fn check_computation(&mut self, field: &FieldDescription) {
        let at = field.fact.at;
        match field.computation.as_deref() {
            Some(ComputationDescription::Path {
                through: Some(through),
                ..
            }) => {
                let Some(target) = self.through(through, at) else {
                    return;
                };
                let is_nested = path::parameters(&target.path).next().is_some();
                let is_by_key = target.gaps.lacks_attributes || self.is_by_key(through, target);
                if is_nested || !is_by_key {
                    let message = format!(
                        "{through} refers to {}, expected the key of a resource without a field in its path",
                        target.path
                    );
                    self.report(at, message);
                }
            }
            Some(ComputationDescription::Derived {
                through,
                field: name,
            }) => {
                let Some(target) = self.through(through, at) else {
                    return;
                };
                let found = target
                    .position(name)
                    .map(|position| &target.fields[position]);
                if found.is_none() && self.lacks_fields(target) {
                    return;
                }
                if found.is_none_or(|found| found.is_link() || found.access.is_hidden()) {
                    let expected = format!("a field of {} that is shown, and no link", target.path);
                    self.report(at, format!("the field is {name:?}, expected {expected}"));
                } else if self.is_cycle(self.description, field, Vec::new()) {
                    let message =
                        format!("{} is derived from itself, expected no cycle", field.name);
                    self.report(at, message);
                }
            }
            _ => {}
        }
    }

    /// Returns the resource that a field refers to, or reports a mistake.
    fn through(&mut self, through: &str, at: usize) -> Option<&'d Description> {
        let target = self.target_through(self.description, through);
        let is_known = !self.is_incomplete && !self.description.gaps.lacks_fields;
        if target.is_none() && is_known {
            let expected = "a field with <references>, or the last one in the path";
            self.report(at, format!("through is {through:?}, expected {expected}"));
        }
        target
    }

    fn target_through(&self, description: &Description, through: &str) -> Option<&'d Description> {
        let position = description.position(through)?;
        match &description.fields[position].reference {
            Some(reference) => self.find(&reference.resource),
            None => {
                let last = path::parameters(&description.path).last();
                let parent = path::parent(&description.path).filter(|_| last == Some(through));
                self.find(parent?)
            }
        }
    }

    /// True if a field refers to the key of a resource.
    fn is_by_key(&self, through: &str, target: &Description) -> bool {
        let position = self.description.position(through);
        let field = position.map(|position| &self.description.fields[position]);
        let reference = field.and_then(|field| field.reference.as_ref());
        reference.is_none_or(|reference| reference.field.is_none() || reference.field == target.key)
    }

    /// True if the value of a derived field follows from itself.
    fn is_cycle(
        &self,
        description: &Description,
        field: &FieldDescription,
        mut path: Vec<(usize, usize)>,
    ) -> bool {
        let Some(ComputationDescription::Derived {
            through,
            field: name,
        }) = field.computation.as_deref()
        else {
            return false;
        };
        let place = (description.at, field.fact.at);
        let is_known = path.contains(&place);
        path.push(place);
        let target = self.target_through(description, through);
        let next = target.and_then(|target| {
            let position = target.position(name)?;
            Some((target, &target.fields[position]))
        });
        is_known || next.is_some_and(|(target, next)| self.is_cycle(target, next, path))
    }
}
