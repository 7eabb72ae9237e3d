//! `cuc-mock completions`

use clap::{Args, Command};
use clap_complete::{Shell, generate};

use super::{failure::Failure, output::print};

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// Shell that runs the script
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, mut command: Command) -> Result<(), Failure> {
        let name = command.get_name().to_owned();
        let mut script = Vec::new();
        generate(self.shell, &mut command, name, &mut script);
        print(&script)
    }
}
