//! The part of a server to capture.

use std::{num::NonZeroUsize, path::PathBuf};

/// The part of a server to capture.
#[derive(Clone, Debug)]
pub(crate) struct CaptureSettings {
    /// The paths of resources below `/vmrest`, such as `users`. Without any, all are captured except private ones.
    pub(crate) kinds: Vec<String>,
    /// The alias or the id of the only tenant whose objects are captured.
    pub(crate) tenant: Option<String>,
    /// The maximum number of objects in each list.
    pub(crate) limit: Option<usize>,
    /// The number of requests at a time.
    pub(crate) connections: NonZeroUsize,
    /// Files and folders with descriptions, in addition to the embedded ones.
    pub(crate) resources: Vec<PathBuf>,
}

impl CaptureSettings {
    /// True if only a part of a server is captured.
    pub(crate) fn is_partial(&self) -> bool {
        !self.kinds.is_empty() || self.tenant.is_some() || self.limit.is_some()
    }

    /// Describes the capture of a server in a line of JSON. Another one has other responses.
    pub(crate) fn description(&self, server: &str) -> String {
        let settings = serde_json::json!({
            "server": server,
            "kinds": self.kinds,
            "tenant": self.tenant,
            "limit": self.limit,
            "resources": self.resources,
        });
        settings.to_string()
    }
}
