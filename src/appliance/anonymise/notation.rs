//! The notations of values: constants, numbers to dial, and the parts of URIs.

use uuid::Uuid;

/// The schemes of URIs.
const SCHEMES: [&str; 11] = [
    "sip", "sips", "tel", "mailto", "http", "https", "ldap", "ldaps", "smtp", "ftp", "xmpp",
];
/// The characters of a number to dial beside its digits: those of its notation, and the wildcards of a pattern.
const BESIDE_DIGITS: &str = "+()-./ *#?!,;";

/// True for the usual form of a GUID.
pub(super) fn is_guid(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

/// True for a GUID, a truth value, a date or a time: a value that no name can be.
pub(super) fn is_constant(text: &str) -> bool {
    let is_truth_value = ["true", "false"]
        .into_iter()
        .any(|value| text.eq_ignore_ascii_case(value));
    is_truth_value || is_guid(text) || is_date(text) || is_time_of_day(text)
}

/// True for a date such as `2013-01-12`, which a time may follow.
pub(super) fn is_date(text: &str) -> bool {
    let Some((date, time)) = text.split_at_checked("2013-01-12".len()) else {
        return false;
    };
    let bytes = date.bytes().enumerate();
    let mut of_date = bytes.map(|(place, byte)| match place {
        4 | 7 => byte == b'-',
        5 => matches!(byte, b'0' | b'1'),
        8 => matches!(byte, b'0'..=b'3'),
        _ => byte.is_ascii_digit(),
    });
    let is_of_time = |character: char| character.is_ascii_digit() || " T:.Z+-".contains(character);
    of_date.all(|is_right| is_right) && time.chars().all(is_of_time)
}

/// True for a time such as `08:00` or `08:00:30`.
fn is_time_of_day(text: &str) -> bool {
    let mut parts = text.split(':');
    let is_pair = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.all(is_pair) && matches!(text.len(), 5 | 8)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// True for a number to dial, or a pattern of such numbers.
pub(super) fn is_dialed(text: &str) -> bool {
    let is_dialed =
        |character: char| character.is_ascii_digit() || BESIDE_DIGITS.contains(character);
    text.bytes().any(|byte| byte.is_ascii_digit()) && text.chars().all(is_dialed)
}

/// Splits a URI behind its scheme, and behind the slashes that follow it.
pub(super) fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let colon = text.find(':')?;
    let scheme = &text[..colon];
    SCHEMES
        .iter()
        .find(|known| known.eq_ignore_ascii_case(scheme))?;
    let rest = &text[colon + 1..];
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    Some(text.split_at(text.len() - rest.len()))
}

/// Splits a host and the port behind it. Outside of a URI, only a host with several labels can have one.
pub(super) fn split_port(text: &str, is_of_uri: bool) -> Option<(&str, &str)> {
    let (host, port) = text.rsplit_once(':')?;
    let is_host = host.ends_with(']') || (!host.contains(':') && (is_of_uri || host.contains('.')));
    let is_port = port.len() <= 5 && is_digits(port);
    (is_host && is_port).then_some((host, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_values_that_no_name_can_be() {
        for constant in [
            "FE6541fb-b42c-44f2-8404-ded14cbf7438",
            "TRUE",
            "2013-01-12",
            "2013-01-12 14:57:32.569",
            "2016-02-02T22:36:17Z",
            "08:00",
            "23:59:59",
        ] {
            assert!(is_constant(constant), "{constant}");
        }
        for other in [
            "",
            "jdoe",
            "2013-01",
            "2013-99-12",
            "2013-01-12 Acme",
            "8:00",
            "4001",
            "éèêàâîïô",
        ] {
            assert!(!is_constant(other), "{other}");
        }
    }

    #[test]
    fn uris_are_split_behind_the_scheme_and_hosts_before_the_port() {
        assert_eq!(
            split_scheme("SIP:jane@acme.example"),
            Some(("SIP:", "jane@acme.example"))
        );
        assert_eq!(
            split_scheme("https://acme.example/x"),
            Some(("https://", "acme.example/x"))
        );
        assert_eq!(split_scheme("acme:1"), None);
        assert_eq!(
            split_port("acme.example:5060", false),
            Some(("acme.example", "5060"))
        );
        assert_eq!(split_port("[::1]:5060", false), Some(("[::1]", "5060")));
        assert_eq!(split_port("acme:5060", true), Some(("acme", "5060")));
        for other in [
            "room:4001",
            "fe80::1",
            "acme.example:",
            "acme.example:654321",
        ] {
            assert_eq!(split_port(other, false), None, "{other}");
        }
    }

    #[test]
    fn numbers_to_dial_have_digits_and_nothing_but_notation_beside_them() {
        for dialed in ["0", "+1 (408) 555-1234", "9011??????*", "4,,12"] {
            assert!(is_dialed(dialed), "{dialed}");
        }
        for other in ["", "*", "+", "12a", "٣"] {
            assert!(!is_dialed(other), "{other}");
        }
    }
}
