//! The lines of `docs/fidelity.md` that are written by hand and that responses test, by the beginnings of their texts.

use crate::appliance::facts::FactKey;

pub(super) const CHALLENGE: FactKey = FactKey::Protocol("The realm of the challenge");
pub(super) const COOKIES: FactKey =
    FactKey::Protocol("Three cookies on responses with 200, 204 and 403");
pub(super) const OTHER_COOKIES: FactKey =
    FactKey::Protocol("The same on every other response except 401");
pub(super) const JSON_LIST: FactKey = FactKey::Protocol("JSON list");
pub(super) const JSON_ERRORS: FactKey = FactKey::Protocol("JSON errors");
pub(super) const ALLOW: FactKey = FactKey::Protocol("HEAD like GET without a body");
pub(super) const HEADERS: FactKey =
    FactKey::Protocol("`Cache-Control`, `Expires`, `X-Frame-Options`");
pub(super) const CONTENT_TYPE: FactKey =
    FactKey::Protocol("The content type `application/xml;charset=UTF-8`, even on a 204");
pub(super) const TOTAL: FactKey = FactKey::Protocol("List: 200; `total` counts all matches");
pub(super) const CREATED_BODY: FactKey =
    FactKey::Protocol("Create: 201, the body is the bare path");
pub(super) const CREATED_LOCATION: FactKey = FactKey::Protocol("Create: the `Location` header");
pub(super) const CREATED_TYPE: FactKey = FactKey::Protocol("Create: the content type");
pub(super) const ENVELOPE: FactKey = FactKey::Protocol("The envelope `<ErrorDetails>");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fact_begins_one_line_of_the_page() {
        let page = include_str!("../../../../docs/fidelity.md");
        for fact in [
            CHALLENGE,
            COOKIES,
            OTHER_COOKIES,
            JSON_LIST,
            JSON_ERRORS,
            ALLOW,
            HEADERS,
            CONTENT_TYPE,
            TOTAL,
            CREATED_BODY,
            CREATED_LOCATION,
            CREATED_TYPE,
            ENVELOPE,
        ] {
            let FactKey::Protocol(beginning) = fact else {
                panic!("{fact:?}");
            };
            let row = format!("| {beginning}");
            let rows = page.lines().filter(|line| line.starts_with(&row));
            assert_eq!(rows.count(), 1, "{beginning}");
        }
    }
}
