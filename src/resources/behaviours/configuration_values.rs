//! Configuration values.

use super::values::RecordValues;
use crate::{
    engine::{Error, InvalidField, NamedRecord, Transaction},
    schema::{ErrorRule, Provenance, Release, Resource},
    store::{Store, Values},
};

/// The values that a client can set, each with the first release in which it can.
const WRITABLE: [(&str, Release); 4] = [
    (
        "System.API.CumiAccessSecureMessageAttachments",
        Release::V10_5,
    ),
    ("System.API.CumiAllowSecureMessageHeaders", Release::V10_5),
    (
        "System.Conversations.UserMaxConcurrentSessionsTUI",
        Release::V11_5,
    ),
    ("System.SA.UserInactivityTimeout", Release::V11_5),
];
const READ_ONLY: &str = "The configuration value is read-only";
const VALUE: &str = "Value";
const INTEGER: &str = "3";
const BOOLEAN: &str = "11";
/// The component that has modified a value.
const COMPONENT: &str = "VMREST";

/// Writes a boolean as 0 or 1.
pub(super) fn values(_: &Store, resource: &Resource, values: Values, _: Option<&Values>) -> Values {
    let mut setting = RecordValues { resource, values };
    if setting.get("Type") == Some(BOOLEAN) {
        let value = setting.get(VALUE).unwrap_or_default().trim();
        let number = match &*value.to_ascii_lowercase() {
            "true" => Some("1"),
            "false" => Some("0"),
            _ => None,
        };
        if number.is_some() {
            setting.set(VALUE, number);
        }
    }
    setting.values
}

/// Checks a new value, and notes the time of the change.
pub(super) fn updated(
    transaction: &mut Transaction<'_>,
    before: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    let release = transaction.catalogue().release;
    let mut writable = WRITABLE.iter();
    if !writable.any(|(name, since)| after.id().eq_ignore_ascii_case(name) && release >= *since) {
        return Err(Error::forbidden(READ_ONLY, Provenance::Documented));
    }
    let value = after.get(VALUE).unwrap_or_default();
    if let Some(expected) = expected(after, value) {
        return Err(invalid(after, value, expected));
    }
    if before.get(VALUE) == after.get(VALUE) {
        return Ok(());
    }
    let now = transaction.utc_stamp();
    let change = [
        ("LastModifiedTime", Some(&*now)),
        ("LastModifiedByComponent", Some(COMPONENT)),
    ];
    transaction.change(after, &change)
}

/// Returns a description of the accepted values, unless this is one of them.
fn expected(setting: &NamedRecord, value: &str) -> Option<String> {
    match setting.get("Type") {
        Some(BOOLEAN) => (!matches!(value, "0" | "1")).then(|| "0 or 1".to_owned()),
        Some(INTEGER) => {
            let limit = |name: &str| setting.get(name).and_then(|limit| limit.parse().ok());
            let limits = limit("MinVal").zip(limit("MaxVal"));
            let (min, max): (i32, i32) = limits
                .filter(|(min, max)| min < max)
                .unwrap_or((i32::MIN, i32::MAX));
            let number = value.parse::<i32>().ok();
            let is_accepted = number.is_some_and(|number| (min..=max).contains(&number));
            (!is_accepted).then(|| format!("a whole number from {min} to {max}"))
        }
        _ => None,
    }
}

fn invalid(setting: &NamedRecord, value: &str, expected: String) -> Error {
    let resource = setting.resource();
    let position = resource.position(VALUE).unwrap_or_default();
    let field = InvalidField {
        name: VALUE.into(),
        value: value.to_owned(),
        expected,
        evidence: resource.fields[position].evidence.clone(),
    };
    Error::invalid_field(ErrorRule::Range, field)
}
