//! A placeholder for HTTPS in builds without the feature `tls`.

/// HTTPS is not available.
#[derive(Clone, Debug, Default)]
pub(crate) struct Https;
