//! Conflicts between options, whatever their sources. Clap sees only those on the command line.

use clap::{ArgAction, Command};

use super::{
    config_file::options_of,
    layers::{COMMAND_LINE, Layers},
};

/// The first option of each pair requires one of the others.
const REQUIREMENTS: [(&str, &[&str]); 3] = [
    ("tls-cert", &["tls-key"]),
    ("tls-key", &["tls-cert"]),
    ("watch", &["fixtures", "resources"]),
];
/// The options of each pair exclude each other, even if they have different sources: there is no way to know which of
/// them is meant.
const EXCLUSIONS: [(&str, &str); 5] = [
    ("no-auth", "user"),
    ("no-auth", "sign-in"),
    ("tls-cert", "tls-name"),
    ("tls-cert", "tls-key-type"),
    ("tls-cert", "ca-out"),
];

/// Checks the options of `serve`. The error has one line per conflict.
pub(super) fn check(command: &Command, layers: &Layers) -> Result<(), String> {
    let set = |name: &str| describe(name, command, layers);
    let requirements = REQUIREMENTS.iter().filter_map(|&(option, required)| {
        let is_met = required.iter().any(|required| set(required).is_some());
        let option = set(option).filter(|_| !is_met)?;
        let required = required.join(" or --");
        Some(format!("{option} requires --{required}"))
    });
    let exclusions = EXCLUSIONS.iter().filter_map(|&(first, second)| {
        let (first, second) = set(first).zip(set(second))?;
        Some(format!("{first} cannot be used together with {second}"))
    });
    let lines: Vec<_> = requirements.chain(exclusions).collect();
    if lines.is_empty() {
        Ok(())
    } else {
        Err(lines.join("\n"))
    }
}

/// Returns the name of an option that is set, with its source unless that is the command line.
fn describe(name: &str, command: &Command, layers: &Layers) -> Option<String> {
    let option = options_of(command).find(|option| option.get_long() == Some(name))?;
    let id = option.get_id().as_str();
    let is_set = match option.get_action() {
        ArgAction::SetTrue => layers.called().get_flag(id),
        _ => layers
            .called()
            .get_raw(id)
            .is_some_and(|values| values.len() > 0),
    };
    is_set.then(|| match layers.source(option) {
        source if source == COMMAND_LINE => format!("--{name}"),
        source => format!("--{name} ({source})"),
    })
}
