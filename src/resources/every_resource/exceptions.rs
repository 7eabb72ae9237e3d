//! The facts of descriptions that do not hold alone, because a behaviour has a say.

/// A check of a field that fails. An exception that no release needs fails the test.
pub(super) struct Exception {
    /// The path of the resource, and the name of the field. Behind a `*`, the end of the path or the name is given.
    path: &'static str,
    field: &'static str,
    check: &'static str,
    /// Values of the field that are accepted.
    pub(super) instead: &'static [&'static str],
}

/// An exception of some fields, for a reason.
const fn of(
    path: &'static str,
    field: &'static str,
    check: &'static str,
    _reason: &'static str,
    instead: &'static [&'static str],
) -> Exception {
    Exception {
        path,
        field,
        check,
        instead,
    }
}

impl Exception {
    /// True if the exception is one of a check of a field.
    pub(super) fn is_of(&self, path: &str, field: &str, check: &str) -> bool {
        is_like(self.path, path) && is_like(self.field, field) && self.check == check
    }

    /// Returns the exception without its reason.
    pub(super) fn name(&self) -> [&str; 3] {
        [self.path, self.field, self.check]
    }
}

fn is_like(pattern: &str, text: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(end) => text.ends_with(end),
        None => text == pattern,
    }
}

const DEPENDS: &str = "the handler is of the kind that the conversation begins with";
const EXPIRY: &str = "an expired object is disabled, and an enabled one does not expire";

pub(super) const EXCEPTIONS: &[Exception] = &[
    of("*", "*TargetConversation", "update", DEPENDS, &[]),
    of("*", "*TargetHandlerObjectId", "update", DEPENDS, &[]),
    of("*transferoptions", "Enabled", "others", EXPIRY, &[]),
    of("*transferoptions", "TimeExpires", "others", EXPIRY, &[]),
    of("*/greetings", "Enabled", "others", EXPIRY, &[]),
    of("*/greetings", "TimeExpires", "others", EXPIRY, &[]),
    of(
        "*transferoptions",
        "Extension",
        "update",
        "the digits are dialed",
        &["1234", "9,#*+"],
    ),
    of(
        "*transferoptions",
        "Extension",
        "others",
        "a call is not transferred to the primary extension then",
        &[],
    ),
    of(
        "*transferoptions",
        "UsePrimaryExtension",
        "update",
        "false needs an extension",
        &[],
    ),
    of(
        "*menuentries",
        "Action",
        "others",
        "a transfer has a type and a number of rings",
        &[],
    ),
    of(
        "configurationvalues",
        "Value",
        "update",
        "its type is in another field",
        &["0", "1"],
    ),
    of(
        "ldapphonenumbertransforms",
        "",
        "second",
        "there is only one",
        &[],
    ),
    of(
        "locations/locallocation",
        "*Language",
        "update",
        "the language is installed",
        &["1033"],
    ),
    of(
        "messageagingpolicies/{MessageAgingPolicyObjectId}/messageagingrules",
        "*Days",
        "update",
        "only an enabled rule has days",
        &[],
    ),
    of(
        "routingrules/{RoutingRuleObjectId}/routingruleconditions",
        "Parameter",
        "update",
        "the operand is the id of an object of another kind",
        &[],
    ),
    of(
        "schedulesets/{ScheduleSetObjectId}/schedulesetmembers",
        "",
        "second",
        "a set has one included and one excluded schedule",
        &[],
    ),
    of(
        "schedulesets/{ScheduleSetObjectId}/schedulesetmembers",
        "Exclude",
        "update",
        "only holidays are excluded",
        &[],
    ),
];

/// Fields that a create must give although no table says so, because it needs one of several: the path of the resource,
/// and the names of the fields.
pub(super) const MANDATORY: &[(&str, &[&str])] = &[
    ("alternatenames", &["GlobalUserObjectId", "LastName"]),
    ("callhandlertemplates", &["RecipientSubscriberObjectId"]),
    (
        "distributionlists/{DistributionListObjectId}/distributionlistmembers",
        &["MemberDistributionListObjectId"],
    ),
    (
        "handlers/callhandlers/{TargetHandlerObjectId}/callhandlerowners",
        &["UserObjectId"],
    ),
    (
        "handlers/interviewhandlers",
        &["RecipientSubscriberObjectId"],
    ),
    ("ports", &["NumberOfPorts"]),
    ("smtpproxyaddresses", &["ObjectGlobalUserObjectId"]),
    (
        "users/{UserObjectId}/privatelists/{PersonalVoiceMailListObjectId}/privatelistmembers",
        &["MemberSubscriberObjectId"],
    ),
];

/// The objects of resources that have others that cannot be changed: the path, and the end of the path of the object.
pub(super) const OBJECTS: &[(&str, &str)] = &[(
    "configurationvalues",
    "/System.API.CumiAccessSecureMessageAttachments",
)];

/// The key of an object that a client creates with its audio: the code of an installed language.
pub(super) const LANGUAGE: &str = "1033";
