//! The page for the maintainers, without the data of the customer.

use std::fmt::Write;

use super::{
    PageNames, Report, ReportedDifference,
    mark::{confirmed, line, refuted},
    sentence::{Sides, in_one_line, sentence_with},
};
use crate::{
    appliance::{
        drift::{Difference, Finding},
        facts::FactRow,
    },
    engine::canonical,
    schema::Kind,
};

/// The folder of the pages whose lines the maintainers know.
const PAGES: &str = "docs/";
const INTRODUCTION: &str = "\
This page was written by `cuc-mock drift --report`, for the maintainers of cuc-mock. **Please read it before you send it.**
It contains only:

- the version of the server, the releases, the date, and the number of requests,
- the methods and the paths of requests, with `…` for ids, names and values,
- the names of resources, fields, headers and cookies, and the values of headers that belong to the protocol,
- statuses, and the codes of errors,
- the messages of errors, with `…` for everything that may be a value,
- the kinds of values in place of the values; only the default of a number or a boolean is shown,
- the lines of the fidelity pages of cuc-mock.

Passwords, host names, user names and the values of objects are left out. A message may nevertheless contain a word that
cuc-mock did not recognize as a name.
";

impl Report<'_> {
    /// Returns the page, in Markdown.
    pub(crate) fn page(&self, names: &PageNames<'_>) -> String {
        let heading = self.heading;
        let mut page = format!(
            "# Differences between cuc-mock and a Unity Connection server\n\n{INTRODUCTION}\n\
             | | |\n|---|---|\n| Server | {}, release {} |\n| cuc-mock | {}, release {} |\n| Date | {} |\n\n{}\n",
            version(&names.names(&heading.server_version)),
            heading.server_release,
            env!("CARGO_PKG_VERSION"),
            heading.mock_release,
            plain(&names.names(&heading.date)),
            self.totals(),
        );
        for group in &self.groups {
            if !group.differences.is_empty() {
                let _ = writeln!(page, "\n## {}\n", plain(&names.names(&group.name)));
            }
            for difference in &group.differences {
                add_difference(&mut page, difference, names);
            }
        }
        if self.confirmed().next().is_some() {
            page.push_str("\n## Confirmed\n\n");
        }
        for row in self.confirmed() {
            let _ = writeln!(page, "- {}", fact(row, &confirmed(row)));
        }
        page
    }
}

fn add_difference(page: &mut String, difference: &ReportedDifference, names: &PageNames<'_>) {
    let ReportedDifference { finding, facts, .. } = difference;
    let [mock, server] = [&finding.mock, &finding.server]
        .map(|side| format!("`{}`", plain(&side_on_page(finding, side, names))));
    let sides = Sides {
        mock: &mock,
        server: &server,
    };
    let place = finding.place.as_deref();
    let place = place.map(|place| plain(&names.names(place)));
    let sentence = sentence_with(difference, place.as_deref(), &sides);
    let request = plain(&names.request(&finding.request));
    let _ = writeln!(page, "- `{request}`: {sentence}.");
    for row in facts {
        let _ = writeln!(page, "  - {}", fact(row, &refuted(row)));
    }
}

/// Returns a side without values of the customer.
fn side_on_page(finding: &Finding, side: &str, names: &PageNames<'_>) -> String {
    match finding.difference {
        Difference::Status => status(side, names),
        Difference::Header => header(finding, side, names),
        Difference::Code if is_code(side) => side.to_owned(),
        Difference::Code | Difference::Message | Difference::Rule => names.message(side),
        Difference::Body | Difference::Order => names.names(side),
        Difference::Default if is_number_or_boolean(finding, side) => side.to_owned(),
        _ => match side
            .strip_prefix('"')
            .and_then(|side| side.strip_suffix('"'))
        {
            Some(value) => value_kind(value).to_owned(),
            None => names.names(side),
        },
    }
}

/// Returns a status with the code and the message of the error.
fn status(side: &str, names: &PageNames<'_>) -> String {
    let (head, message) = match side.split_once(": ") {
        Some((head, message)) => (head, Some(message)),
        None => (side, None),
    };
    let (status, code) = head.split_once(' ').unwrap_or((head, ""));
    let mut shown = status.to_owned();
    if !code.is_empty() {
        shown.push(' ');
        shown.push_str(&if is_code(code) {
            code.to_owned()
        } else {
            names.message(code)
        });
    }
    if let Some(message) = message {
        shown.extend([": ", &names.message(message)]);
    }
    shown
}

/// Returns the value of a header. A location has names of objects, and a challenge may have one of the customer.
fn header(finding: &Finding, side: &str, names: &PageNames<'_>) -> String {
    match finding.place.as_deref() {
        Some("Location") => side.split(", ").next().unwrap_or_default().to_owned(),
        Some("WWW-Authenticate") => names.message(side),
        _ => names.names(side),
    }
}

/// True for a word such as `DATA_EXCEPTION`.
fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

fn is_number_or_boolean(finding: &Finding, side: &str) -> bool {
    let value = side.trim_matches('"');
    let is_of = |kind: Kind| finding.kind == Some(kind) && canonical(&kind, value).is_ok();
    is_of(Kind::Boolean) || is_of(Kind::Integer)
}

/// Returns the most precise kind that a value has, with an article.
fn value_kind(value: &str) -> &'static str {
    const KINDS: [(Kind, &str); 4] = [
        (Kind::Boolean, "a boolean"),
        (Kind::Integer, "a whole number"),
        (Kind::Guid, "a GUID"),
        (Kind::DateTime, "a date and time"),
    ];
    // `1` is a boolean only if its field is.
    let is_canonical = |kind: &Kind| canonical(kind, value).is_ok_and(|form| form == value);
    let mut kinds = KINDS.iter();
    match kinds.find(|(kind, _)| is_canonical(kind)) {
        _ if value.is_empty() => "an empty text",
        Some((_, name)) => name,
        None => "a text",
    }
}

/// Returns the line of a fact. The description of a user has a path and words of the user's own.
fn fact(row: &FactRow, mark: &str) -> String {
    match row.page.starts_with(PAGES) {
        true => in_one_line(&line(row, mark)),
        false => format!("line {} of the user's own description: {mark}", row.line),
    }
}

/// Returns a version, which consists of digits, letters, dots and dashes.
fn version(text: &str) -> String {
    let is_of_version = |c: &char| c.is_ascii_alphanumeric() || ".-() …".contains(*c);
    text.chars().filter(is_of_version).collect()
}

/// Returns a text without characters that have a meaning in a table or in code.
fn plain(text: &str) -> String {
    in_one_line(text).replace(['`', '|'], "'")
}
