//! Checks that keep web pages out: a browser sends their requests from the user's own machine.

use axum::http::{HeaderMap, HeaderName, header, request::Parts};

use super::{ServerNames, server_names::is_container};
use crate::{
    engine::shorten,
    http::{
        base_uri::{BaseUri, forwarded_hosts},
        host::{Host, parse_authority},
        origin::Origin,
    },
};

/// The relation between a request and the page that caused it. Browsers send it, and no page can change it.
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// The relations of a request by a page of the server itself, and by the user, such as a typed address.
const ADMITTED_SITES: [&str; 2] = ["same-origin", "none"];

/// Checks the hosts that a request names. A page can point its own name at the server (DNS rebinding), and the browser
/// then takes the server for a part of the page's site.
pub(super) fn check_host(
    request: &Parts,
    names: &ServerNames,
    may_be_container: bool,
) -> Result<(), String> {
    let is_admitted = |host: &[u8]| {
        let host = parse_authority(host).and_then(|authority| Host::of(&authority));
        host.is_some_and(|host| names.contains(&host) || (may_be_container && is_container(&host)))
    };
    let hosts = named_hosts(request);
    let found = match hosts.iter().find(|(_, host)| !is_admitted(host)) {
        Some((place, host)) => {
            let host = String::from_utf8_lossy(host);
            format!("{place} is {:?}", shorten(&host))
        }
        None if hosts.is_empty() => "there is no Host".to_owned(),
        None => return Ok(()),
    };
    let mut expected = if may_be_container {
        vec!["an IP address", "a name without a dot"]
    } else {
        vec!["a loopback address", "localhost"]
    };
    expected.extend(names.description());
    Err(format!(
        "{found}, expected {}, because a web page can point any other name at this server: use or add such a name, \
         or protect the control plane with a token (--control-token)",
        expected.join(" or ")
    ))
}

/// Checks that a request does not come from a page of another origin.
pub(super) fn check_origin(request: &Parts, base: &BaseUri<'_>) -> Result<(), String> {
    let origins = || request.headers.get_all(header::ORIGIN).iter();
    if origins().next().is_none() {
        return Ok(());
    }
    let authority = target(request).or(base.host()).and_then(parse_authority);
    let own = authority.and_then(|authority| Origin::new(base.scheme(), &authority));
    if let Some(own) = &own
        && origins().all(|origin| own.is(origin))
    {
        return Ok(());
    }
    let found = joined(&request.headers, &header::ORIGIN);
    let expected = own.map_or_else(|| "none".to_owned(), |own| own.to_string());
    Err(format!(
        "Origin is {:?}, expected {expected}, because a web page of another origin may not use the control plane: \
         send the request from a program (--cors admits pages to /vmrest only)",
        shorten(&found)
    ))
}

/// Checks that no page of another site has caused a request.
pub(super) fn check_site(headers: &HeaderMap) -> Result<(), String> {
    let mut sites = headers.get_all(SITE).iter();
    if sites.all(|site| ADMITTED_SITES.iter().any(|admitted| site == admitted)) {
        return Ok(());
    }
    Err(format!(
        "Sec-Fetch-Site is {:?}, expected same-origin or none, because a web page of another origin may not use the \
         control plane: enter the address in the browser, or send the request from a program",
        shorten(&joined(headers, &SITE))
    ))
}

/// Returns the hosts that a request names, each with its place. A proxy passes on the host of its own client, whatever
/// it sends as its own `Host`.
fn named_hosts(request: &Parts) -> Vec<(&'static str, &[u8])> {
    let in_headers = request.headers.get_all(header::HOST).iter();
    let mut hosts: Vec<_> = in_headers.map(|host| ("Host", host.as_bytes())).collect();
    hosts.extend(target(request).map(|host| ("the host of the target", host)));
    let forwarded = forwarded_hosts(&request.headers);
    hosts.extend(forwarded.map(|host| ("X-Forwarded-Host", host)));
    hosts
}

/// Returns the authority in the target of a request, if that is a whole URL.
fn target(request: &Parts) -> Option<&[u8]> {
    let authority = request.uri.authority()?;
    Some(authority.as_str().as_bytes())
}

/// Returns the values of a header, for a message.
fn joined(headers: &HeaderMap, name: &HeaderName) -> String {
    let values = headers.get_all(name).iter();
    let values: Vec<_> = values
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    values.join(", ")
}
