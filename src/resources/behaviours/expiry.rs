//! Greetings and transfer options that are enabled until a time.

use crate::{
    engine::{Error, NamedRecord, Transaction},
    schema::Provenance,
};

/// The field with the time.
pub(super) const FIELD: &str = "TimeExpires";
const ENABLED: &str = "Enabled";
/// The time of one that is disabled.
pub(super) const NEVER: &str = "1972-01-01 00:00:00.0";

/// True if one with this time is enabled. Without a time, it is enabled without end.
pub(super) fn is_enabled(transaction: &Transaction<'_>, expires: Option<&str>) -> bool {
    // Both forms of a time have the same order as texts.
    let comparable = |time: &str| time.trim_end_matches('Z').replace('T', " ");
    expires.is_none_or(|expires| comparable(expires) > transaction.stamp())
}

/// Lets the time and the switch follow each other after a change. `permanent` are those that cannot be disabled.
pub(super) fn follow(
    transaction: &mut Transaction<'_>,
    before: &NamedRecord,
    after: &NamedRecord,
    permanent: &[&str],
) -> Result<(), Error> {
    let is_changed = |field| before.get(field) != after.get(field);
    let expires = after.get(FIELD);
    let (expires, enabled) = if is_changed(FIELD) {
        (expires, is_enabled(transaction, expires))
    } else if !is_changed(ENABLED) {
        return Ok(());
    } else if after.get(ENABLED) == Some("true") {
        (expires.filter(|_| is_enabled(transaction, expires)), true)
    } else {
        (Some(NEVER), false)
    };
    let name = after.id();
    if !enabled && permanent.contains(&name) {
        let field = if is_changed(FIELD) { FIELD } else { ENABLED };
        let message = format!(
            "Invalid parameter. Parameter = [{field}], Value = [{}]: expected a value that enables it, as {name} cannot \
             be disabled",
            after.get(field).unwrap_or_default()
        );
        return Err(Error::refused(message, Provenance::Client));
    }
    let is_enabled = enabled.to_string();
    transaction.change(after, &[(FIELD, expires), (ENABLED, Some(&is_enabled))])
}
