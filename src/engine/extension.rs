//! Extensions: the texts that callers dial.

/// A description of an extension.
pub(super) const EXTENSION: &str = "an extension: digits, or a URI such as SIP:jane@example.com";
/// The pattern of an extension in an XML Schema. A field without a value may be empty.
pub(super) const PATTERN: &str = r"(\+?[0-9]+|[Ss][Ii][Pp]:[^\s@]+@[^\s@]+)?";
const SCHEME: &str = "sip:";

/// True for digits, which may follow a plus sign, and for the URI of a SIP user.
pub(super) fn is_extension(text: &str) -> bool {
    let scheme = text.get(..SCHEME.len());
    if scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME)) {
        return is_address(&text[SCHEME.len()..]);
    }
    let digits = text.strip_prefix('+').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// True for a user and a host.
fn is_address(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && !part.contains(|character: char| character == '@' || character.is_whitespace())
    };
    let parts = text.split_once('@');
    parts.is_some_and(|(user, host)| is_part(user) && is_part(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_has_digits_or_is_the_uri_of_a_user() {
        for accepted in [
            "0",
            "000000805027",
            "+14085551234",
            "SIP:14a45dd4@test.com",
            "sip:a@b",
        ] {
            assert!(is_extension(accepted), "{accepted}");
        }
        for refused in [
            "",
            "+",
            "____",
            "12a",
            "1 2",
            "٣",
            "SIP:",
            "SIP:jane",
            "SIP:@host",
            "SIP:jane@",
            "SIP:a@b@c",
            "SIP:a b@c",
            "5c0f9b1e-3a64-4d27-8f0b-2e9d71a6c384",
        ] {
            assert!(!is_extension(refused), "{refused}");
        }
    }
}
