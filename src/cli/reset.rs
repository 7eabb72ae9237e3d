//! `cuc-mock reset`

use clap::Args;
use ureq::http::Method;

use super::{
    failure::Failure,
    remote::{Remote, SpaceOption},
};

#[derive(Debug, Args)]
pub(super) struct Reset {
    #[command(flatten)]
    space: SpaceOption,
    #[command(flatten)]
    remote: Remote,
}

impl Reset {
    pub(super) fn run(self) -> Result<(), Failure> {
        let client = self.remote.client()?;
        let space = self.space.parameter();
        client.send(Method::POST, "/__mock/reset", &[space], None)?;
        Ok(())
    }
}
