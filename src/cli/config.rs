//! `cuc-mock config`

use std::{ffi::OsStr, path, process::ExitCode};

use clap::{Arg, ArgAction, ArgMatches, Args, Command};
use serde_json::Value;

use super::{
    MISTAKE,
    config_file::{is_path, options_of},
    fail, rules,
    serve::Serve,
    shell::print,
    sources::Sources,
};

#[derive(Debug, Args)]
pub(super) struct Config {
    #[command(flatten)]
    serve: Serve,
}

impl Config {
    /// Shows what `serve` would work with, as a file that says the same; and then what `serve` would refuse.
    pub(super) fn run(command: &Command, sources: &Sources) -> ExitCode {
        let matches = sources.given();
        let lines = options_of(command).map(|option| line(option, sources, matches) + "\n");
        let shown = print(lines.collect::<String>().as_bytes());
        match rules::broken(command, sources, matches) {
            Ok(()) => shown,
            Err(message) => fail(MISTAKE, &message),
        }
    }
}

/// One option: its values, and where they come from.
fn line(option: &Arg, sources: &Sources, matches: &ArgMatches) -> String {
    let name = option.get_long().unwrap_or_default();
    let source = sources.of(option, matches);
    let Some(values) = matches.get_raw(option.get_id().as_str()) else {
        return format!("# {name} is not set");
    };
    if option.is_hide_env_values_set() {
        return format!("# {name} is set, and hidden  # {source}");
    }
    let values: Vec<_> = values.map(|value| written(option, value)).collect();
    let values = match option.get_action() {
        ArgAction::Append => Value::Array(values),
        _ => values
            .into_iter()
            .next()
            .unwrap_or(Value::Array(Vec::new())),
    };
    format!("{name} = {values}  # {source}")
}

/// A value as TOML has it, which writes texts and arrays as JSON does. A path is absolute: it means the same wherever the file is put.
fn written(option: &Arg, value: &OsStr) -> Value {
    let text = value.to_string_lossy();
    match option.get_action() {
        ArgAction::SetTrue => Value::Bool(text == "true"),
        _ if is_path(option) => {
            let whole = path::absolute(value).unwrap_or_else(|_| value.into());
            Value::String(whole.to_string_lossy().into_owned())
        }
        _ => match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => number.into(),
            _ => Value::String(text.into_owned()),
        },
    }
}
