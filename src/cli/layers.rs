//! The layers of options: the command line, the environment, the configuration file, and the defaults.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

use clap::{
    Arg, ArgAction, ArgMatches, Args, Command, Error,
    builder::OsStr as Value,
    error::{ContextKind, ContextValue, ErrorKind},
    parser::ValueSource,
};

use super::{
    comma_list,
    config_file::{ConfigFile, is_path, options_of, validation_error},
    help, suggestions,
};
use crate::journal::holds_secret;

/// The name of the command line as a source.
pub(super) const COMMAND_LINE: &str = "option";
/// The name of the file with the settings of a captured server, in the folder of its fixtures.
pub(super) const CAPTURED_SETTINGS: &str = "capture.toml";
/// The escape of a comma in a variable of a repeatable option.
const COMMA: &str = r"`\,` is a comma in a value";

#[derive(Debug, Args)]
pub(super) struct ConfigOption {
    /// TOML file with the options of `serve`
    ///
    /// Paths in the file are relative to its folder.
    #[arg(long, value_name = "FILE", env = "CUC_MOCK_CONFIG")]
    config: Option<PathBuf>,
}

/// The options with the values of all layers.
pub(super) struct Layers {
    pub(super) matches: ArgMatches,
    /// The configuration file, followed by that of a captured server.
    files: Vec<ConfigFile>,
}

impl Layers {
    /// Reads the command line, the environment, and the configuration file that one of them names. If the fixtures are those
    /// of a captured server, its settings are the last layer. An error on the command line ends the process; an error in a
    /// variable or in a file is returned.
    pub(super) fn read(command: fn() -> Command) -> Result<Self, String> {
        let mut layers = Self {
            matches: parse(command, &[])?,
            files: Vec::new(),
        };
        if let Some(path) = config_path(layers.called()) {
            layers.add_file(command, &path)?;
        }
        if let Some(path) = captured_settings(layers.called()) {
            layers.add_file(command, &path)?;
        }
        Ok(layers)
    }

    fn add_file(&mut self, command: fn() -> Command, path: &Path) -> Result<(), String> {
        self.files.push(ConfigFile::read(path, &command())?);
        self.matches = parse(command, &self.files)?;
        Ok(())
    }

    /// Returns the options of the command that is called.
    pub(super) fn called(&self) -> &ArgMatches {
        called_matches(&self.matches)
    }

    /// Returns the name of the layer that an option of the called command has its value from.
    pub(super) fn source(&self, option: &Arg) -> String {
        let name = option.get_long().unwrap_or_default();
        match self.called().value_source(option.get_id().as_str()) {
            Some(ValueSource::CommandLine) => COMMAND_LINE.to_owned(),
            Some(ValueSource::EnvVariable) => format!("environment {}", variable(name)),
            _ if is_repeatable(option) && environment_values(option).is_some() => {
                format!("environment {}", variable(name))
            }
            _ => self
                .file_source(name)
                .unwrap_or_else(|| "default".to_owned()),
        }
    }

    /// Returns a remark if a variable names several users: a comma in a password may have split one of them.
    pub(super) fn remark_about_users(&self, command: &Command) -> Option<String> {
        let option = options_of(command).find(|option| option.get_long() == Some("user"))?;
        let is_used = self.source(option) == format!("environment {}", variable("user"));
        let count = environment_values(option).filter(|_| is_used)?.len();
        (count > 1).then(|| {
            let name = variable("user");
            format!("{name} names {count} users, because a comma separates two values: {COMMA}")
        })
    }

    fn file_source(&self, name: &str) -> Option<String> {
        let mut files = self.files.iter();
        files.find_map(|file| Some(format!("file {}", file.location(file.option(name)?))))
    }
}

/// Returns the environment variable of the option of this name.
pub(super) fn variable(name: &str) -> String {
    format!("CUC_MOCK_{}", name.to_uppercase().replace('-', "_"))
}

fn parse(command: fn() -> Command, files: &[ConfigFile]) -> Result<ArgMatches, String> {
    add_layers(command(), files)
        .try_get_matches()
        .map_err(|mut error| {
            if error.kind() == ErrorKind::DisplayHelp {
                // The other commands start faster without these texts. This ends the process.
                add_layers(help::complete(command()), files).get_matches();
            }
            let command = command();
            value_error(&command, &error).unwrap_or_else(|| {
                suggestions::add(&mut error, called_command(&command).unwrap_or(&command));
                error.exit()
            })
        })
}

/// Returns our own message for an invalid value: one from a variable, because clap names the option instead, or a
/// secret, because clap shows it.
fn value_error(command: &Command, error: &Error) -> Option<String> {
    let mut options = options_of(called_command(command).unwrap_or(command));
    if let Some(message) = argument_error(command, error) {
        return Some(message);
    }
    if error.kind() == ErrorKind::InvalidUtf8 {
        let has_invalid_variable = |option: &&Arg| {
            let value = variable_value(option);
            value.is_some_and(|value| !is_path(option) && value.to_str().is_none())
        };
        let name = options.find(has_invalid_variable)?.get_long()?;
        return Some(format!("{} is not UTF-8", variable(name)));
    }
    let Some(ContextValue::String(usage)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue) else {
        return None;
    };
    let name = usage.strip_prefix("--")?.split(' ').next()?;
    let option = options.find(|option| option.get_long() == Some(name))?;
    let is_from_variable = environment_values(option)
        .is_some_and(|values| values.iter().any(|found| found.to_string_lossy() == *value));
    let source = if is_from_variable {
        variable(name)
    } else if option.is_hide_env_values_set() || holds_secret(value) {
        format!("--{name}")
    } else {
        return None;
    };
    let error = validation_error(option, value)?;
    let hint = match environment_values(option) {
        Some(values) if is_from_variable && values.len() > 1 => {
            format!("; a comma separates two values, {COMMA}")
        }
        _ => String::new(),
    };
    Some(format!("{source} is {error}{hint}"))
}

/// Returns our own message for an unexpected argument beside an option with a secret: it may be the rest of a secret that
/// contains a blank.
fn argument_error(command: &Command, error: &Error) -> Option<String> {
    let context = [ContextKind::InvalidSubcommand, ContextKind::InvalidArg];
    let is_unexpected = matches!(
        error.kind(),
        ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand | ErrorKind::ArgumentConflict
    );
    let argument = context.iter().find_map(|kind| match error.get(*kind) {
        Some(ContextValue::String(argument)) if !argument.starts_with('-') => Some(argument),
        _ => None,
    })?;
    let mut secrets = options_of(called_command(command).unwrap_or(command))
        .filter(|option| option.is_hide_env_values_set())
        .flat_map(|option| {
            let aliases = option.get_all_aliases().unwrap_or_default();
            option.get_long().into_iter().chain(aliases)
        });
    let arguments: Vec<_> = env::args_os().collect();
    let secret = secrets.find(|name| {
        let prefix = format!("--{name}");
        arguments
            .iter()
            .any(|argument| argument.to_string_lossy().starts_with(&prefix))
    });
    let is_shown = !is_unexpected || secret.is_none() && !holds_secret(argument);
    if is_shown {
        return None;
    }
    let before = secret
        .map(|name| format!(" beside --{name}"))
        .unwrap_or_default();
    Some(format!(
        "found an unexpected argument{before}, expected an option: a value with blanks needs quotes"
    ))
}

/// Returns the command that is called. It comes before all options; without one, it is `serve`.
fn called_command(command: &Command) -> Option<&Command> {
    command.find_subcommand(env::args_os().nth(1)?)
}

fn called_matches(matches: &ArgMatches) -> &ArgMatches {
    matches.subcommand().map_or(matches, |(_, called)| called)
}

fn config_path(matches: &ArgMatches) -> Option<PathBuf> {
    let path = matches.try_get_one::<PathBuf>("config").ok().flatten();
    path.cloned()
}

/// Returns the path of the settings of a captured server, if a folder of the fixtures has them.
fn captured_settings(matches: &ArgMatches) -> Option<PathBuf> {
    let folders = matches.try_get_many::<PathBuf>("fixtures").ok().flatten();
    let mut settings = folders?.map(|folder| folder.join(CAPTURED_SETTINGS));
    settings.find(|path| path.is_file())
}

/// Makes the values of the lower layers the defaults of the called command's options.
fn add_layers(command: Command, files: &[ConfigFile]) -> Command {
    let name = called_command(&command).map(|called| called.get_name().to_owned());
    match name {
        // The other commands ignore the variables of the server.
        Some(name) => command
            .mut_args(|option| option.env(None))
            .mut_subcommand(name, |called| add_defaults(called, files)),
        None => add_defaults(command, files),
    }
}

fn add_defaults(command: Command, files: &[ConfigFile]) -> Command {
    let defaults: Vec<_> = options_of(&command)
        .filter_map(|option| Some((option.get_id().clone(), lower_values(option, files)?)))
        .collect();
    let command = command.mut_args(ignore_variable);
    defaults.into_iter().fold(command, |command, (id, values)| {
        command.mut_arg(id, |option| {
            let takes_value = !matches!(option.get_action(), ArgAction::SetTrue);
            // The help shows the real defaults. These values may be secrets.
            option
                .default_values(values)
                .hide_default_value(takes_value)
        })
    })
}

/// Returns the values of an option in the layers below the command line, except its default.
fn lower_values(option: &Arg, files: &[ConfigFile]) -> Option<Vec<Value>> {
    // Clap reads the variables of the other options itself.
    let environment = is_repeatable(option)
        .then(|| environment_values(option))
        .flatten();
    let file_values = || {
        let name = option.get_long()?;
        let option = files.iter().find_map(|file| file.option(name))?;
        Some(option.values.iter().map(OsString::from).collect())
    };
    let values: Vec<_> = environment.or_else(file_values)?;
    Some(values.into_iter().map(Value::from).collect())
}

/// Hides a variable from clap if it is empty, which counts as unset, because container tools write it that way; or if it
/// has several values, which [`lower_values`] separates.
fn ignore_variable(option: Arg) -> Arg {
    let is_empty = |name: &OsStr| env::var_os(name).is_some_and(|value| value.is_empty());
    if is_repeatable(&option) || option.get_env().is_some_and(is_empty) {
        option.env(None)
    } else {
        option
    }
}

/// Returns the values of an option in the environment. Those of a repeatable option are separated by commas.
fn environment_values(option: &Arg) -> Option<Vec<OsString>> {
    let value = variable_value(option)?;
    let values = match value.to_str() {
        Some(text) if is_repeatable(option) => {
            let values = comma_list::split(text);
            values.into_iter().map(OsString::from).collect()
        }
        // The option itself rejects a value that is not UTF-8.
        _ => vec![value],
    };
    (!values.is_empty()).then_some(values)
}

/// Returns true if an option may have several values.
fn is_repeatable(option: &Arg) -> bool {
    matches!(option.get_action(), ArgAction::Append)
}

fn variable_value(option: &Arg) -> Option<OsString> {
    let value = env::var_os(option.get_env()?);
    value.filter(|value| !value.is_empty())
}
