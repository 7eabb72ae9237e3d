//! The options of this program for those that other servers have.

use clap::{
    Command, Error,
    builder::StyledStr,
    error::{ContextKind, ContextValue, ErrorKind},
};

/// Names of options that do not exist, the option to use instead, and a tip.
const SUGGESTIONS: [(&[&str], &str, &str); 8] = [
    (
        &[
            "port",
            "p",
            "P",
            "host",
            "H",
            "bind",
            "b",
            "address",
            "addr",
            "interface",
            "l",
        ],
        "listen",
        "use --listen HOST:PORT, such as --listen 127.0.0.1:8443, or --listen :8443 for all addresses",
    ),
    (
        &["tls", "ssl", "https", "secure"],
        "https-only",
        "HTTPS is always on, on the same port; --https-only redirects plain HTTP",
    ),
    (
        &["cert", "certificate", "c"],
        "tls-cert",
        "use --tls-cert FILE",
    ),
    (
        &["key", "private-key", "k"],
        "tls-key",
        "use --tls-key FILE",
    ),
    (
        &["username", "password", "auth", "credentials", "u"],
        "user",
        "use --user NAME:PASSWORD",
    ),
    (
        &["data", "seed-file", "load", "f", "d"],
        "fixtures",
        "use --fixtures PATH",
    ),
    (
        &["verbose", "debug", "v"],
        "log-level",
        "use --log-level debug",
    ),
    (&["quiet", "silent", "q"], "log", "use --log off"),
];

/// Adds a suggestion to the error of an unknown option, if `command` has a corresponding one.
pub(super) fn add(error: &mut Error, command: &Command) {
    if error.kind() != ErrorKind::UnknownArgument {
        return;
    }
    let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidArg) else {
        return;
    };
    let unknown = unknown.trim_start_matches('-');
    let has = |name: &str| {
        command
            .get_arguments()
            .any(|option| option.get_long() == Some(name))
    };
    let mut suggestions = SUGGESTIONS.iter();
    let found = suggestions.find(|(names, option, _)| names.contains(&unknown) && has(option));
    if let Some((_, _, tip)) = found {
        // The table knows better than a comparison of letters.
        error.remove(ContextKind::SuggestedArg);
        let tip = StyledStr::from(*tip);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
}
