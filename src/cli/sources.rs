//! Where options come from: the command line, over the environment, over a file, over their defaults.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::PathBuf,
};

use clap::{
    Arg, ArgAction, ArgMatches, Args, Command, builder::OsStr as Value, parser::ValueSource,
};

use super::config_file::{ConfigFile, options_of, refusal};

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
    pub(super) fn read(command: &Command) -> Result<Self, String> {
        let matches = parsed(command, None)?;
        let path = match matches.subcommand() {
            Some((_, sub)) => config_of(sub),
            None => config_of(&matches),
        };
        let Some(path) = path else {
            return Ok(Self {
                matches,
                file: None,
            });
        };
        let file = ConfigFile::read(&path, command)?;
        Ok(Self {
            matches: parsed(command, Some(&file))?,
            file: Some(file),
        })
    }

    /// Where `matches` has the values of an option from, in words.
    pub(super) fn of(&self, option: &Arg, matches: &ArgMatches) -> String {
        let name = option.get_long().unwrap_or_default();
        let in_file = self.file.as_ref().and_then(|file| {
            let given = file.option(name)?;
            Some(format!("file {}", file.place(given)))
        });
        match matches.value_source(option.get_id().as_str()) {
            Some(ValueSource::CommandLine) => "option".to_owned(),
            Some(ValueSource::EnvVariable) => format!("environment {}", twin(name)),
            _ if from_environment(option).is_some() => format!("environment {}", twin(name)),
            _ => in_file.unwrap_or_else(|| "default".to_owned()),
        }
    }
}

/// The environment variable that stands for the option of this name.
pub(super) fn twin(name: &str) -> String {
    format!("CUC_MOCK_{}", name.to_uppercase().replace('-', "_"))
}

fn parsed(command: &Command, file: Option<&ConfigFile>) -> Result<ArgMatches, String> {
    layered(command.clone(), file)
        .try_get_matches()
        .map_err(|error| {
            let refused = options_of(command).find_map(|option| {
                let values = from_environment(option)?;
                let mut values = values.iter().filter_map(|value| value.to_str());
                let refusal = values.find_map(|value| refusal(option, value))?;
                Some(format!("{} is {refusal}", twin(option.get_long()?)))
            });
            refused.unwrap_or_else(|| error.exit())
        })
}

fn config_of(matches: &ArgMatches) -> Option<PathBuf> {
    let config = matches.try_get_one::<PathBuf>("config").ok().flatten();
    config.cloned()
}

/// The command, with what stands behind the command line as the defaults of its options.
fn layered(command: Command, file: Option<&ConfigFile>) -> Command {
    let options: Vec<_> = options_of(&command).cloned().collect();
    let subcommands: Vec<_> = command.get_subcommands().cloned().collect();
    let command = command.mut_args(without_empty_variable);
    let command = options.into_iter().fold(command, |command, option| {
        let name = option.get_long().unwrap_or_default();
        let in_file = || {
            Some(
                file?
                    .option(name)?
                    .values
                    .iter()
                    .map(OsString::from)
                    .collect(),
            )
        };
        let defaults: Option<Vec<OsString>> = from_environment(&option).or_else(in_file);
        match defaults {
            Some(defaults) => {
                let defaults: Vec<Value> = defaults.into_iter().map(Value::from).collect();
                command.mut_arg(option.get_id().as_str(), |arg| arg.default_values(defaults))
            }
            None => command,
        }
    });
    let subcommands = subcommands.into_iter();
    subcommands.fold(command, |command, sub| {
        let name = sub.get_name().to_owned();
        command.mut_subcommand(name, |sub| layered(sub, file))
    })
}

/// An empty variable is as good as none: that is how container tools write it.
fn without_empty_variable(option: Arg) -> Arg {
    let is_empty = |name: &OsStr| env::var_os(name).is_some_and(|value| value.is_empty());
    match option.get_env().is_some_and(is_empty) {
        true => option.env(None),
        false => option,
    }
}

/// What the environment says of a repeatable option, between commas. Of the others it is asked by the command line.
fn from_environment(option: &Arg) -> Option<Vec<OsString>> {
    if !matches!(option.get_action(), ArgAction::Append) {
        return None;
    }
    let value = env::var_os(twin(option.get_long()?))?;
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
