//! Message aging policies and their rules.

use crate::{
    engine::{Creation, Error, NamedRecord, Transaction},
    schema::Provenance,
};

const RULES: &str = "messageagingpolicies/{MessageAgingPolicyObjectId}/messageagingrules";
const DISABLED: &str =
    "Invalid parameter. Parameter = [Days, NotificationDays]: expected an enabled rule";
const TOO_EARLY: &str =
    "Invalid parameter. Parameter = [NotificationDays]: expected at most the value of Days";
/// The rules of each policy: the days, whether the rule is enabled, whether it is for secure messages, and the description.
const OF_POLICY: [(&str, bool, bool, &str); 5] = [
    (
        "30",
        false,
        false,
        "Move New Messages to the Saved Messages",
    ),
    (
        "30",
        false,
        false,
        "Move Saved Messages to the Deleted Items",
    ),
    (
        "15",
        true,
        false,
        "Permanently Delete Messages in the Deleted Items",
    ),
    (
        "30",
        false,
        true,
        "Permanently Delete Secure Touched Messages",
    ),
    ("60", false, true, "Permanently Delete All Secure Messages"),
];

/// Creates the rules of a new policy. A fixture may contain them.
pub(super) fn policy_created(
    transaction: &mut Transaction<'_>,
    creation: &Creation,
) -> Result<(), Error> {
    let policy = ("MessageAgingPolicyObjectId", creation.record.id());
    if !transaction.find(RULES, &[policy]).is_empty() {
        return Ok(());
    }
    for (days, is_enabled, is_secure, description) in OF_POLICY {
        let [is_enabled, is_secure] = [is_enabled, is_secure].map(|value| value.to_string());
        let values = [
            policy,
            ("Days", days),
            ("Enabled", &is_enabled),
            ("Secure", &is_secure),
            ("RuleDescription", description),
        ];
        transaction.create_at(RULES, None, &values)?;
    }
    Ok(())
}

/// Checks the days of a rule that has changed.
pub(super) fn rule_updated(
    _: &mut Transaction<'_>,
    before: &NamedRecord,
    after: &NamedRecord,
) -> Result<(), Error> {
    let days = ["Days", "NotificationDays"];
    let has_changed = days.iter().any(|name| before.get(name) != after.get(name));
    if has_changed && after.get("Enabled") == Some("false") {
        return Err(Error::refused(DISABLED, Provenance::Documented));
    }
    let [days, notification] = days.map(|name| after.get(name).and_then(|days| days.parse().ok()));
    let is_too_early = days
        .zip(notification)
        .is_some_and(|(days, notification): (i32, i32)| notification > days);
    match has_changed && is_too_early {
        true => Err(Error::refused(TOO_EARLY, Provenance::Documented)),
        false => Ok(()),
    }
}
