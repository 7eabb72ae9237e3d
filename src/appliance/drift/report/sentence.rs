//! Differences in sentences.

use super::ReportedDifference;
use crate::appliance::drift::Difference;

/// The sides of a finding in the words of a report.
pub(super) struct Sides<'s> {
    pub(super) mock: &'s str,
    pub(super) server: &'s str,
}

/// Returns a difference in one sentence, in one line.
pub(super) fn sentence(difference: &ReportedDifference) -> String {
    let finding = &difference.finding;
    let sides = Sides {
        mock: &finding.mock,
        server: &finding.server,
    };
    sentence_with(difference, finding.place.as_deref(), &sides)
}

/// Does the same with other words for the place and the sides.
pub(super) fn sentence_with(
    difference: &ReportedDifference,
    place: Option<&str>,
    Sides { mock, server }: &Sides<'_>,
) -> String {
    let finding = &difference.finding;
    let both =
        |subject: &str| format!("{subject} is {mock} on cuc-mock, and {server} on the server");
    let field = place.unwrap_or("the body");
    let sentence = match finding.difference {
        Difference::Status => both("The status"),
        Difference::Header => both(&format!("The header {}", place.unwrap_or_default())),
        Difference::Body => match place {
            Some(place) => both(&format!("In the body, \"{place}\"")),
            None => both("The body"),
        },
        Difference::AdditionalField => format!("Only the server shows {field}: {server}"),
        Difference::MissingField => format!("Only cuc-mock shows {field}: {mock}"),
        Difference::Order => match place {
            Some(place) => both(&format!("The order of the {place}")),
            None => both("The order of the fields"),
        },
        Difference::Kind | Difference::Value => both(&capitalized(field)),
        Difference::Default => both(&format!("In a new object, {field}")),
        Difference::Code => both("The code of the error"),
        Difference::Message => both("The message of the error"),
        Difference::Rule => {
            let field = place.unwrap_or("the value");
            format!("The server has an object with {field} {server}; cuc-mock expects {mock}")
        }
    };
    let is_of_requests = finding.error().is_some();
    let count = match (finding.count, difference.resources) {
        (0 | 1, _) => String::new(),
        (count, 0 | 1) if is_of_requests => format!(" (in {count} requests)"),
        (count, resources) if is_of_requests => {
            format!(" (in {count} requests of {resources} resources)")
        }
        (count, _) => format!(" ({count} times)"),
    };
    in_one_line(&format!("{sentence}{count}"))
}

/// Returns a text without line breaks and other control characters.
pub(super) fn in_one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let first: String = first.collect();
    first + letters.as_str()
}
