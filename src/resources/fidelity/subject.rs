//! Subjects, by which the served resources are grouped.

/// A group of resources.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) title: &'static str,
    /// The beginnings of the paths, without parameters.
    beginnings: &'static [&'static str],
}

/// The subjects, in the order of the list. The last one has all resources that are in no other.
pub(super) const SUBJECTS: [Subject; 7] = [
    Subject {
        title: "Services and tenants",
        beginnings: &["externalservices", "tenants"],
    },
    Subject {
        title: "Users",
        beginnings: &[
            "users",
            "globalusers",
            "usertemplates",
            "import/users",
            "coses",
            "authenticationrules",
            "roles",
            "policies",
            "privileges",
            "notificationtemplates",
            "alternatenames",
            "smtpproxyaddresses",
            "subscriberdependencies",
        ],
    },
    Subject {
        title: "Lists and contacts",
        beginnings: &[
            "distributionlists",
            "users/privatelists",
            "contacts",
            "contacttemplates",
        ],
    },
    Subject {
        title: "Call handling",
        beginnings: &[
            "handlers",
            "callhandlertemplates",
            "callhandlerprimarytemplates",
            "routingrules",
            "schedules",
            "schedulesets",
            "partitions",
            "searchspaces",
        ],
    },
    Subject {
        title: "Telephony",
        beginnings: &[
            "phonesystems",
            "portgroups",
            "ports",
            "portgrouptemplates",
            "restrictiontables",
            "rtpcodecdefs",
            "smppproviders",
            "waveformats",
        ],
    },
    Subject {
        title: "Sound and messages",
        beginnings: &[
            "voicefiles",
            "calls",
            "messages",
            "postgreetingrecordings",
            "mailboxstores",
            "messageagingpolicies",
            "messageagingtexts",
            "messageexpirations",
            "mailboxquotatexts",
            "subjectlineformats",
            "subject-line-parameters",
            "setDefaultSenderName",
        ],
    },
    Subject {
        title: "System",
        beginnings: &[],
    },
];

/// Returns the place of the subject of a resource: the one with the longest beginning of its path.
pub(super) fn place(name: &str) -> usize {
    let length = |subject: &Subject| {
        let beginnings = subject.beginnings.iter();
        let fitting = beginnings.filter(|beginning| {
            let rest = name.strip_prefix(**beginning);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        fitting.map(|beginning| beginning.len()).max()
    };
    let lengths = SUBJECTS.iter().map(length).enumerate();
    let longest = lengths.max_by_key(|(_, length)| *length);
    longest
        .filter(|(_, length)| length.is_some())
        .map_or(SUBJECTS.len() - 1, |(place, _)| place)
}
