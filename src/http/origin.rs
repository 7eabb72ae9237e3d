//! The origin of a web page.

use std::{fmt, str::FromStr};

use axum::http::{HeaderValue, uri::Authority};

use super::host::{Host, parse_authority};

/// The schemes with a default port, which an origin leaves out.
const DEFAULT_PORTS: [(&str, u16); 2] = [("http", 80), ("https", 443)];

/// The origin of a web page, as a browser writes it: `SCHEME://HOST` or `SCHEME://HOST:PORT`, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin(String);

impl Origin {
    /// Returns the origin of the pages below `scheme://authority`.
    pub(super) fn new(scheme: &str, authority: &Authority) -> Option<Self> {
        let host = Host::of(authority)?;
        let scheme = scheme.to_ascii_lowercase();
        let port = authority.port_u16();
        let origin = match port.filter(|port| !DEFAULT_PORTS.contains(&(&scheme, *port))) {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        };
        Some(Self(origin))
    }

    /// Returns true if a header `Origin` names this origin.
    pub(super) fn is(&self, header: &HeaderValue) -> bool {
        header.as_bytes() == self.0.as_bytes()
    }
}

impl FromStr for Origin {
    type Err = InvalidOrigin;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_scheme_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        let invalid = || InvalidOrigin(text.to_owned());
        let (scheme, authority) = text
            .split_once("://")
            .filter(|(scheme, _)| scheme.starts_with(|first: char| first.is_ascii_alphabetic()))
            .filter(|(scheme, _)| scheme.bytes().all(is_scheme_byte))
            .ok_or_else(invalid)?;
        let authority = parse_authority(authority.as_bytes()).ok_or_else(invalid)?;
        Self::new(scheme, &authority).ok_or_else(invalid)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The error of a text that is not the origin of a web page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InvalidOrigin(String);

impl fmt::Display for InvalidOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0.as_str() {
            "*" => {
                "expected one origin, such as http://localhost:3000: a browser sends credentials only to a server \
                 that names the origin of the page"
            }
            "null" => {
                "expected the origin of a web server, such as http://localhost:3000: a page from a file has the \
                 origin null, and so has any page in a sandbox"
            }
            _ => {
                "expected an origin, SCHEME://HOST or SCHEME://HOST:PORT without a path, such as \
                 http://localhost:3000"
            }
        })
    }
}

impl std::error::Error for InvalidOrigin {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_as_a_browser_writes_it() {
        for (text, origin) in [
            ("http://localhost:3000", "http://localhost:3000"),
            ("HTTP://LocalHost:3000", "http://localhost:3000"),
            ("http://localhost:80", "http://localhost"),
            ("https://localhost:443", "https://localhost"),
            ("https://localhost:80", "https://localhost:80"),
            ("http://[0:0::1]:3000", "http://[::1]:3000"),
            ("http://10.0.0.1", "http://10.0.0.1"),
            ("http://my_app.example.:1", "http://my_app.example.:1"),
            ("capacitor://localhost", "capacitor://localhost"),
        ] {
            let parsed: Origin = text.parse().unwrap();
            assert_eq!(parsed.to_string(), origin, "{text}");
            assert!(parsed.is(&HeaderValue::from_str(origin).unwrap()));
        }
    }

    #[test]
    fn other_texts_are_rejected() {
        for text in [
            "",
            "*",
            "null",
            "localhost",
            "localhost:3000",
            "//localhost:3000",
            "://localhost",
            "1x://localhost",
            "http:localhost",
            "http://",
            "http://:3000",
            "http://localhost/",
            "http://localhost:3000/page",
            "http://localhost:",
            "http://localhost:65536",
            "http://localhost:3000:1",
            "http://user@localhost",
            "http://[::1",
            "http://::1",
            "http://[127.0.0.1]",
            "http://[fe80::1%25eth0]",
            "http://*.example.com",
            "http://a b",
            "http://a,http://b",
            "http://bücher.example",
            "http://localhost?",
            "http://localhost#",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text:?}");
        }
    }
}
