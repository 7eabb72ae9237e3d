//! Corrections from the fields of objects.

use super::{
    Learning, NO_DATA, NO_DESCRIPTION, corrections::Corrections, observed_fields::ObservedFields,
};
use crate::{
    appliance::{
        drift::Finding,
        facts::{FactKey, FieldRule},
    },
    journal::is_secret,
    schema::{Access, FieldDescription, Kind},
};

/// The kinds of values that are not the same for two objects.
const OF_ONE_OBJECT: [Kind; 2] = [Kind::Guid, Kind::DateTime];

impl Learning<'_> {
    /// Adds a field that only the real server shows, or shows it in lists.
    pub(super) fn add_field(
        &self,
        finding: &Finding,
        corrections: &mut Corrections,
    ) -> Result<(), String> {
        let (resource, name) = place(finding)?;
        let fields = self.fields(resource)?;
        let description = corrections.description(resource).ok_or(NO_DESCRIPTION)?;
        if description.position(name).is_some() {
            return set_list_fields(resource, name, fields, corrections);
        }
        let kind = fields.kind(name).ok_or(NO_DATA)?;
        let order = fields.order().iter();
        let before = order.take_while(|other| *other != name);
        let after = before
            .filter(|other| description.position(other).is_some())
            .last();
        let access = match name {
            name if is_secret(name) => Access::Secret,
            name if fields.is_path(name) => Access::ReadOnly,
            _ => Access::ReadWrite,
        };
        let kind = if access == Access::Secret {
            Kind::Text
        } else {
            kind
        };
        let after = after.map(String::as_str);
        corrections.correct(resource, |tree| tree.add_field(name, kind, access, after))?;
        if let Some(value) = self.common_default(resource, name, kind) {
            // A field of another access has no default.
            let _ = corrections.correct(resource, |tree| tree.set_default(name, None, Some(value)));
        }
        Ok(())
    }

    /// Returns the value of a new field in all objects that have their defaults, if it is of a kind that does not
    /// distinguish objects.
    fn common_default(&self, resource: &str, name: &str, kind: Kind) -> Option<&str> {
        let exchanges = self.observations.exchanges().map(|(_, exchange)| exchange);
        let exchanges = exchanges.filter(|exchange| {
            exchange.shows_defaults && exchange.resource.as_deref() == Some(resource)
        });
        let objects = exchanges.filter_map(|exchange| exchange.server.object.as_ref());
        let mut values = objects.map(|object| object.get(name));
        let value = values.next()?;
        let is_general = matches!(kind, Kind::Boolean | Kind::Integer);
        value.filter(|_| is_general && values.all(|other| other == value))
    }

    /// Removes a field that the real server never shows, or removes it from lists.
    pub(super) fn remove_field(
        &self,
        finding: &Finding,
        corrections: &mut Corrections,
    ) -> Result<(), String> {
        let (resource, name) = place(finding)?;
        let fields = self.fields(resource)?;
        match fields.has(name) {
            true => set_list_fields(resource, name, fields, corrections),
            false => corrections.correct(resource, |tree| tree.remove_field(name)),
        }
    }

    pub(super) fn set_order(
        &self,
        finding: &Finding,
        corrections: &mut Corrections,
    ) -> Result<(), String> {
        let resource = finding.resource.as_deref().ok_or(NO_DESCRIPTION)?;
        if finding.place.is_some() {
            return Err(NO_DESCRIPTION.to_owned());
        }
        let order = self.fields(resource)?.order();
        let names: Vec<_> = order.iter().map(String::as_str).collect();
        corrections.correct(resource, |tree| {
            let is_changed = tree.set_order(&names);
            for fact in &finding.facts {
                tree.confirm(fact);
            }
            is_changed
        })
    }

    pub(super) fn set_kind(
        &self,
        finding: &Finding,
        corrections: &mut Corrections,
    ) -> Result<(), String> {
        let (resource, name) = place(finding)?;
        let kind = self.fields(resource)?.kind(name).ok_or(NO_DATA)?;
        corrections.correct(resource, |tree| tree.set_kind(name, kind))
    }

    /// Sets the default of a field to the value of an object that was created without one.
    pub(super) fn set_default(
        &self,
        finding: &Finding,
        corrections: &mut Corrections,
    ) -> Result<(), String> {
        let (resource, name) = place(finding)?;
        let exchange = self
            .observations
            .exchange(&finding.request)
            .ok_or(NO_DATA)?;
        let object = exchange.server.object.as_ref().ok_or(NO_DATA)?;
        let value = object.get(name);
        let description = corrections.description(resource).ok_or(NO_DESCRIPTION)?;
        let position = description.position(name).ok_or(NO_DESCRIPTION)?;
        let field = &description.fields[position];
        let is_of_one_object = OF_ONE_OBJECT.contains(&field.kind) || field.reference.is_some();
        if is_of_one_object && value.is_some() || field.access.is_hidden() {
            return Err("the value belongs to one object".to_owned());
        }
        if let Some(value) = value {
            self.check_secret(value)?;
        }
        let number = finding.facts.iter().find_map(|fact| match fact {
            FactKey::Rule {
                rule: FieldRule::Default,
                number,
                ..
            } => Some(*number),
            _ => None,
        });
        corrections.correct(resource, |tree| tree.set_default(name, number, value))
    }

    /// Corrects a rule that an object of the real server breaks.
    pub(super) fn correct_rule(
        &self,
        finding: &Finding,
        corrections: &mut Corrections,
    ) -> Result<(), String> {
        let mut result = Err(NO_DESCRIPTION.to_owned());
        for fact in &finding.facts {
            let FactKey::Rule {
                resource,
                field,
                rule,
                number,
            } = fact
            else {
                continue;
            };
            let value = unquoted(&finding.server).filter(|_| *rule == FieldRule::Choices);
            value.map_or(Ok(()), |value| self.check_secret(value))?;
            let add_choice = value.map(|value| {
                corrections.correct(resource, |tree| tree.add_choice(field, *number, value))
            });
            result = match add_choice {
                Some(Ok(())) => Ok(()),
                _ => corrections.correct(resource, |tree| tree.remove_rule(field, *rule, *number)),
            };
        }
        result
    }

    /// Returns the fields of a resource, as the responses have shown them.
    fn fields(&self, resource: &str) -> Result<&ObservedFields, String> {
        let fields = self.observations.fields(resource);
        fields.ok_or_else(|| NO_DATA.to_owned())
    }
}

/// Lets lists show a field or not, as those of the real server do.
fn set_list_fields(
    resource: &str,
    name: &str,
    fields: &ObservedFields,
    corrections: &mut Corrections,
) -> Result<(), String> {
    let description = corrections.description(resource).ok_or(NO_DESCRIPTION)?;
    let is_shown =
        |field: &&FieldDescription| !matches!(field.access, Access::WriteOnly | Access::Internal);
    let mut names: Vec<_> = match &description.list_fields {
        Some(list) => list.names.iter().map(ToString::to_string).collect(),
        None => {
            let fields = description.fields.iter().filter(is_shown);
            fields.map(|field| field.name.to_string()).collect()
        }
    };
    let was_in_lists = names.iter().any(|known| known == name);
    match (was_in_lists, fields.is_in_lists(name)) {
        (false, true) => names.push(name.to_owned()),
        (true, false) if fields.is_in_objects(name) => names.retain(|known| known != name),
        _ => return Err("the value belongs to one object".to_owned()),
    }
    corrections.correct(resource, |tree| {
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        tree.set_list_fields(Some(&names))
    })
}

/// Returns the resource of a finding, and the name of its field.
fn place(finding: &Finding) -> Result<(&str, &str), String> {
    let resource = finding.resource.as_deref();
    let name = finding.place.as_deref();
    // A field within another one has a path.
    let name = name.filter(|name| !name.contains(['/', '@']));
    let place = resource.zip(name);
    place.ok_or_else(|| NO_DESCRIPTION.to_owned())
}

/// Returns the value in a text that shows all of it in quotes.
fn unquoted(shown: &str) -> Option<&str> {
    let value = shown.strip_prefix('"')?.strip_suffix('"')?;
    (!value.ends_with('…')).then_some(value)
}
