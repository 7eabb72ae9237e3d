//! The headers that are compared, in forms without the values that differ.

use crate::{
    appliance::client::Response,
    engine::{media_type, unquoted_split},
};

pub(super) const CONTENT_TYPE: &str = "Content-Type";
pub(super) const LOCATION: &str = "Location";
pub(super) const ALLOW: &str = "Allow";
pub(super) const CHALLENGE: &str = "WWW-Authenticate";
pub(super) const COOKIES: &str = "Set-Cookie";

/// The headers that are compared.
pub(super) const COMPARED: [&str; 9] = [
    CONTENT_TYPE,
    LOCATION,
    ALLOW,
    CHALLENGE,
    "Cache-Control",
    "Expires",
    "X-Frame-Options",
    "Server",
    COOKIES,
];
/// The attributes of cookies whose values depend on the server or on the time.
const VARIABLE: [&str; 3] = ["domain", "expires", "max-age"];
/// The length of a GUID.
const GUID_LENGTH: usize = 36;

/// Returns a header of a response in the form that is compared, `None` if it is absent.
pub(super) fn form(response: &Response, name: &str) -> Option<String> {
    let values = response.headers.get_all(name).iter();
    let values: Vec<_> = values
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect();
    if values.is_empty() {
        return None;
    }
    let all = values.join(", ");
    Some(match name {
        CONTENT_TYPE => content_type(&all),
        LOCATION => location(&all),
        ALLOW => methods(&all),
        COOKIES => cookies(&values),
        _ => all.trim().to_owned(),
    })
}

fn content_type(value: &str) -> String {
    media_type(value).map_or_else(|| value.trim().to_owned(), |known| known.to_string())
}

/// Describes a location: absolute or relative, and the path with placeholders for ids.
fn location(value: &str) -> String {
    match value.split_once("://") {
        Some((_, rest)) => {
            let path = rest.find('/').map_or("", |at| &rest[at..]);
            format!("absolute, with the path {}", without_ids(path))
        }
        None => format!("relative, with the path {}", without_ids(value)),
    }
}

/// Returns a text with `{id}` for each GUID.
pub(super) fn without_ids(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let candidate = rest.get(..GUID_LENGTH);
        if candidate.is_some_and(|guid| uuid::Uuid::try_parse(guid).is_ok()) {
            shown.push_str("{id}");
            rest = &rest[GUID_LENGTH..];
        } else {
            shown.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    shown
}

fn methods(value: &str) -> String {
    let mut methods: Vec<_> = value.split(',').map(str::trim).collect();
    methods.retain(|method| !method.is_empty());
    methods.sort_unstable();
    methods.dedup();
    methods.join(", ")
}

/// Describes cookies by their names and attributes, sorted.
fn cookies(values: &[String]) -> String {
    let mut cookies: Vec<_> = values.iter().map(|value| cookie(value)).collect();
    cookies.sort();
    cookies.join(", ")
}

fn cookie(value: &str) -> String {
    let mut parts = unquoted_split(value, ';').map(str::trim);
    let pair = parts.next().unwrap_or_default();
    let name = pair.split_once('=').map_or("", |(name, _)| name);
    let mut attributes: Vec<_> = parts
        .filter(|attribute| !attribute.is_empty())
        .map(|attribute| match attribute.split_once('=') {
            Some((name, _)) if VARIABLE.contains(&&*name.to_ascii_lowercase()) => {
                format!("{name}=…")
            }
            _ => attribute.to_owned(),
        })
        .collect();
    attributes.sort_by_key(|attribute| attribute.to_ascii_lowercase());
    attributes.insert(0, name.to_owned());
    attributes.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_has_its_form_and_no_ids() {
        let id = "4ce278eb-033e-460e-a4f7-5a0cf57b3b2d";
        assert_eq!(
            location(&format!("https://cuc:8443/vmrest/users/{id}")),
            "absolute, with the path /vmrest/users/{id}"
        );
        assert_eq!(
            location(&format!("/vmrest/users/{id}/é")),
            "relative, with the path /vmrest/users/{id}/é"
        );
    }

    #[test]
    fn cookies_have_names_and_attributes_but_no_values() {
        let values = [
            "B=secret; Secure; Path=/; Domain=cuc.example.com".to_owned(),
            "A=\"x;y\"; HttpOnly; Max-Age=3".to_owned(),
            "secret".to_owned(),
        ];
        assert_eq!(
            cookies(&values),
            ", A; HttpOnly; Max-Age=…, B; Domain=…; Path=/; Secure"
        );
    }

    #[test]
    fn methods_are_a_set() {
        assert_eq!(methods("PUT,GET , GET,"), "GET, PUT");
    }
}
