//! `cuc-mock completions` and `cuc-mock man`: what shells and manuals want to know of the command line.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{Args, Command};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use super::{MISTAKE, REFUSED, fail};

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell that reads them
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, mut command: Command) -> ExitCode {
        let name = command.get_name().to_owned();
        let mut script = Vec::new();
        generate(self.shell, &mut command, name, &mut script);
        print(&script)
    }
}

#[derive(Debug, Args)]
pub(super) struct Manual {
    /// The command to show the page of, instead of the first page
    command: Option<String>,
}

impl Manual {
    pub(super) fn run(self, mut command: Command) -> ExitCode {
        // What every command has is worked out only now.
        command.build();
        let page = match &self.command {
            None => command,
            Some(name) => match command.find_subcommand(name) {
                Some(found) => found.clone(),
                None => {
                    let known = command.get_subcommands().map(Command::get_name);
                    let known = known.collect::<Vec<_>>().join(", ");
                    let message = format!("there is no command {name:?}, expected one of {known}");
                    return fail(MISTAKE, &message);
                }
            },
        };
        let name = page.get_bin_name().unwrap_or("cuc-mock").replace(' ', "-");
        let mut written = Vec::new();
        match Man::new(page).title(name).render(&mut written) {
            Ok(()) => print(&written),
            Err(error) => fail(REFUSED, &error.to_string()),
        }
    }
}

/// Nobody may be reading to the end.
pub(super) fn print(text: &[u8]) -> ExitCode {
    match io::stdout().write_all(text) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            fail(REFUSED, &format!("stdout cannot be written: {error}"))
        }
        _ => ExitCode::SUCCESS,
    }
}
