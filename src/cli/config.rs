//! `cuc-mock config`

use std::{ffi::OsStr, path};

use clap::{Arg, ArgAction, Args, Command};
use serde_json::Value;

use super::{
    config_file::{is_path, options_of},
    conflicts,
    failure::Failure,
    layers::Layers,
    output::print,
    serve::Serve,
};

#[derive(Debug, Args)]
pub(super) struct Config {
    #[command(flatten)]
    serve: Serve,
}

impl Config {
    /// Prints the settings of `serve` as a configuration file. Fails if `serve` would reject them.
    pub(super) fn run(command: &Command, layers: &Layers) -> Result<(), Failure> {
        let lines = options_of(command).map(|option| line(option, layers) + "\n");
        let printed = print(lines.collect::<String>().as_bytes());
        conflicts::check(command, layers).map_err(Failure::usage)?;
        printed
    }
}

/// Renders the value and the source of one option.
fn line(option: &Arg, layers: &Layers) -> String {
    let name = option.get_long().unwrap_or_default();
    let source = layers.source(option);
    let Some(raw_values) = layers.called().get_raw(option.get_id().as_str()) else {
        return format!("# {name} is not set");
    };
    if option.is_hide_env_values_set() {
        return format!("# {name} is set but hidden  # {source}");
    }
    let values: Vec<_> = raw_values.map(|value| to_toml(option, value)).collect();
    let value = match option.get_action() {
        ArgAction::SetTrue => Value::Bool(layers.called().get_flag(option.get_id().as_str())),
        ArgAction::Append => Value::Array(values),
        _ => values
            .into_iter()
            .next()
            .unwrap_or(Value::Array(Vec::new())),
    };
    format!("{name} = {value}  # {source}")
}

/// Converts a value to TOML, whose strings and arrays are written as in JSON. Paths become absolute, so that the file
/// works in any folder.
fn to_toml(option: &Arg, value: &OsStr) -> Value {
    if is_path(option) {
        let absolute = path::absolute(value).unwrap_or_else(|_| value.into());
        return Value::String(absolute.to_string_lossy().into_owned());
    }
    let text = value.to_string_lossy();
    match text.parse::<i64>() {
        Ok(number) if number.to_string() == text => number.into(),
        _ => Value::String(text.into_owned()),
    }
}
