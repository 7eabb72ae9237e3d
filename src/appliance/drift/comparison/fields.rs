//! The comparison of objects.

use std::borrow::Cow;

use super::{
    context::Comparison,
    defaults::default_fact,
    differences::{Differences, Sides},
    document::Fields,
    shown::{ABSENT, without_hosts},
};
use crate::{
    appliance::{
        drift::{Difference, Probe},
        facts::FactKey,
    },
    engine::canonical,
    journal::is_secret,
    schema::{Field, Kind, Resource},
};

/// The side of a server that shows a secret.
const SECRET: &str = "a secret, which is not shown";

/// The comparison of the objects of a response.
pub(super) struct FieldComparison<'c> {
    context: &'c Comparison<'c>,
    probe: &'c Probe,
    resource: Option<&'c Resource>,
    /// True for the position of each field with a value on both servers.
    compared: Vec<bool>,
}

impl<'c> FieldComparison<'c> {
    pub(super) fn new(context: &'c Comparison<'c>, probe: &'c Probe) -> Self {
        let path = probe.resource.as_deref();
        let resource = path.and_then(|path| context.catalogue.resource(path));
        Self {
            context,
            probe,
            resource,
            compared: vec![false; resource.map_or(0, |resource| resource.fields.len())],
        }
    }

    pub(super) fn resource(&self) -> Option<&'c Resource> {
        self.resource
    }

    /// Compares an object of this server with the same one of the real server.
    pub(super) fn compare(
        &mut self,
        mock: &Fields,
        server: &Fields,
        differences: &mut Differences<'_>,
    ) {
        let partners = partners(mock, server);
        for ((name, value), partner) in server.iter().zip(&partners) {
            if self.is_ignored(name) {
                continue;
            }
            match partner {
                Some(place) => self.compare_values(name, value, (mock, *place), differences),
                None => {
                    let sides = Sides::new(ABSENT, self.shown(name, value));
                    self.add(Difference::AdditionalField, name, sides, mock, differences);
                }
            }
        }
        for (place, (name, value)) in mock.iter().enumerate() {
            if !partners.contains(&Some(place)) && !self.is_ignored(name) {
                let sides = Sides::new(self.shown(name, value), ABSENT);
                self.add(Difference::MissingField, name, sides, mock, differences);
            }
        }
        self.compare_order(mock, &partners, differences);
    }

    /// Adds the fields that were compared to the tested facts.
    pub(super) fn finish(self, differences: &mut Differences<'_>) {
        let Some(resource) = self.resource else {
            return;
        };
        for (field, _) in resource
            .fields
            .iter()
            .zip(self.compared)
            .filter(|(_, is_compared)| *is_compared)
        {
            differences.test(field_fact(resource.path.as_str(), &field.name));
        }
    }

    fn is_ignored(&self, name: &str) -> bool {
        let path = self.probe.resource.as_deref();
        self.context.ignored.has_field(path, name)
    }

    fn field(&self, name: &str) -> Option<(usize, &'c Field)> {
        let resource = self.resource?;
        let position = resource.position(name)?;
        Some((position, &resource.fields[position]))
    }

    fn is_secret(&self, name: &str) -> bool {
        match self.field(name) {
            Some((_, field)) => field.access.is_hidden(),
            None => name.split('/').any(is_secret),
        }
    }

    /// Returns the side of a server that shows a field.
    fn shown(&self, name: &str, value: &str) -> String {
        match self.is_secret(name) {
            true => SECRET.to_owned(),
            false => self.context.shown().value(value),
        }
    }

    /// Compares the value of the real server with that at a place of the object of this server.
    fn compare_values(
        &mut self,
        name: &str,
        server: &str,
        (object, place): (&Fields, usize),
        differences: &mut Differences<'_>,
    ) {
        let (_, mock) = &object[place];
        if self.is_secret(name) {
            return;
        }
        let field = self.field(name);
        if let Some((position, _)) = field {
            self.compared[position] = true;
        }
        let described = field.map(|(_, field)| field);
        let difference = match difference(described, mock, server) {
            None => return self.test_default(field, object, differences),
            Some(Difference::Value) if self.context.ignored.has_value(name, described) => {
                return self.test_default(field, object, differences);
            }
            Some(Difference::Value) if self.probe.shows_defaults => Difference::Default,
            Some(difference) => difference,
        };
        let mock = match (difference, described) {
            (Difference::Kind, Some(field)) if canonical(&field.kind, server).is_err() => {
                kind_name(field.kind).to_owned()
            }
            _ => self.shown(name, mock),
        };
        let sides = Sides::new(mock, self.shown(name, server));
        self.add(difference, name, sides, object, differences);
    }

    fn test_default(
        &self,
        field: Option<(usize, &Field)>,
        object: &Fields,
        differences: &mut Differences<'_>,
    ) {
        let Some((position, _)) = field.filter(|_| self.probe.shows_defaults) else {
            return;
        };
        let resource = self.resource;
        let fact = resource.and_then(|resource| default_fact(resource, position, object));
        if let Some(fact) = fact {
            differences.test(fact);
        }
    }

    /// Adds a difference of a field of an object, which is given as this server shows it.
    fn add(
        &self,
        difference: Difference,
        name: &str,
        sides: Sides,
        object: &Fields,
        differences: &mut Differences<'_>,
    ) {
        let field = self.field(name);
        let is_about_default = self.probe.shows_defaults && difference != Difference::Kind;
        // A field that only one server fills in is known to both.
        let difference = match difference {
            Difference::AdditionalField | Difference::MissingField
                if is_about_default && field.is_some() =>
            {
                Difference::Default
            }
            difference => difference,
        };
        let default = field.filter(|_| is_about_default);
        let default = default.zip(self.resource);
        let default =
            default.and_then(|((position, _), resource)| default_fact(resource, position, object));
        let fact = default.or_else(|| self.field_fact(name));
        let kind = field.map(|(_, field)| field.kind);
        differences.add_of_kind(difference, Some(name), kind, sides, fact);
    }

    fn field_fact(&self, name: &str) -> Option<FactKey> {
        let path = self.probe.resource.as_deref()?;
        Some(field_fact(path, name))
    }

    /// Compares the order of the fields that both objects have.
    fn compare_order(
        &self,
        mock: &Fields,
        partners: &[Option<usize>],
        differences: &mut Differences<'_>,
    ) {
        let compared = partners.iter().flatten().copied();
        let server: Vec<_> = compared
            .filter(|place| !self.is_ignored(&mock[*place].0))
            .collect();
        if server.is_sorted() {
            return;
        }
        let mut sorted = server.clone();
        sorted.sort_unstable();
        let is_other = |(one, other): (&usize, &usize)| one != other;
        let first = sorted.iter().zip(&server).position(is_other);
        let last = sorted.iter().zip(&server).rposition(is_other);
        let part = first.unwrap_or_default()..last.map_or(0, |last| last + 1);
        let names = |places: &[usize]| {
            let names: Vec<_> = places.iter().map(|place| &*mock[*place].0).collect();
            let start = if part.start > 0 { "…, " } else { "" };
            let end = if part.end < server.len() { ", …" } else { "" };
            format!("{start}{}{end}", names[part.clone()].join(", "))
        };
        let sides = Sides::new(names(&sorted), names(&server));
        let moved = server[part.clone()].iter();
        let facts = moved.filter_map(|place| self.field_fact(&mock[*place].0));
        differences.add(Difference::Order, None, sides, facts);
    }
}

/// Returns the difference between two values of a field.
fn difference(field: Option<&Field>, mock: &str, server: &str) -> Option<Difference> {
    let kind = field.map_or(Kind::Link, |field| field.kind);
    let (mock, server) = match kind {
        Kind::Link => (
            Cow::Owned(without_hosts(mock)),
            Cow::Owned(without_hosts(server)),
        ),
        _ => (Cow::Borrowed(mock), Cow::Borrowed(server)),
    };
    match canonical(&kind, &server) {
        Err(_) => Some(Difference::Kind),
        _ if mock == server => None,
        // The same value in another form.
        Ok(form) if kind != Kind::Text && form == mock => Some(Difference::Kind),
        Ok(_) => Some(Difference::Value),
    }
}

/// Returns the name of a kind, with an article.
fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "a text",
        Kind::Integer => "a whole number",
        Kind::Boolean => "a boolean",
        Kind::Guid => "a GUID",
        Kind::DateTime => "a date and time",
        Kind::Binary => "bytes in base64",
        Kind::Link => "a link",
    }
}

fn field_fact(resource: &str, field: &str) -> FactKey {
    FactKey::Field {
        resource: resource.to_owned(),
        // The description has the outer one of nested fields.
        field: field.split(['/', '@']).next().unwrap_or(field).to_owned(),
    }
}

/// Returns the place of the same field in the object of this server, for each field of the real server. A repeated field is
/// the same as the one that is repeated as often before it.
fn partners(mock: &Fields, server: &Fields) -> Vec<Option<usize>> {
    let mut is_taken = vec![false; mock.len()];
    let mut partners = Vec::with_capacity(server.len());
    // Fields mostly follow each other as on this server.
    let mut next = 0;
    for (name, _) in server {
        let is_free = |place: &usize| {
            let field = mock.get(*place);
            field.is_some_and(|(known, _)| known == name) && !is_taken[*place]
        };
        let partner = Some(next).filter(is_free);
        let partner = partner.or_else(|| (0..mock.len()).find(is_free));
        if let Some(place) = partner {
            is_taken[place] = true;
            next = place + 1;
        }
        partners.push(partner);
    }
    partners
}
