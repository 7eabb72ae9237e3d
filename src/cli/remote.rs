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
    /// URL of the server, instead of --listen
    ///
    /// The form is http://HOST:PORT. Plain HTTP works whatever the options of the server.
    #[arg(long, value_name = "URL", env = "CUC_MOCK_URL")]
    url: Option<Url>,
    /// Address of the server
    ///
    /// It has the same form as for the server. Of several addresses, the first one is used.
    #[arg(
        long,
        value_name = "ADDR",
        env = "CUC_MOCK_LISTEN",
        default_value = "127.0.0.1:8443"
    )]
    listen: Vec<ListenAddress>,
    /// Token of the control plane
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

#[derive(Debug, Args)]
pub(super) struct SpaceOption {
    /// Space to use
    #[arg(
        id = "space",
        long = "space",
        value_name = "NAME",
        env = "CUC_MOCK_SPACE",
        default_value = "default"
    )]
    name: String,
}

impl SpaceOption {
    /// Returns the parameter that selects the space.
    pub(super) fn parameter(&self) -> (&'static str, &str) {
        ("space", &self.name)
    }

    /// Returns true if all spaces are selected.
    pub(super) fn is_all(&self) -> bool {
        self.name == "*"
    }
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
