//! The reasons why a server cannot be captured.

use std::{fmt, io, path::PathBuf};

use crate::{appliance::client::NoResponse, engine::load::Diagnostics};

/// The reason why a server cannot be captured.
#[derive(Debug)]
pub(crate) enum CaptureError {
    NoResponse(NoResponse),
    /// The server rejects the credentials.
    Credentials {
        status: u16,
    },
    /// The response to a request shows that the server is not Unity Connection.
    NotUnityConnection {
        request: String,
        status: u16,
    },
    /// No resource has this path.
    UnknownKind(String),
    /// No tenant has this alias or id.
    UnknownTenant(String),
    /// The descriptions of the user have mistakes.
    Resources(Diagnostics),
    /// A file cannot be read or written.
    File(PathBuf, io::Error),
    /// The progress in the folder is that of another capture.
    OtherCapture(PathBuf),
}

impl CaptureError {
    /// True if the settings of the capture are wrong.
    pub(crate) fn is_of_settings(&self) -> bool {
        matches!(
            self,
            Self::UnknownKind(_) | Self::UnknownTenant(_) | Self::Resources(_)
        )
    }
}

impl fmt::Display for CaptureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoResponse(error) => error.fmt(f),
            Self::Credentials { status } => write!(
                f,
                "the server responds with {status}: expected the name and the password of an administrator"
            ),
            Self::NotUnityConnection { request, status } => write!(
                f,
                "{request}: the server responds with {status}, expected the version of Unity Connection"
            ),
            Self::UnknownKind(path) => write!(
                f,
                "the kind is {path:?}, expected the path of a list below /vmrest, such as users"
            ),
            Self::UnknownTenant(tenant) => write!(
                f,
                "the tenant is {tenant:?}, expected the Alias or the ObjectId of a tenant"
            ),
            Self::Resources(diagnostics) => diagnostics.fmt(f),
            Self::File(path, error) => write!(f, "{}: {error}", path.display()),
            Self::OtherCapture(path) => write!(
                f,
                "{} has the progress of a capture with another server or other options: repeat that one, or remove the file",
                path.display()
            ),
        }
    }
}

impl From<NoResponse> for CaptureError {
    fn from(error: NoResponse) -> Self {
        Self::NoResponse(error)
    }
}
