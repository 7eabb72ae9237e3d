//! The options of the commands that read a real server.

use std::{
    env, io,
    io::{IsTerminal, stdin},
    num::NonZeroUsize,
    path::PathBuf,
    str::FromStr,
};

use clap::Args;
use ureq::http::{Uri, uri::Authority};

use super::{failure::Failure, options::ResourcesOption, output::warn};
use crate::appliance::{
    capture::CaptureSettings,
    client::{Client, Credentials, Trust},
};

/// The variable with the password, which is no option: others could read it in the list of processes.
const PASSWORD: &str = "CUC_MOCK_PASSWORD";
/// The appliance rejects more requests at a time than a few.
const MAX_CONNECTIONS: usize = 64;

#[derive(Debug, Args)]
pub(super) struct ApplianceOptions {
    /// URL of the server: https://HOST or https://HOST:PORT
    #[arg(value_name = "URL")]
    url: ServerUrl,
    /// Name of an administrator of the server
    ///
    /// The password is in the variable CUC_MOCK_PASSWORD. Without it, the command asks for it at the terminal.
    #[arg(
        long,
        value_name = "NAME",
        env = "CUC_MOCK_USER",
        hide_env_values = true,
        value_parser = user
    )]
    user: String,
    /// Certificate that the server's one must be signed by, in PEM
    ///
    /// The default are those that the system trusts.
    #[arg(
        long,
        value_name = "FILE",
        env = "CUC_MOCK_CA",
        conflicts_with = "insecure"
    )]
    ca: Option<PathBuf>,
    /// Accept any certificate: anyone on the way can read the password
    #[arg(long, env = "CUC_MOCK_INSECURE")]
    insecure: bool,
    /// Requests at a time, 1 to 64
    ///
    /// A real server rejects more than five.
    #[arg(
        long,
        value_name = "N",
        env = "CUC_MOCK_CONNECTIONS",
        default_value = "1",
        value_parser = connections
    )]
    connections: NonZeroUsize,
    /// Paths of the lists to read, such as users
    ///
    /// With the lists below their objects, and the objects that they refer to. The default are all lists except messages
    /// and calls. Several are separated by commas.
    #[arg(
        long,
        value_name = "PATH",
        env = "CUC_MOCK_KINDS",
        value_delimiter = ','
    )]
    kinds: Vec<String>,
    /// Alias or ObjectId of a tenant, whose objects are read
    #[arg(long, value_name = "TENANT", env = "CUC_MOCK_TENANT")]
    tenant: Option<String>,
    /// Objects to read from each list
    #[arg(long, value_name = "N", env = "CUC_MOCK_LIMIT")]
    limit: Option<NonZeroUsize>,
    #[command(flatten)]
    resources: ResourcesOption,
}

/// The base URL of a server.
#[derive(Clone, Debug)]
struct ServerUrl(Uri);

impl ApplianceOptions {
    /// Returns a client of the server. Asks for the password if the environment does not have it.
    pub(super) fn client(&self) -> Result<Client, Failure> {
        let trust = match &self.ca {
            Some(path) => Trust::read(path).map_err(|error| Failure::usage(error.to_string()))?,
            None if self.insecure => {
                warn("WARNING: the certificate of the server is not checked (--insecure).");
                warn("WARNING: anyone between here and the server can read the password.");
                Trust::Any
            }
            None => Trust::System,
        };
        let ServerUrl(url) = &self.url;
        if url.scheme_str() == Some("http") && !is_loopback(url) {
            warn("WARNING: http:// sends the password without encryption.");
        }
        let credentials = Credentials {
            user: self.user.clone(),
            password: self.password()?,
        };
        Ok(Client::new(url, &credentials, &trust))
    }

    /// Returns the name of the user.
    pub(super) fn user(&self) -> &str {
        &self.user
    }

    /// Returns the host of the server.
    pub(super) fn host(&self) -> String {
        self.url.0.host().unwrap_or_default().to_owned()
    }

    /// Returns the part of the server to read.
    pub(super) fn settings(&self) -> CaptureSettings {
        let kinds = self.kinds.iter().map(|kind| kind.trim().trim_matches('/'));
        let kinds = kinds.map(|kind| kind.strip_prefix("vmrest/").unwrap_or(kind));
        CaptureSettings {
            kinds: kinds.map(str::to_owned).collect(),
            tenant: self.tenant.clone(),
            limit: self.limit.map(NonZeroUsize::get),
            connections: self.connections,
            resources: self.resources.resources.clone(),
        }
    }

    fn password(&self) -> Result<String, Failure> {
        match env::var(PASSWORD) {
            Ok(password) if !password.is_empty() => return Ok(password),
            Err(env::VarError::NotUnicode(_)) => {
                return Err(Failure::usage(format!("{PASSWORD} is not UTF-8")));
            }
            _ => {}
        }
        if !stdin().is_terminal() {
            return Err(Failure::usage(format!(
                "{PASSWORD} is not set, and there is no terminal to ask for the password of {:?}",
                self.user
            )));
        }
        let prompt = format!("Password of {}: ", self.user);
        let password = rpassword::prompt_password(prompt);
        password.map_err(|error: io::Error| {
            Failure::runtime(format!("the password cannot be read: {error}"))
        })
    }
}

fn is_loopback(url: &Uri) -> bool {
    let host = url.host().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn connections(text: &str) -> Result<NonZeroUsize, String> {
    let number = text.parse().ok().and_then(NonZeroUsize::new);
    number
        .filter(|number| number.get() <= MAX_CONNECTIONS)
        .ok_or_else(|| format!("expected a whole number from 1 to {MAX_CONNECTIONS}"))
}

/// Rejects a name with a password, which others could read in the list of processes.
fn user(text: &str) -> Result<String, String> {
    if text.is_empty() || text.contains(':') {
        return Err(format!(
            "expected a name without a colon: the password is in the variable {PASSWORD}"
        ));
    }
    Ok(text.to_owned())
}

impl FromStr for ServerUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let uri: Option<Uri> = text.parse().ok();
        let uri = uri.filter(|uri| {
            let has_path = uri.path() != "/" || uri.query().is_some();
            let scheme = uri.scheme_str().unwrap_or_default();
            let authority = uri.authority().map(Authority::as_str);
            let is_base = authority.is_some_and(|authority| !authority.contains('@'));
            is_base && !has_path && matches!(scheme, "https" | "http")
        });
        uri.map(Self)
            .ok_or_else(|| "expected https://HOST or https://HOST:PORT".to_owned())
    }
}
