//! Authentication: credentials and sessions of the API, the token of the control plane, the redirect to HTTPS.

mod basic;
mod control_access;
#[cfg(feature = "tls")]
mod https_redirect;
mod sessions;

pub(crate) use basic::{Authentication, Credentials};
pub(crate) use control_access::{AccessDenial, ControlAccess};
#[cfg(feature = "tls")]
pub(super) use https_redirect::https_location;
pub(super) use sessions::SessionUser;
pub(crate) use sessions::Sessions;
