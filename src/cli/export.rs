//! `cuc-mock export`

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;

use super::{REFUSED, fail, file::write_secret, remote::Remote};

#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    remote: Remote,
    /// The space to export
    #[arg(
        long,
        value_name = "NAME",
        env = "CUC_MOCK_SPACE",
        default_value = "default"
    )]
    space: String,
    /// Where to write it, in place of stdout
    #[arg(long, value_name = "FILE", env = "CUC_MOCK_OUTPUT")]
    output: Option<PathBuf>,
}

impl Export {
    pub(super) fn run(self) -> ExitCode {
        let asked = self
            .remote
            .get("/__mock/state", &self.space, "application/xml");
        let state = match asked {
            Ok(state) => state,
            Err((status, message)) => return fail(status, &message),
        };
        let written = match &self.output {
            Some(path) => write_secret(path, &state),
            None => print(&state),
        };
        match written {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                let place = self.output.as_deref().unwrap_or(Path::new("stdout"));
                let message = format!("{}: cannot be written: {error}", place.display());
                fail(REFUSED, &message)
            }
        }
    }
}

/// A fixture that was cut off is no fixture, so that failing matters here.
fn print(state: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout();
    stdout.write_all(state)?;
    stdout.flush()
}
