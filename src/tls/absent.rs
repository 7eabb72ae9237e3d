//! What stands in for HTTPS when the feature `tls` is off.

/// HTTPS is not offered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Https;
