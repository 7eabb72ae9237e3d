//! The options of the control plane.

use std::net::IpAddr;

use clap::{Args, builder::NonEmptyStringValueParser};
use tracing::warn;

use crate::http::ControlAccess;

#[derive(Debug, Args)]
pub(super) struct ControlOptions {
    /// Token that the control plane requires
    ///
    /// Clients send it as Authorization: Bearer TOKEN.
    #[arg(
        long,
        value_name = "TOKEN",
        env = "CUC_MOCK_CONTROL_TOKEN",
        hide_env_values = true,
        value_parser = NonEmptyStringValueParser::new()
    )]
    control_token: Option<String>,
    /// Open the control plane to every client
    ///
    /// By default, without a token, it is open only if the server listens on loopback.
    /// No web page of another origin may use it.
    #[arg(long, value_name = "open", env = "CUC_MOCK_CONTROL", value_parser = ["open"])]
    control: Option<String>,
}

impl ControlOptions {
    /// Returns the access to the control plane. A token takes precedence over `open`.
    pub(super) fn access(&self) -> ControlAccess {
        match (&self.control_token, &self.control) {
            (Some(token), _) => ControlAccess::Token(token.clone()),
            (None, Some(_)) => ControlAccess::Open,
            (None, None) => ControlAccess::Loopback,
        }
    }

    /// Warns if the control plane of a server on `address` is closed, or open to other machines.
    pub(super) fn warn(&self, address: IpAddr) {
        let access = self.access();
        if matches!(access, ControlAccess::Open) && !address.is_loopback() {
            warn!(
                "the control plane is open to all clients that reach {address}: protect it with a token (--control-token)"
            );
        }
        if let Some(reason) = access.listening_on(address).closed() {
            warn!("{reason}");
        }
    }
}
