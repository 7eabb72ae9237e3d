//! The options of the commands that talk to a running server.

use std::{fmt, str::FromStr};

use clap::{Args, builder::NonEmptyStringValueParser};
use ureq::http::Uri;

use super::{
    control_client::ControlClient,
    failure::Failure,
    layers::ConfigOption,
    listen_address::{ListenAddress, server_address},
};

#[derive(Debug, Args)]
pub(super) struct Remote {
    #[command(flatten)]
    config: ConfigOption,
    /// URL of the server, http://HOST:PORT; plain HTTP works whatever its options; by default, the
    /// first address of --listen
    #[arg(long, value_name = "URL", env = "CUC_MOCK_URL")]
    url: Option<Url>,
    /// Address that the server listens on, as in its own options
    /// [env: CUC_MOCK_LISTEN, separated by commas]
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8443")]
    listen: Vec<ListenAddress>,
    /// Token of the control plane, as in the options of the server
    #[arg(
        long,
        visible_alias = "token",
        value_name = "TOKEN",
        env = "CUC_MOCK_CONTROL_TOKEN",
        hide_env_values = true,
        value_parser = NonEmptyStringValueParser::new()
    )]
    control_token: Option<String>,
}

/// The base URL of a server: `http://HOST:PORT`.
#[derive(Clone, Debug)]
struct Url(String);

impl Remote {
    /// Returns a client of the server.
    pub(super) fn client(&self) -> Result<ControlClient, Failure> {
        let url = match &self.url {
            Some(url) => url.to_string(),
            None => {
                let address = server_address(&self.listen).map_err(Failure::runtime)?;
                format!("http://{address}")
            }
        };
        Ok(ControlClient::new(url, self.control_token.clone()))
    }
}

impl FromStr for Url {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let uri: Option<Uri> = text.parse().ok();
        let parts = uri.as_ref().and_then(|uri| {
            let has_path = uri.path() != "/" || uri.query().is_some();
            let authority = uri.authority()?.as_str();
            let is_base = !has_path && !authority.contains('@');
            is_base.then_some((uri.scheme_str()?, authority))
        });
        match parts {
            Some(("http", authority)) => Ok(Self(format!("http://{authority}"))),
            Some(("https", authority)) => Err(format!(
                "expected http://{authority}: the control plane uses plain HTTP on the same port"
            )),
            _ => Err("expected http://HOST:PORT".to_owned()),
        }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
