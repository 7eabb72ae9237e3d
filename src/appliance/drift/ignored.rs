//! The values that differ between two servers of the same release with the same data.

use std::{error::Error, fmt, str::FromStr};

use crate::schema::{DefaultValue, Field, Kind, path};

/// The names of fields without a description whose values are versions.
const VERSIONS: [&str; 1] = ["version"];
const HEADER: &str = "header";
const ROOT: &str = "/vmrest/";

/// The places whose differences are not reported.
///
/// Built in are the values of these fields: times that the server sets, and versions. Their existence, kind and order are
/// compared all the same. The comparison itself leaves out the values of cookies, the host in URLs, and the messages in
/// which this server names itself. Nothing about the places of a user is compared.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ignored(Vec<IgnoredPlace>);

/// A place that a user ignores: `FIELD`, `RESOURCE:FIELD` or `header:NAME`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IgnoredPlace {
    /// A field of all resources.
    Field(String),
    /// A field of the resource with this path below `/vmrest`. The path may lack its parameters.
    FieldOf { resource: String, field: String },
    /// A header, in any letter case.
    Header(String),
}

/// The error for a text that gives no place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InvalidPlace {
    problem: String,
}

impl Ignored {
    /// Returns the built-in places with those of a user.
    pub(crate) fn new(places: Vec<IgnoredPlace>) -> Self {
        Self(places)
    }

    /// True if the user ignores a field of the resource at a path.
    pub(super) fn has_field(&self, resource: Option<&str>, name: &str) -> bool {
        self.0.iter().any(|place| match place {
            IgnoredPlace::Field(field) => field == name,
            IgnoredPlace::FieldOf {
                resource: path,
                field,
            } => field == name && resource.is_some_and(|resource| is_path_of(path, resource)),
            IgnoredPlace::Header(_) => false,
        })
    }

    /// True if the user ignores a header.
    pub(super) fn has_header(&self, name: &str) -> bool {
        self.0.iter().any(|place| match place {
            IgnoredPlace::Header(header) => header.eq_ignore_ascii_case(name),
            _ => false,
        })
    }

    /// True if only the value of a field is left out.
    pub(super) fn has_value(&self, name: &str, field: Option<&Field>) -> bool {
        match field {
            Some(field) => is_time_of_server(field),
            None => VERSIONS
                .iter()
                .any(|known| known.eq_ignore_ascii_case(name)),
        }
    }
}

/// True if the server sets the field to the time of a creation or of a change.
fn is_time_of_server(field: &Field) -> bool {
    let mut defaults = field.defaults.iter();
    let is_time =
        |value: &DefaultValue<_>| matches!(value, DefaultValue::Now | DefaultValue::UtcNow);
    field.kind == Kind::DateTime
        && (field.access.is_read_only() || defaults.any(|(value, _)| is_time(value)))
}

/// True if a path of a user, with or without its parameters, is that of a resource.
fn is_path_of(path: &str, resource: &str) -> bool {
    path::is_same(path, resource) || path == path::without_parameters(resource)
}

impl FromStr for IgnoredPlace {
    type Err = InvalidPlace;

    fn from_str(text: &str) -> Result<Self, InvalidPlace> {
        let text = text.trim();
        // A path may contain a colon, a name does not.
        let Some((before, name)) = text.rsplit_once(':') else {
            return Ok(Self::Field(checked(
                text,
                is_field_name,
                "the name of a field",
            )?));
        };
        let (before, name) = (before.trim(), name.trim());
        if before.eq_ignore_ascii_case(HEADER) {
            let header = checked(name, is_header_name, "the name of a header")?;
            return Ok(Self::Header(header));
        }
        let resource = before.strip_prefix(ROOT).unwrap_or(before);
        let resource = resource.trim_matches('/');
        Ok(Self::FieldOf {
            resource: checked(resource, is_path, "the path of a resource below /vmrest")?,
            field: checked(name, is_field_name, "the name of a field")?,
        })
    }
}

/// Returns a part of a place if it has the expected form.
fn checked(part: &str, is_valid: fn(&str) -> bool, expected: &str) -> Result<String, InvalidPlace> {
    match is_valid(part) {
        true => Ok(part.to_owned()),
        false => Err(InvalidPlace {
            problem: format!("found {part:?}, expected {expected}"),
        }),
    }
}

/// A field in another one has both names, separated by a slash, and an attribute follows `@`.
fn is_field_name(text: &str) -> bool {
    let is_of_name = |c: char| c.is_alphanumeric() || "_-./@$".contains(c);
    text.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '@')
        && text.chars().all(is_of_name)
}

fn is_header_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

fn is_path(text: &str) -> bool {
    let mut segments = text.split('/');
    let is_of_segment = |c: char| c.is_alphanumeric() || "_-.{}".contains(c);
    segments.all(|segment| !segment.is_empty() && segment.chars().all(is_of_segment))
}

impl fmt::Display for InvalidPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { problem } = self;
        write!(
            f,
            "{problem}: use FIELD, RESOURCE:FIELD or header:NAME, such as DisplayName, users:DisplayName or header:Server"
        )
    }
}

impl Error for InvalidPlace {}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::{resources::embedded_catalogue, schema::Release};

    fn ignored(places: &[&str]) -> Ignored {
        Ignored::new(places.iter().map(|place| place.parse().unwrap()).collect())
    }

    #[test]
    fn a_place_is_a_field_a_field_of_a_resource_or_a_header() {
        let ignored = ignored(&[
            "Description",
            "tenants : Alias",
            "/vmrest/users/{Any}/mwis:DisplayName",
            "handlers/callhandlers/greetings:Enabled",
            "Header:server",
        ]);
        assert!(ignored.has_field(None, "Description"));
        assert!(ignored.has_field(Some("users"), "Description"));
        assert!(ignored.has_field(Some("tenants"), "Alias"));
        assert!(!ignored.has_field(Some("users"), "Alias") && !ignored.has_field(None, "Alias"));
        assert!(ignored.has_field(Some("users/{SubscriberObjectId}/mwis"), "DisplayName"));
        assert!(!ignored.has_field(Some("users"), "DisplayName"));
        let greetings = "handlers/callhandlers/{CallHandlerObjectId}/greetings";
        assert!(ignored.has_field(Some(greetings), "Enabled"));
        assert!(ignored.has_header("Server") && !ignored.has_header("Allow"));
        assert!(!ignored.has_field(None, "server"));
    }

    #[test]
    fn times_of_the_server_and_versions_have_other_values() {
        let catalogue = embedded_catalogue(Release::V10_5);
        let ignored = Ignored::default();
        let has_value = |path: &str, name: &str| {
            let resource = catalogue.resource(path).unwrap();
            let field = resource.position(name);
            ignored.has_value(name, field.map(|position| &resource.fields[position]))
        };
        assert!(has_value("tenants", "CreationDate"));
        assert!(has_value("searchspaces", "TimeOwnershipChanged"));
        assert!(!has_value("tenants", "Alias"));
        assert!(!has_value("schedules", "StartDate"));
        assert!(has_value("tenants", "version") && !has_value("tenants", "Other"));
    }

    #[test]
    fn a_text_that_gives_no_place_is_an_error() {
        let errors: String = [
            "",
            "a b",
            "header:",
            "header:a b",
            ":Alias",
            "a//b:Alias",
            "users:",
        ]
        .map(|text| format!("{}\n", text.parse::<IgnoredPlace>().unwrap_err()))
        .concat();
        expect![[r#"
            found "", expected the name of a field: use FIELD, RESOURCE:FIELD or header:NAME, such as DisplayName, users:DisplayName or header:Server
            found "a b", expected the name of a field: use FIELD, RESOURCE:FIELD or header:NAME, such as DisplayName, users:DisplayName or header:Server
            found "", expected the name of a header: use FIELD, RESOURCE:FIELD or header:NAME, such as DisplayName, users:DisplayName or header:Server
            found "a b", expected the name of a header: use FIELD, RESOURCE:FIELD or header:NAME, such as DisplayName, users:DisplayName or header:Server
            found "", expected the path of a resource below /vmrest: use FIELD, RESOURCE:FIELD or header:NAME, such as DisplayName, users:DisplayName or header:Server
            found "a//b", expected the path of a resource below /vmrest: use FIELD, RESOURCE:FIELD or header:NAME, such as DisplayName, users:DisplayName or header:Server
            found "", expected the name of a field: use FIELD, RESOURCE:FIELD or header:NAME, such as DisplayName, users:DisplayName or header:Server
        "#]].assert_eq(&errors);
    }
}
