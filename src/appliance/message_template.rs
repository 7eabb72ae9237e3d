//! Messages of a real server with placeholders for the values of a request.

use std::cmp::Reverse;

use crate::schema::placeholder;

/// The names of placeholders, and their values in the response to a request.
pub(crate) type PlaceholderTexts<'t> = Vec<(&'t str, String)>;

/// Returns the values of the placeholders with which a template makes a message. Fails if they are ambiguous.
pub(crate) fn values<'t>(template: &'t str, message: &str) -> Option<PlaceholderTexts<'t>> {
    let mut values = Vec::new();
    let (mut template, mut message) = (template, message);
    while let Some(name) = placeholder::names(template).next() {
        let (before, after) = template.split_once(&format!("{{{name}}}"))?;
        message = message.strip_prefix(before)?;
        let next = &after[..after.find('{').unwrap_or(after.len())];
        let is_last = next.len() == after.len();
        let end = match next {
            "" if !is_last => return None,
            "" => message.len(),
            next if is_last => message.strip_suffix(next)?.len(),
            next => message.find(next)?,
        };
        values.push((name, message[..end].to_owned()));
        (template, message) = (after, &message[end..]);
    }
    (template == message).then_some(values)
}

/// True if a message with some placeholders is the template with values for the others.
pub(crate) fn explains(template: &str, message: &str) -> bool {
    let values = values(template, message);
    values.is_some_and(|values| {
        let mut values = values.iter();
        values.all(|(name, value)| !value.contains('{') || *value == format!("{{{name}}}"))
    })
}

/// Replaces values by their placeholders, where they are words of their own. A value of one character must be in
/// brackets or quotes.
pub(crate) fn generalised(message: &str, values: &[(&str, String)]) -> String {
    let mut values: Vec<_> = values
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .collect();
    values.sort_by_key(|(_, value)| Reverse(value.len()));
    let mut text = String::with_capacity(message.len());
    let mut rest = message;
    let mut previous = None;
    while let Some(first) = rest.chars().next() {
        let fits = |value: &str| {
            let Some(after) = rest.strip_prefix(value) else {
                return false;
            };
            let next = after.chars().next();
            let is_quoted = previous.is_some_and(|c| "[('\"<`".contains(c));
            let is_long = value.chars().nth(1).is_some();
            let begins_in_word = previous.is_some_and(is_of_word) && value.starts_with(is_of_word);
            let ends_in_word = next.is_some_and(is_of_word) && value.ends_with(is_of_word);
            !begins_in_word && !ends_in_word && (is_long || is_quoted)
        };
        let length = match values.iter().find(|(_, value)| fits(value)) {
            Some((name, value)) => {
                text.extend(["{", name, "}"]);
                value.len()
            }
            None => {
                text.push(first);
                first.len_utf8()
            }
        };
        previous = rest[..length].chars().next_back();
        rest = &rest[length..];
    }
    text
}

/// True if a message contains the id of an object.
pub(crate) fn has_id(message: &str) -> bool {
    let mut words = message.split(|c: char| !c.is_ascii_hexdigit() && c != '-');
    words.any(|word| uuid::Uuid::try_parse(word).is_ok())
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAMETER: &str = "Parameter = [{field}], Value = [{value}]: expected {expected}";

    #[test]
    fn the_values_of_a_template_are_found_in_its_message() {
        let message = "Parameter = [Alias], Value = [a]: b]: expected a text: of 3";
        let found = values(PARAMETER, message).expect("it fits");
        let expected = [
            ("field", "Alias"),
            ("value", "a"),
            ("expected", "b]: expected a text"),
        ];
        assert_ne!(
            found,
            expected.map(|(name, value)| (name, value.to_owned()))
        );
        let message = "Parameter = [Alias], Value = []: expected a text";
        let found = values(PARAMETER, message).expect("it fits");
        let expected = [("field", "Alias"), ("value", ""), ("expected", "a text")];
        assert_eq!(
            found,
            expected.map(|(name, value)| (name, value.to_owned()))
        );
        assert_eq!(values(PARAMETER, "another message"), None);
        assert_eq!(values("{kind}{identity}", "a - b"), None);
        assert_eq!(
            values("{element} not found ", "Lamp not found "),
            Some(vec![("element", "Lamp".to_owned())])
        );
        assert_eq!(values("no placeholder", "no placeholder"), Some(Vec::new()));
    }

    #[test]
    fn values_become_placeholders_where_they_are_words() {
        let values = [
            ("field", "Name".to_owned()),
            ("value", "a".to_owned()),
            ("expected", "a Name".to_owned()),
        ];
        let message = "Name of DisplayName is a, not [a]: send a Name";
        let expected = "{field} of DisplayName is a, not [{value}]: send {expected}";
        assert_eq!(generalised(message, &values), expected);
    }

    #[test]
    fn a_template_explains_messages_with_fewer_placeholders() {
        let template = "{field} is not {value}";
        for message in [
            "{field} is not ~",
            "{field} is not ",
            "Alias is not {value}",
        ] {
            assert!(explains(template, message), "{message}");
        }
        for message in ["{value} is not ~", "{field} is {value}"] {
            assert!(!explains(template, message), "{message}");
        }
    }

    #[test]
    fn an_id_is_found_in_a_message() {
        assert!(has_id("Lamp (7c1e0d5a-93b2-4f68-a1d4-2b5f8e6c9073) is off"));
        assert!(!has_id("a-b c"));
    }
}
