//! `cuc-mock healthcheck`

use clap::{Args, Command};

use super::{
    control_client::ControlClient, failure::Failure, listen_address::server_address, serve::Serve,
};

/// The options that the help shows. The others have no effect.
const SHOWN: [&str; 3] = ["config", "listen", "help"];

#[derive(Debug, Args)]
pub(super) struct Healthcheck {
    #[command(flatten)]
    serve: Serve,
}

impl Healthcheck {
    /// Hides the options of `serve` that do not matter here.
    pub(super) fn define(command: Command) -> Command {
        command.mut_args(|option| {
            let is_shown = SHOWN.contains(&option.get_id().as_str());
            option.hide(!is_shown)
        })
    }

    pub(super) fn run(self) -> Result<(), Failure> {
        let address = server_address(&self.serve.listen.addresses).map_err(Failure::runtime)?;
        ControlClient::health_check(address)
    }
}
