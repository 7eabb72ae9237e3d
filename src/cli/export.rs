//! `cuc-mock export`

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::Args;

use super::{
    atomic_file::{self, Access},
    failure::Failure,
    remote::{Remote, SpaceOption},
};

#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    remote: Remote,
    #[command(flatten)]
    space: SpaceOption,
    /// File to write; the default is stdout
    #[arg(long, value_name = "FILE", env = "CUC_MOCK_OUTPUT")]
    output: Option<PathBuf>,
}

impl Export {
    pub(super) fn run(self) -> Result<(), Failure> {
        let client = self.remote.client()?;
        let space = self.space.parameter();
        let state = client.get("/__mock/state", &[space], "application/xml")?;
        let result = match &self.output {
            Some(path) => atomic_file::write(path, &state, Access::Owner),
            None => print(&state),
        };
        result.map_err(|error| {
            let target = self.output.as_deref().unwrap_or(Path::new("stdout"));
            Failure::runtime(format!("{}: cannot be written: {error}", target.display()))
        })
    }
}

/// Writes the state to stdout. Unlike other output, an incomplete fixture is useless, so all errors count.
fn print(state: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout();
    stdout.write_all(state)?;
    stdout.flush()
}
