//! `cuc-mock man`

use clap::{Args, Command};
use clap_mangen::Man;

use super::{failure::Failure, output::print};

#[derive(Debug, Args)]
pub(super) struct Manual {
    /// Command to describe; the default is the program as a whole
    command: Option<String>,
}

impl Manual {
    pub(super) fn run(self, mut command: Command) -> Result<(), Failure> {
        // Completes the definition: the names of the commands' binaries, and the options that all commands have.
        command.build();
        let page = match &self.command {
            None => command,
            Some(name) => subcommand(&command, name)?,
        };
        let title = page.get_bin_name().unwrap_or("cuc-mock").replace(' ', "-");
        let mut text = Vec::new();
        Man::new(page).title(title).render(&mut text)?;
        print(&text)
    }
}

fn subcommand(command: &Command, name: &str) -> Result<Command, Failure> {
    command.find_subcommand(name).cloned().ok_or_else(|| {
        let names: Vec<_> = command.get_subcommands().map(Command::get_name).collect();
        let expected = names.join(", ");
        Failure::usage(format!(
            "there is no command {name:?}, expected one of {expected}"
        ))
    })
}
