//! The URI that the paths of a request are relative to.

use std::net::SocketAddr;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::host::parse_authority;
use crate::connection::Endpoint;

const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// The part of an absolute URI before its path, as the client named it: the scheme and the authority.
#[derive(Clone, Copy, Debug)]
pub(super) struct BaseUri<'r> {
    scheme: &'static str,
    /// The value of the `Host` header. It need not be valid.
    host: Option<&'r [u8]>,
    /// The local address, in place of a host that is missing or invalid.
    address: SocketAddr,
}

impl<'r> BaseUri<'r> {
    /// Returns the base of a request with these headers. The `X-Forwarded-…` headers of a trusted proxy take
    /// precedence.
    pub(super) fn new(endpoint: Endpoint, headers: &'r HeaderMap, trusts_proxy: bool) -> Self {
        let Endpoint { scheme, address } = endpoint;
        let host = headers.get(header::HOST).map(HeaderValue::as_bytes);
        let forwarded = |name| trusts_proxy.then(|| first_value(headers, name)).flatten();
        Self {
            scheme: forwarded(FORWARDED_PROTO)
                .and_then(scheme_of)
                .unwrap_or(scheme),
            host: forwarded(FORWARDED_HOST).or(host),
            address,
        }
    }

    pub(super) fn scheme(&self) -> &'static str {
        self.scheme
    }

    /// Returns the authority that the client named. It need not be valid.
    pub(super) fn host(&self) -> Option<&'r [u8]> {
        self.host
    }

    /// Returns the absolute URI of a path.
    pub(super) fn join(&self, path: &str) -> String {
        let host = self.host.and_then(parse_authority);
        let address;
        let host = match &host {
            Some(host) => host.as_str(),
            None => {
                address = self.address.to_string();
                &address
            }
        };
        [self.scheme, "://", host, path].concat()
    }

    #[cfg(feature = "tls")]
    pub(super) fn is_https(&self) -> bool {
        self.scheme == "https"
    }

    #[cfg(feature = "tls")]
    pub(super) fn with_https(self) -> Self {
        Self {
            scheme: "https",
            ..self
        }
    }
}

/// Returns the hosts that all proxies between the client and the server have added, and perhaps the client itself.
pub(super) fn forwarded_hosts(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    let values = headers.get_all(FORWARDED_HOST).iter();
    values.flat_map(|value| {
        value
            .as_bytes()
            .split(|byte| *byte == b',')
            .map(<[u8]>::trim_ascii)
    })
}

/// Returns the first value of a list in a header: the one of the proxy next to the client.
fn first_value(headers: &HeaderMap, name: HeaderName) -> Option<&[u8]> {
    let value = headers.get(name)?.as_bytes();
    let first = value.split(|byte| *byte == b',').next()?;
    Some(first.trim_ascii())
}

fn scheme_of(value: &[u8]) -> Option<&'static str> {
    let schemes = ["http", "https"].into_iter();
    let mut found = schemes.filter(|scheme| value.eq_ignore_ascii_case(scheme.as_bytes()));
    found.next()
}
