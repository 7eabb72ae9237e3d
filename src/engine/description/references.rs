//! Checks the references between resources: in fields, paths and templates, and through links and derived fields.

use super::scope::releases;
use crate::{
    engine::DecodeError,
    schema::{ComputationDescription, Description, FieldDescription, OnDelete, path},
};

/// Returns the mistakes in references, each with the number of its description.
pub(super) fn check_references(descriptions: &[Description]) -> Vec<(usize, DecodeError)> {
    let mut errors = Vec::new();
    for (number, description) in descriptions.iter().enumerate() {
        let mut checker = ReferenceChecker {
            descriptions,
            description,
            errors: Vec::new(),
        };
        checker.check_parent();
        checker.check_templates();
        for field in &description.fields {
            checker.check_reference(field);
            checker.check_computation(field);
        }
        errors.extend(checker.errors.into_iter().map(|error| (number, error)));
    }
    errors
}

/// Checks the references of one description.
struct ReferenceChecker<'d> {
    descriptions: &'d [Description],
    description: &'d Description,
    errors: Vec<DecodeError>,
}

impl<'d> ReferenceChecker<'d> {
    fn report(&mut self, at: usize, message: String) {
        self.errors.push(DecodeError::new(at, message));
    }

    /// Returns the resource with this path, if it is in all releases of the description.
    fn find(&self, path: &str) -> Option<&'d Description> {
        let mut descriptions = self.descriptions.iter();
        descriptions.find(|other| {
            path::is_same(&other.path, path)
                && releases(self.description).all(|release| other.is_in(release))
        })
    }

    /// Checks that the path of a nested collection begins with that of a record of another resource.
    fn check_parent(&mut self) {
        let description = self.description;
        let Some(parent) = path::parent(&description.path) else {
            if description.is_parent_optional {
                let message = "found the attribute parent, expected it on a path with a field";
                self.report(description.at, message.to_owned());
            }
            return;
        };
        let of_alias = |other: &&Description| other.has_alias(parent);
        let found = self
            .find(parent)
            .or_else(|| self.descriptions.iter().find(of_alias));
        match found {
            Some(found) if found.key.is_none() => {
                let message =
                    format!("the path is below {parent}, expected a resource with a key there");
                self.report(description.at, message);
            }
            Some(found) => {
                let expected = path::parameters(&found.path).count() + 1;
                let count = path::parameters(&description.path).count();
                if count != expected {
                    let message = format!(
                        "the path has {count} fields, expected {expected}, one more than that of {}",
                        found.path
                    );
                    self.report(description.at, message);
                }
            }
            None if description.is_parent_optional => {}
            None => {
                let expected = "a resource with this path in all releases, or the attribute parent=\"optional\"";
                let message = format!("the path is below {parent}, expected {expected}");
                self.report(description.at, message);
            }
        }
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

    fn check_reference(&mut self, field: &FieldDescription) {
        let Some(reference) = &field.reference else {
            return;
        };
        let at = reference.fact.at;
        let Some(target) = self.target(&reference.resource, at) else {
            return;
        };
        match reference.field.as_ref().or(target.key.as_ref()) {
            Some(name) => self.check_lookup(target, name, at),
            None => {
                let message = format!("{} has no key, expected the attribute field", target.path);
                self.report(at, message);
            }
        }
        let is_required = field.required.iter().any(|fact| fact.condition.is_none());
        if reference.on_delete == OnDelete::Clear && is_required {
            let message = format!(
                "{} is required, expected on-delete to be refuse or cascade",
                field.name
            );
            self.report(at, message);
        }
    }

    /// Returns the resource with this path, or reports a mistake.
    fn target(&mut self, path: &str, at: usize) -> Option<&'d Description> {
        let target = self.find(path);
        if target.is_none() {
            let expected = "the path of a resource in all releases of this one";
            self.report(at, format!("the resource is {path:?}, expected {expected}"));
        }
        target
    }

    /// Checks that a field of another resource identifies a record: that it is unique.
    fn check_lookup(&mut self, target: &Description, name: &str, at: usize) {
        let field = target
            .position(name)
            .map(|position| &target.fields[position]);
        let is_unique = field.is_some_and(|field| matches!(field.unique, Some((None, _))));
        if !is_unique {
            let message = format!(
                "the field is {name:?}, expected a unique field of {}",
                target.path
            );
            self.report(at, message);
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
                if is_nested || !self.is_by_key(through, target) {
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
        if target.is_none() {
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
