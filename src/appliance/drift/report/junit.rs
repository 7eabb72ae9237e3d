//! The report as the result of tests, in the format of JUnit.

use std::fmt::Write;

use quick_xml::escape::escape;

use super::{
    Group, Report, ReportedDifference,
    mark::{line, place, refuted},
    sentence::{in_one_line, sentence},
};

impl Report<'_> {
    /// Returns the report as a document of JUnit: a suite for each resource, a failed case for each difference, and a
    /// passed one for each confirmed fact.
    pub(crate) fn junit(&self) -> String {
        let failures = self.differences().count();
        let tests = failures + self.confirmed().count();
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let _ = writeln!(
            xml,
            r#"<testsuites name="cuc-mock drift" tests="{tests}" failures="{failures}" errors="0" time="0">"#
        );
        for group in &self.groups {
            self.add_suite(&mut xml, group);
        }
        xml.push_str("</testsuites>\n");
        xml
    }

    fn add_suite(&self, xml: &mut String, group: &Group) {
        let heading = self.heading;
        let failures = group.differences.len();
        let tests = failures + group.confirmed.len();
        let name = attribute(&group.name);
        let _ = writeln!(
            xml,
            r#"  <testsuite name="{name}" tests="{tests}" failures="{failures}" errors="0" skipped="0" time="0">"#
        );
        xml.push_str("    <properties>\n");
        for (property, value) in [
            ("server.version", &heading.server_version),
            ("server.release", &heading.server_release.to_string()),
            ("mock.release", &heading.mock_release.to_string()),
            ("date", &heading.date),
        ] {
            let value = attribute(value);
            let _ = writeln!(
                xml,
                r#"      <property name="{property}" value="{value}"/>"#
            );
        }
        xml.push_str("    </properties>\n");
        for difference in &group.differences {
            add_failure(xml, &name, difference);
        }
        for row in &group.confirmed {
            let case = attribute(&format!("{} {}", place(row), row.behaviour));
            let _ = writeln!(
                xml,
                r#"    <testcase classname="{name}" name="{case}" time="0"/>"#
            );
        }
        xml.push_str("  </testsuite>\n");
    }
}

/// Adds a failed case to a suite with this name.
fn add_failure(xml: &mut String, suite: &str, difference: &ReportedDifference) {
    let ReportedDifference { finding, facts, .. } = difference;
    let kind = finding.difference.name();
    let place = finding.place.iter().map(|place| format!(" {place}"));
    let place: String = place.collect();
    let case = attribute(&format!("{}: {kind}{place}", finding.request));
    let message = attribute(&sentence(difference));
    let _ = writeln!(
        xml,
        r#"    <testcase classname="{suite}" name="{case}" time="0">"#
    );
    let _ = write!(
        xml,
        r#"      <failure message="{message}" type="{kind}">{message}"#
    );
    for row in facts {
        let _ = write!(xml, "\n{}", attribute(&line(row, &refuted(row))));
    }
    xml.push_str("</failure>\n    </testcase>\n");
}

/// Escapes a text for an attribute or an element, without the characters that XML cannot carry.
fn attribute(text: &str) -> String {
    let text = in_one_line(text).replace(['\u{fffe}', '\u{ffff}'], " ");
    escape(&text).into_owned()
}
