//! Which options of the server need or exclude each other, wherever they come from: the command line alone would not see
//! what stands behind it.

use clap::{ArgAction, ArgMatches, Command};

use super::{
    config_file::options_of,
    sources::{OPTION, Sources},
};

/// Each means nothing without the one beside it.
const NEEDS: [(&str, &str); 3] = [
    ("tls-cert", "tls-key"),
    ("tls-key", "tls-cert"),
    ("watch", "fixtures"),
];
/// A higher source does not silence a lower one: what was said twice was meant once, and only who said it knows which.
const EXCLUDES: [(&str, &str); 3] = [
    ("no-auth", "user"),
    ("tls-cert", "tls-name"),
    ("tls-cert", "ca-out"),
];

/// What is wrong with the options that were given together, a line each.
pub(super) fn broken(
    command: &Command,
    sources: &Sources,
    matches: &ArgMatches,
) -> Result<(), String> {
    let given = |name: &str| place(name, command, sources, matches);
    let needs = NEEDS.iter().filter_map(|&(one, other)| {
        let lonely = given(one).filter(|_| given(other).is_none())?;
        Some(format!("{lonely} needs --{other}"))
    });
    let excludes = EXCLUDES.iter().filter_map(|&(one, other)| {
        let (one, other) = given(one).zip(given(other))?;
        Some(format!("{one} and {other} exclude each other"))
    });
    let lines: Vec<_> = needs.chain(excludes).collect();
    match lines.is_empty() {
        true => Ok(()),
        false => Err(lines.join("\n")),
    }
}

/// What to call an option that was given; where it stands, too, if that is not the command line.
fn place(name: &str, command: &Command, sources: &Sources, matches: &ArgMatches) -> Option<String> {
    let option = options_of(command).find(|option| option.get_long() == Some(name))?;
    let id = option.get_id().as_str();
    let is_given = match option.get_action() {
        ArgAction::SetTrue => matches.get_flag(id),
        _ => matches.get_raw(id).is_some_and(|values| values.len() > 0),
    };
    is_given.then(|| match sources.of(option, matches) {
        source if source == OPTION => format!("--{name}"),
        source => format!("--{name} ({source})"),
    })
}
