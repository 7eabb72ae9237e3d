//! Redacts headers.

use std::borrow::Cow;

use super::{
    names::{MASK, is_secret},
    text::holds_secret,
};

/// Returns the value of the header `name`, which is in lower case, without its secrets.
pub(super) fn header_without_secrets<'a>(name: &str, value: Cow<'a, str>) -> Cow<'a, str> {
    match name {
        "authorization" | "proxy-authorization" => Cow::Owned(credentials(&value)),
        "cookie" => Cow::Owned(cookies(&value)),
        "set-cookie" => Cow::Owned(set_cookie(&value)),
        _ if is_secret(name) || holds_secret(&value) => Cow::Borrowed(MASK),
        _ => value,
    }
}
/// Returns the scheme of credentials, if it is a known one, and the mask.
fn credentials(value: &str) -> String {
    const SCHEMES: [&str; 6] = ["basic", "bearer", "digest", "negotiate", "ntlm", "hawk"];
    let scheme = value.split_once(' ').map(|(scheme, _)| scheme);
    match scheme.filter(|scheme| SCHEMES.contains(&scheme.to_ascii_lowercase().as_str())) {
        Some(scheme) => format!("{scheme} {MASK}"),
        None => MASK.to_owned(),
    }
}

fn cookies(value: &str) -> String {
    let cookies: Vec<_> = value
        .split(';')
        .map(|cookie| masked_cookie(cookie.trim()))
        .collect();
    cookies.join("; ")
}

fn set_cookie(value: &str) -> String {
    const ATTRIBUTES: [&str; 7] = [
        "domain", "expires", "httponly", "max-age", "path", "samesite", "secure",
    ];
    let mut parts = value.split(';').map(str::trim);
    let mut shown = vec![masked_cookie(parts.next().unwrap_or_default())];
    shown.extend(parts.map(|part| {
        let name = part.split('=').next().unwrap_or_default();
        if ATTRIBUTES.contains(&name.trim().to_ascii_lowercase().as_str()) {
            part.to_owned()
        } else {
            MASK.to_owned()
        }
    }));
    shown.join("; ")
}

/// Returns a cookie without its value.
fn masked_cookie(cookie: &str) -> String {
    match cookie.split_once('=') {
        Some((name, _)) => format!("{name}={MASK}"),
        None => MASK.to_owned(),
    }
}
