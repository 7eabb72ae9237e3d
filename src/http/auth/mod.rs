//! Authentication: credentials and sessions of the API, access to the control plane, the redirect to HTTPS.

mod basic;
mod control_access;
#[cfg(feature = "tls")]
mod https_redirect;
mod server_names;
mod sessions;
mod web_page;

pub(crate) use basic::{Authentication, Credentials};
pub(crate) use control_access::{AccessDenial, ControlAccess};
#[cfg(feature = "tls")]
pub(super) use https_redirect::https_location;
pub(crate) use server_names::ServerNames;
pub(super) use sessions::SessionUser;
pub(crate) use sessions::Sessions;
