//! The version of a server.

use super::{CaptureError, Server};
use crate::schema::Release;

const PRODUCT: &str = "/vmrest/version/product";
const INTERFACE: &str = "/vmrest/version";

/// The version of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServerVersion {
    /// The version that the server reports, in dotted numbers.
    pub(crate) text: String,
    /// The release that this server emulates for it.
    pub(crate) release: Release,
}

impl ServerVersion {
    /// Asks a server for its version.
    pub(super) fn read(server: &Server<'_>) -> Result<Self, CaptureError> {
        let mut status = 0;
        for target in [PRODUCT, INTERFACE] {
            match server.object(target, None)? {
                Ok(object) => {
                    let text = object.get("version").or_else(|| object.get("Version"));
                    if let Some(version) = text.and_then(Self::parse) {
                        return Ok(version);
                    }
                    status = 200;
                }
                Err(other) => status = other,
            }
        }
        if status == 403 {
            return Err(CaptureError::Credentials { status });
        }
        Err(CaptureError::NotUnityConnection {
            request: format!("GET {INTERFACE}"),
            status,
        })
    }

    /// Returns the version with this text, and the newest release that is not newer. A version before the first release
    /// has that one.
    fn parse(text: &str) -> Option<Self> {
        let is_of_version = |c: char| c.is_ascii_alphanumeric() || ".-() ".contains(c);
        let text = text.trim();
        let wanted = numbers(text).filter(|_| text.chars().all(is_of_version))?;
        let releases = Release::ALL.iter().copied();
        let older = releases.filter(|release| numbers(release.as_str()) <= Some(wanted));
        Some(Self {
            text: text.to_owned(),
            release: older.max().unwrap_or(Release::ALL[0]),
        })
    }
}

/// Returns the first two numbers of a version.
fn numbers(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().split('.');
    let first = parts.next()?.parse().ok()?;
    let second = parts.next().map_or(Some(0), |second| second.parse().ok())?;
    Some((first, second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_has_the_newest_release_that_is_not_newer() {
        for (text, release) in [
            ("10.5.2.10000-5", Release::V10_5),
            ("9.1.1", Release::V10_5),
            ("11.0.1.10000-10", Release::V10_5),
            ("11.5.1.18900-76", Release::V11_5),
            ("12.0.1", Release::V11_5),
            ("12.5.1.14900", Release::V12_5),
            ("14.0.1.13900-59", Release::V14),
            ("15", Release::V15),
            ("16.0.1", Release::V15),
        ] {
            let version = ServerVersion::parse(text).expect(text);
            assert_eq!(version.release, release, "{text}");
        }
        assert_eq!(ServerVersion::parse("unknown"), None);
        assert_eq!(ServerVersion::parse("14.0\nuser = \"x:y\""), None);
    }
}
