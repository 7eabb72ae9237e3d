//! `cuc-mock man`

use std::io::{self, Write};

use clap::{ArgAction, Args, Command};
use clap_mangen::{
    Man,
    roff::{Roff, bold, roman},
};

use super::{failure::Failure, help, output::print};

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
        let mut text = Vec::new();
        render(&page, &mut text)?;
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

/// Writes the page of a command, whose sections are in the usual order of manual pages.
fn render(command: &Command, page: &mut impl Write) -> io::Result<()> {
    let title = command
        .get_bin_name()
        .unwrap_or("cuc-mock")
        .replace(' ', "-");
    let man = Man::new(command.clone()).title(title);
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(page)?;
    }
    exit_status(command).to_writer(page)?;
    environment(command).to_writer(page)?;
    if let Some(examples) = command.get_after_help() {
        preformatted("EXAMPLES", &examples.to_string()).to_writer(page)?;
    }
    if command.get_version().is_some() {
        man.render_version_section(page)?;
    }
    Ok(())
}

fn exit_status(command: &Command) -> Roff {
    let mut section = Roff::new();
    section.control("SH", ["EXIT STATUS"]);
    for (status, meaning) in help::exit_statuses(command.get_name()) {
        section.control("TP", []);
        section.text([bold(status.to_string())]);
        section.text([roman(meaning)]);
    }
    section
}

fn environment(command: &Command) -> Roff {
    let mut section = Roff::new();
    section.control("SH", ["ENVIRONMENT"]);
    section.text([roman(
        "An option takes precedence over its variable. An empty variable counts as unset.",
    )]);
    for option in command
        .get_arguments()
        .filter(|option| !option.is_hide_set())
    {
        if let (Some(variable), Some(name)) = (option.get_env(), option.get_long()) {
            let several = match option.get_action() {
                ArgAction::Append => "; several values are separated by commas",
                _ => "",
            };
            let variable = variable.to_string_lossy();
            entry(&mut section, &variable, &format!("sets --{name}{several}"));
        }
    }
    let has = |name: &str| {
        command
            .get_arguments()
            .any(|option| option.get_long() == Some(name))
    };
    if has("log-level") {
        entry(
            &mut section,
            "RUST_LOG",
            "sets the log level unless --log-level does",
        );
        entry(&mut section, "NO_COLOR", "turns off the colours of the log");
    }
    section
}

fn entry(section: &mut Roff, variable: &str, meaning: &str) {
    section.control("TP", []);
    section.text([bold(variable)]);
    section.text([roman(meaning)]);
}

/// Returns a section whose lines keep their breaks.
fn preformatted(title: &str, text: &str) -> Roff {
    let mut section = Roff::new();
    section.control("SH", [title]);
    section.control("nf", []);
    for line in text.lines() {
        section.text([roman(line)]);
    }
    section.control("fi", []);
    section
}
