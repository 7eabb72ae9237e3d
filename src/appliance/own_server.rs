//! A server of this program with the objects of a real one.

use std::{fmt, io, path::PathBuf};

use ureq::http::Uri;

use super::{
    capture::{Capture, CaptureError, CaptureSettings, Fidelity, Fitting},
    client::{Client, Credentials, Trust},
};
use crate::{
    mock::{CucMock, StartError},
    os::files,
};

/// A server with the objects of a real one, which responds as the descriptions of this program require. It stops when it is
/// dropped.
#[derive(Debug)]
pub(crate) struct OwnServer {
    mock: CucMock,
    is_https: bool,
    /// The rules that the objects break, and the values that were left out.
    pub(crate) fitting: Fitting,
}

/// The reason why there is no such server.
#[derive(Debug)]
pub(crate) enum OwnServerError {
    Folder(io::Error),
    Capture(CaptureError),
    Start(StartError),
}

impl fmt::Display for OwnServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(error) => write!(f, "cannot make a temporary folder: {error}"),
            Self::Capture(error) => error.fmt(f),
            Self::Start(error) => write!(f, "cannot start from the captured objects: {error}"),
        }
    }
}

impl OwnServer {
    /// Starts a server from a capture. `is_https` if its client uses HTTPS, like that of the real server.
    pub(crate) fn start(
        capture: &mut Capture,
        settings: &CaptureSettings,
        date: &str,
        is_https: bool,
    ) -> Result<Self, OwnServerError> {
        let folder = files::temporary_folder().map_err(OwnServerError::Folder)?;
        let fixtures = folder.path().join("captured");
        let fitting = capture.write(&fixtures, Fidelity::Descriptions, date);
        let fitting = fitting.map_err(OwnServerError::Capture)?;
        let mut builder = CucMock::builder()
            .release(capture.version.release)
            .fixtures(&fixtures);
        for path in Self::resources(&fixtures, settings) {
            builder = builder.resources(path);
        }
        let mock = builder.try_start().map_err(OwnServerError::Start)?;
        // The server has read the objects. If this program is killed, they are not left on the disk.
        drop(folder);
        Ok(Self {
            mock,
            is_https,
            fitting,
        })
    }

    /// Returns the descriptions of the capture, or else those of the user, which it contains.
    fn resources(fixtures: &std::path::Path, settings: &CaptureSettings) -> Vec<PathBuf> {
        let corrected = fixtures.join(Capture::RESOURCES);
        match corrected.exists() {
            true => vec![corrected],
            false => settings.resources.clone(),
        }
    }

    /// Returns a client of the server, whose user has the same name as that of the real server.
    pub(crate) fn client(&self, user: &str) -> Client {
        let credentials = Credentials {
            user: user.to_owned(),
            // Any password is accepted.
            password: String::new(),
        };
        let (url, trust) = match self.is_https {
            true => (self.mock.https_uri(), Trust::of_pem(self.mock.ca_pem())),
            false => (self.mock.uri(), Trust::default()),
        };
        let url: Uri = url.parse().expect("the server has a valid URL");
        Client::new(&url, &credentials, &trust)
    }
}
