//! Where options come from: the command line, over the environment, over a file, over their defaults.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::PathBuf,
};

use clap::{
    Arg, ArgAction, ArgMatches, Args, Command, Error,
    builder::OsStr as Value,
    error::{ContextKind, ContextValue, ErrorKind},
    parser::ValueSource,
};

use super::config_file::{ConfigFile, is_path, options_of, refusal};

/// What the command line is called as a source.
pub(super) const OPTION: &str = "option";

#[derive(Debug, Args)]
pub(super) struct ConfigOption {
    /// A TOML file whose keys are the names of the options of `serve`, which beat what it says; its
    /// paths are relative to its folder
    #[arg(long, value_name = "FILE", env = "CUC_MOCK_CONFIG")]
    config: Option<PathBuf>,
}

/// The options of a command line, with what stands behind it.
pub(super) struct Sources {
    pub(super) matches: ArgMatches,
    file: Option<ConfigFile>,
}

impl Sources {
    /// Reads the command line, the environment, and the file that one of them names; or tells what is wrong with the
    /// file or a variable. What is wrong with the command line ends the process.
    pub(super) fn read(command: fn() -> Command) -> Result<Self, String> {
        let matches = parsed(command, None)?;
        let Some(path) = config_of(of_called(&matches)) else {
            return Ok(Self {
                matches,
                file: None,
            });
        };
        let file = ConfigFile::read(&path, &command())?;
        Ok(Self {
            matches: parsed(command, Some(&file))?,
            file: Some(file),
        })
    }

    /// What was given to the command that was called.
    pub(super) fn given(&self) -> &ArgMatches {
        of_called(&self.matches)
    }

    /// Where `matches` has the values of an option from, in words.
    pub(super) fn of(&self, option: &Arg, matches: &ArgMatches) -> String {
        let name = option.get_long().unwrap_or_default();
        let in_file = self.file.as_ref().and_then(|file| {
            let given = file.option(name)?;
            Some(format!("file {}", file.place(given)))
        });
        let is_repeatable = matches!(option.get_action(), ArgAction::Append);
        match matches.value_source(option.get_id().as_str()) {
            Some(ValueSource::CommandLine) => OPTION.to_owned(),
            Some(ValueSource::EnvVariable) => format!("environment {}", twin(name)),
            _ if is_repeatable && from_environment(option).is_some() => {
                format!("environment {}", twin(name))
            }
            _ => in_file.unwrap_or_else(|| "default".to_owned()),
        }
    }
}

/// The environment variable that stands for the option of this name.
pub(super) fn twin(name: &str) -> String {
    format!("CUC_MOCK_{}", name.to_uppercase().replace('-', "_"))
}

fn parsed(command: fn() -> Command, file: Option<&ConfigFile>) -> Result<ArgMatches, String> {
    let parsed = layered(command(), file).try_get_matches();
    parsed.map_err(|error| wrong_value(&command(), &error).unwrap_or_else(|| error.exit()))
}

/// What is wrong with a value, if it comes from a variable, which has to be named, or is a secret, which must not be
/// shown.
fn wrong_value(command: &Command, error: &Error) -> Option<String> {
    let mut options = options_of(called(command).unwrap_or(command));
    match (error.kind(), error.get(ContextKind::InvalidArg)) {
        (ErrorKind::InvalidUtf8, _) => {
            let is_not = |option: &&Arg| {
                let value = value_of_twin(option);
                value.is_some_and(|value| !is_path(option) && value.to_str().is_none())
            };
            let name = options.find(is_not)?.get_long()?;
            Some(format!("{} is not UTF-8", twin(name)))
        }
        (_, Some(ContextValue::String(shown))) => {
            let name = shown.strip_prefix("--")?.split(' ').next();
            let option = options.find(|option| option.get_long() == name)?;
            let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue) else {
                return None;
            };
            let name = name?;
            let place = match from_environment(option) {
                Some(values) if values.iter().any(|given| given.to_string_lossy() == *value) => {
                    twin(name)
                }
                _ if option.is_hide_env_values_set() => format!("--{name}"),
                _ => return None,
            };
            Some(format!("{place} is {}", refusal(option, value)?))
        }
        _ => None,
    }
}

/// The command that is called, which stands before all options; none stands for `serve`.
fn called(command: &Command) -> Option<&Command> {
    command.find_subcommand(env::args_os().nth(1)?)
}

fn of_called(matches: &ArgMatches) -> &ArgMatches {
    matches.subcommand().map_or(matches, |(_, given)| given)
}

fn config_of(matches: &ArgMatches) -> Option<PathBuf> {
    let config = matches.try_get_one::<PathBuf>("config").ok().flatten();
    config.cloned()
}

/// The command, with what stands behind the command line as the defaults of the options of the one that is called.
fn layered(command: Command, file: Option<&ConfigFile>) -> Command {
    let name = called(&command).map(|sub| sub.get_name().to_owned());
    match name {
        // What the variables say to the server is of no concern to it.
        Some(name) => command
            .mut_args(|option| option.env(None))
            .mut_subcommand(name, |sub| with_layers(sub, file)),
        None => with_layers(command, file),
    }
}

fn with_layers(command: Command, file: Option<&ConfigFile>) -> Command {
    let behind: Vec<_> = options_of(&command)
        .filter_map(|option| Some((option.get_id().clone(), behind(option, file)?)))
        .collect();
    let command = command.mut_args(without_empty_variable);
    behind.into_iter().fold(command, |command, (id, values)| {
        command.mut_arg(id, |option| {
            let takes_value = !matches!(option.get_action(), ArgAction::SetTrue);
            // The help shows defaults, which these are not, and which may be secrets.
            option
                .default_values(values)
                .hide_default_value(takes_value)
        })
    })
}

/// What stands behind the command line for an option, but for its default.
fn behind(option: &Arg, file: Option<&ConfigFile>) -> Option<Vec<Value>> {
    let in_environment = || match option.get_action() {
        ArgAction::Append => from_environment(option),
        // The command line asks it itself.
        _ => None,
    };
    let in_file = || {
        let given = file?.option(option.get_long()?)?;
        Some(given.values.iter().map(OsString::from).collect())
    };
    let values: Vec<_> = in_environment().or_else(in_file)?;
    Some(values.into_iter().map(Value::from).collect())
}

/// An empty variable is as good as none: that is how container tools write it.
fn without_empty_variable(option: Arg) -> Arg {
    let is_empty = |name: &OsStr| env::var_os(name).is_some_and(|value| value.is_empty());
    match option.get_env().is_some_and(is_empty) {
        true => option.env(None),
        false => option,
    }
}

/// What the environment says of an option; of a repeatable one, between commas.
fn from_environment(option: &Arg) -> Option<Vec<OsString>> {
    let value = value_of_twin(option)?;
    if !matches!(option.get_action(), ArgAction::Append) {
        return Some(vec![value]);
    }
    let bytes = value.as_encoded_bytes();
    let values = bytes.split(|byte| *byte == b',');
    let values = values.filter(|value| !value.is_empty());
    let values: Option<Vec<_>> = values
        .map(|value| str::from_utf8(value).ok().map(OsString::from))
        .collect();
    // What is not UTF-8 is refused by the option itself, in one piece.
    let values = values.unwrap_or_else(|| vec![value]);
    (!values.is_empty()).then_some(values)
}

fn value_of_twin(option: &Arg) -> Option<OsString> {
    let value = env::var_os(twin(option.get_long()?));
    value.filter(|value| !value.is_empty())
}
