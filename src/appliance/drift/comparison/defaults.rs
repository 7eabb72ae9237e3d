//! The defaults of fields as facts.

use super::document::{Fields, value};
use crate::{
    appliance::facts::{FactKey, FieldRule},
    schema::{DefaultValue, Resource},
};

/// Returns the fact that the field at a position has a default, if an object of this server has it.
pub(super) fn default_fact(
    resource: &Resource,
    position: usize,
    object: &Fields,
) -> Option<FactKey> {
    let field = &resource.fields[position];
    let of_object = |position: usize| value(object, &resource.fields[position].name);
    let mut defaults = field.defaults.iter();
    let number = defaults.position(|(_, rule)| rule.applies(of_object))?;
    let (default, _) = &field.defaults[number];
    let has_default = match default {
        DefaultValue::Value(value) => of_object(position).unwrap_or_default() == &**value,
        DefaultValue::Now | DefaultValue::UtcNow | DefaultValue::First(_) => true,
    };
    has_default.then(|| FactKey::Rule {
        resource: resource.path.to_string(),
        field: field.name.to_string(),
        rule: FieldRule::Default,
        number,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{resources::embedded_catalogue, schema::Release};

    /// Returns the number of the default of a service's `ExchDoAutodiscover`, if the object has one.
    fn number(object: &[(&str, &str)]) -> Option<usize> {
        let catalogue = embedded_catalogue(Release::V10_5);
        let resource = catalogue.resource("externalservices").unwrap();
        let fields = object.iter();
        let fields = fields.map(|(name, value)| ((*name).into(), (*value).into()));
        let position = resource.position("ExchDoAutodiscover").unwrap();
        match default_fact(resource, position, &fields.collect())? {
            FactKey::Rule { number, .. } => Some(number),
            fact => panic!("{fact:?}"),
        }
    }

    #[test]
    fn the_default_whose_condition_an_object_meets_is_a_fact() {
        let of_type = |server_type, value| {
            number(&[("ServerType", server_type), ("ExchDoAutodiscover", value)])
        };
        assert_eq!(of_type("4", "false"), Some(0));
        assert_eq!(of_type("5", "false"), Some(1));
        assert_eq!(of_type("1", "false"), None);
        assert_eq!(of_type("4", "true"), None, "a request set it");
    }
}
