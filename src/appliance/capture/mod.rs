//! Reading a real server into objects, from which fixtures are written.

mod closure;
mod correction;
mod crawl;
mod discovery;
mod error;
mod fitting;
mod folder;
mod hidden_values;
mod kind;
mod ownership;
mod progress;
mod progress_file;
mod release;
mod schemas;
mod server;
mod sound;

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::Arc,
};

use self::crawl::Crawl;
pub(crate) use self::{
    error::CaptureError,
    fitting::{BrokenRule, Fidelity, Fitting},
    kind::CapturedKind,
    progress::CaptureProgress,
    progress_file::ProgressFile,
    release::ServerVersion,
    schemas::CapturedSchema,
    server::Server,
};
use crate::{
    engine::load::{Fixture, Progress},
    resources::{CatalogueFiles, ServedResources},
    schema::Catalogue,
};

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

/// The content of a server.
#[derive(Debug)]
pub(crate) struct Capture {
    pub(crate) version: ServerVersion,
    /// The resources that the objects were read with.
    pub(crate) catalogue: Arc<Catalogue>,
    /// The descriptions of the user.
    pub(crate) descriptions: Vec<Fixture>,
    pub(crate) kinds: Vec<CapturedKind>,
    pub(crate) schemas: Vec<CapturedSchema>,
    /// The parts that could not be read, and the reasons.
    pub(crate) warnings: Vec<String>,
}

impl Capture {
    /// Writes fixtures from which a server starts. Where objects break a rule, the description of their resource is corrected;
    /// where that is impossible, a value or an object is left out.
    pub(crate) fn write(
        &mut self,
        folder: &Path,
        fidelity: Fidelity,
        date: &str,
    ) -> Result<Fitting, CaptureError> {
        let source = format!("a server with {}, {date}", self.version.text);
        let fitting = fitting::write(self, folder, fidelity, &source)?;
        folder::write_settings(self, folder, date)?;
        Ok(fitting)
    }

    /// Reads a server.
    pub(crate) fn read(
        server: &Server<'_>,
        settings: &CaptureSettings,
        progress: &CaptureProgress,
    ) -> Result<Self, CaptureError> {
        let version = ServerVersion::read(server)?;
        let files = CatalogueFiles {
            release: version.release,
            resources: &settings.resources,
            fixtures: &[],
        };
        let ServedResources {
            catalogue,
            descriptions,
            ..
        } = files
            .read(&Progress::default())
            .map_err(CaptureError::Resources)?;
        let mut crawl = Crawl::new(server, Arc::clone(&catalogue), settings, progress)?;
        crawl.run()?;
        let schemas = schemas::read(server, &crawl.kinds)?;
        Ok(Self {
            version,
            catalogue,
            descriptions,
            kinds: crawl.kinds,
            schemas,
            warnings: crawl.warnings,
        })
    }
}
