//! The parts of the help and of the manual pages that clap does not write.

use clap::{Arg, ArgAction, Command, builder::OsStr};

/// The exit statuses of the server and of commands without an entry in [`STATUSES_OF_COMMANDS`].
const STATUSES: [&str; 3] = [
    "success; for the server, after SIGINT or SIGTERM",
    "an error of the operating system or of a running server",
    "an error in an option, the configuration, a certificate or a fixture",
];
/// The exit statuses 0 and 1 of other commands.
const STATUSES_OF_COMMANDS: [(&str, &str, &str); 4] = [
    ("check", "no errors", "the result cannot be written"),
    ("healthcheck", "the server is up", "it is not"),
    (
        "coverage",
        "success",
        "a coverage below --fail-under, or a server that does not respond",
    ),
    (
        "verify",
        "the requests are as expected",
        "they are not, or the server does not respond",
    ),
];

/// Completes the help of a command and its subcommands: the variable and the default of each option, and the exit
/// statuses.
pub(super) fn complete(command: Command) -> Command {
    complete_one(command).mut_subcommands(complete_one)
}

fn complete_one(command: Command) -> Command {
    let statuses = exit_statuses(command.get_name());
    let statuses = statuses.map(|(status, meaning)| format!("\n  {status}  {meaning}"));
    let mut end = format!("Exit status:{}", statuses.concat());
    if let Some(examples) = command.get_after_help() {
        end = format!("{examples}\n\n{end}");
    }
    command.mut_args(complete_option).after_long_help(end)
}

/// Returns each exit status of a command with its meaning.
pub(super) fn exit_statuses(command: &str) -> [(u8, &'static str); 3] {
    let [mut success, mut failure, usage] = STATUSES;
    let mut others = STATUSES_OF_COMMANDS.iter();
    if let Some((_, other_success, other_failure)) = others.find(|(name, ..)| *name == command) {
        (success, failure) = (other_success, other_failure);
    }
    [(0, success), (1, failure), (2, usage)]
}

/// Adds the variable and the default of an option to its help, each on a line of its own. Clap would break these lines
/// anywhere.
fn complete_option(option: Arg) -> Arg {
    let default = default_value(&option).map(|value| format!("[default: {value}]"));
    let variable = variable(&option).map(|variable| format!("[env: {variable}]"));
    let Some(help) = option.get_help().map(ToString::to_string) else {
        return option;
    };
    let long = option
        .get_long_help()
        .map_or(help.clone(), ToString::to_string);
    let lines: Vec<_> = variable.into_iter().chain(default.clone()).collect();
    if lines.is_empty() {
        return option;
    }
    let has_default = default.is_some();
    let short: Vec<_> = [help].into_iter().chain(default).collect();
    option
        .help(short.join(" "))
        .long_help(format!("{long}\n\n{}", lines.join("\n")))
        .hide_env(true)
        .hide_default_value(has_default)
}

/// Returns the variable of an option, and how it holds several values.
fn variable(option: &Arg) -> Option<String> {
    let name = option.get_env()?.to_string_lossy();
    Some(match option.get_action() {
        ArgAction::Append => format!("{name}, separated by commas"),
        _ => name.into_owned(),
    })
}

fn default_value(option: &Arg) -> Option<String> {
    let takes_value = !matches!(option.get_action(), ArgAction::SetTrue);
    let values = option.get_default_values();
    let values: Vec<_> = values
        .iter()
        .map(|value: &OsStr| value.to_string_lossy())
        .collect();
    (takes_value && !values.is_empty()).then(|| values.join(", "))
}
