//! The values of a request in the message with which a server rejects it.

use super::message_template::{self, PlaceholderTexts};
use crate::schema::{Catalogue, ErrorDescription, ErrorRule, Resource, Verb};

/// The length of a GUID.
const GUID_LENGTH: usize = 36;

/// A request that breaks a rule.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rejection<'r> {
    /// The resources of this server, and the contents of its errors.
    pub(crate) catalogue: &'r Catalogue,
    pub(crate) rule: ErrorRule,
    /// The path of the resource below `/vmrest`.
    pub(crate) resource: Option<&'r str>,
    /// The request in words: its method, its path, and its purpose.
    pub(crate) request: &'r str,
    /// The messages of this server and of the real one.
    pub(crate) mock: Option<&'r str>,
    pub(crate) server: Option<&'r str>,
}

impl<'r> Rejection<'r> {
    /// Returns the verb of the request, if it can break the rule.
    pub(crate) fn verb(&self) -> Option<Verb> {
        let method = self.request.split(' ').next()?;
        let mut verbs = self.rule.content(None).verbs.iter();
        verbs.find(|verb| verb.method() == method).copied()
    }

    /// Returns the values of the placeholders that a message may have; `None` if they cannot be found.
    pub(crate) fn values(&self) -> Option<PlaceholderTexts<'r>> {
        match (self.rule, self.resource()) {
            (ErrorRule::NotFound, Some(resource)) => Some(self.identity(resource)),
            _ => message_template::values(self.template(), self.mock?),
        }
    }

    /// Returns a message with placeholders for the values, for the names of the resource, and for ids, to recognize the same
    /// message in other requests.
    pub(crate) fn without_values(&self, message: &str) -> String {
        let mut values = self.values().unwrap_or_default();
        if self.mock == Some(message)
            && message_template::values(self.template(), message).is_some()
        {
            return self.template().to_owned();
        }
        if let Some(resource) = self.resource() {
            values.extend(names(resource));
            values.push(("element", resource.element.to_ascii_uppercase()));
        }
        for id in ids(message) {
            values.push(("id", id.to_owned()));
        }
        message_template::generalised(message, &values)
    }

    /// True if a response of this server with this status has the content for the rule: another rule may precede it.
    pub(crate) fn is_by_rule(&self, status: u16) -> bool {
        let described = self.described().and_then(|error| error.status);
        let expected = described.unwrap_or(self.rule.content(self.verb()).status);
        status == expected && self.values().is_some()
    }

    /// Returns the message of this server with its placeholders.
    fn template(&self) -> &'r str {
        let message = self.described().and_then(|error| error.message.as_deref());
        message.unwrap_or(self.rule.content(self.verb()).message)
    }

    /// Returns the content of the rejection that the user describes.
    fn described(&self) -> Option<&'r ErrorDescription> {
        self.catalogue
            .error(self.rule, self.verb(), self.resource())
    }

    fn resource(&self) -> Option<&'r Resource> {
        self.catalogue.resource(self.resource?)
    }

    /// Returns the values in messages about a missing object, whose id ends the path of the request.
    fn identity(&self, resource: &Resource) -> PlaceholderTexts<'r> {
        let path = self.request.split(' ').nth(1).unwrap_or_default();
        let path = path.split('?').next().unwrap_or_default();
        let id = path.rsplit('/').next().unwrap_or_default();
        // The request does not show the id of a new object.
        let id = match id.starts_with('{') {
            true => self.only_id().unwrap_or_default(),
            false => id,
        };
        let mut values = names(resource);
        if let Some(key) = resource.key {
            let key = resource.fields[key].name.to_string();
            if !id.is_empty() {
                values.push(("identity", format!(" - {key}={id}")));
                values.push(("id", id.to_owned()));
            }
            values.push(("field", key));
        }
        values
    }

    /// Returns the id in the messages, if there is only one.
    fn only_id(&self) -> Option<&'r str> {
        let messages = self.mock.into_iter().chain(self.server);
        let mut found = messages.flat_map(ids);
        let id = found.next()?;
        found.all(|other| other == id).then_some(id)
    }
}

/// Returns the names of a resource in messages.
fn names<'t>(resource: &Resource) -> PlaceholderTexts<'t> {
    let element = resource.element.to_string();
    let kind = element.to_ascii_lowercase();
    vec![("kind", kind), ("element", element)]
}

/// Returns the GUIDs in a text.
fn ids(text: &str) -> impl Iterator<Item = &str> {
    let candidates = text.char_indices();
    let candidates = candidates.filter_map(|(at, _)| text.get(at..at + GUID_LENGTH));
    candidates.filter(|id| uuid::Uuid::try_parse(id).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{resources::embedded_catalogue, schema::Release};

    const ID: &str = "cc0c0000-0000-4000-8000-000000000007";

    fn not_found<'r>(catalogue: &'r Catalogue, request: &'r str, server: &'r str) -> Rejection<'r> {
        Rejection {
            catalogue,
            rule: ErrorRule::NotFound,
            resource: Some("tenants"),
            request,
            mock: None,
            server: Some(server),
        }
    }

    #[test]
    fn a_missing_object_has_the_id_of_the_path_or_that_of_the_message() {
        let catalogue = embedded_catalogue(Release::V14);
        let server = format!("Tenant {ID}");
        let id = |request: &str, server: &str| {
            let values = not_found(&catalogue, request, server).values()?;
            values
                .into_iter()
                .find_map(|(name, value)| (name == "id").then_some(value))
        };
        assert_eq!(
            id("GET /vmrest/tenants/7?x=y", &server).as_deref(),
            Some("7")
        );
        let deleted = "GET /vmrest/tenants/{id} when it is deleted";
        assert_eq!(id(deleted, &server).as_deref(), Some(ID));
        assert_eq!(id(deleted, "none"), None);
        let two = format!("{ID} 6f4f7023-e9e5-4cd0-bf55-e20a0be6fd78");
        assert_eq!(id(deleted, &two), None);
    }

    #[test]
    fn messages_with_other_values_are_the_same() {
        let catalogue = embedded_catalogue(Release::V14);
        let own = "Invalid parameter. Parameter = [Alias], Value = [a]: expected b";
        let rejection = Rejection {
            catalogue: &catalogue,
            rule: ErrorRule::Choices,
            resource: Some("tenants"),
            request: "POST /vmrest/tenants with Alias outside its choices",
            mock: Some(own),
            server: None,
        };
        assert_eq!(rejection.verb(), Some(Verb::Create));
        assert_eq!(
            rejection.without_values(own),
            ErrorRule::Choices.content(None).message
        );
        assert_eq!(
            rejection.without_values(&format!("Alias of TENANT (tenant, Tenant) {ID} is 'a'")),
            "{field} of {element} ({kind}, {element}) {id} is '{value}'"
        );
        assert!(rejection.is_by_rule(400));
        assert!(!rejection.is_by_rule(404));
    }
}
