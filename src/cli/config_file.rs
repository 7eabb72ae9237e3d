//! The configuration file: TOML whose keys are the names of options.

use std::{
    any::TypeId,
    collections::BTreeMap,
    error::Error,
    ops::Range,
    path::{Path, PathBuf},
};

use clap::{Arg, ArgAction, Command, builder::PossibleValue};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    engine::{MAX_REPORTED_ERRORS, Position, PositionCursor, file::read_small, nearest, shorten},
    journal::holds_secret,
};

/// The options in a configuration file.
#[derive(Debug)]
pub(super) struct ConfigFile {
    path: PathBuf,
    options: BTreeMap<String, FileOption>,
}

/// One option in a configuration file.
#[derive(Debug)]
pub(super) struct FileOption {
    /// The values, as on the command line.
    pub(super) values: Vec<String>,
    line: usize,
}

/// Reads one file and collects its errors.
struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    /// The command whose options the keys name.
    command: &'a Command,
    /// The errors, each with its byte.
    errors: Vec<(usize, String)>,
}

impl ConfigFile {
    /// Reads the file, whose keys are options of `command`. The error has one line per error in the file.
    pub(super) fn read(path: &Path, command: &Command) -> Result<Self, String> {
        let bytes = read_small(path)
            .map_err(|error| format!("{}: cannot be read: {error}", path.display()))?;
        Self::parse(path, &bytes, command)
    }

    /// Parses the content of the file.
    pub(super) fn parse(path: &Path, bytes: &[u8], command: &Command) -> Result<Self, String> {
        let shown = path.display();
        let text = str::from_utf8(bytes).map_err(|error| {
            let Position { line, column } = Position::of(bytes, error.valid_up_to());
            format!("{shown}:{line}:{column}: found bytes that are not UTF-8, expected TOML")
        })?;
        let mut reader = Reader {
            path,
            text,
            command,
            errors: Vec::new(),
        };
        let options = reader.options();
        if !reader.errors.is_empty() {
            return Err(reader.error_report());
        }
        let path = path.to_owned();
        Ok(Self { path, options })
    }

    /// Returns the option of this name.
    pub(super) fn option(&self, name: &str) -> Option<&FileOption> {
        self.options.get(name)
    }

    /// Returns the location of an option: `PATH:LINE`.
    pub(super) fn location(&self, option: &FileOption) -> String {
        format!("{}:{}", self.path.display(), option.line)
    }
}

impl Reader<'_> {
    fn options(&mut self) -> BTreeMap<String, FileOption> {
        let table = match DeTable::parse(self.text) {
            Ok(table) => table,
            Err(error) => {
                self.syntax_error(&error);
                return BTreeMap::new();
            }
        };
        let mut options = BTreeMap::new();
        for (key, value) in table.get_ref() {
            let name: &str = key.get_ref();
            let Some(option) = options_of(self.command).find(|arg| arg.get_long() == Some(name))
            else {
                let message = self.unknown_key(name);
                self.error(&key.span(), &message);
                continue;
            };
            if let Some(values) = self.values(option, value) {
                let line = self.position(&key.span()).line;
                options.insert(name.to_owned(), FileOption { values, line });
            }
        }
        options
    }

    /// Returns the values of `option`, unless they have the wrong type.
    fn values(&mut self, option: &Arg, value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
        let (values, expected) = match (option.get_action(), value.get_ref()) {
            (ArgAction::SetTrue, found) => {
                let flag = found
                    .as_bool()
                    .map(|is_on| vec![(is_on.to_string(), value)]);
                (flag, "true or false")
            }
            (ArgAction::Append, DeValue::Array(values)) => {
                let texts = values.iter().map(|value| Some((single(value)?, value)));
                (texts.collect(), "a string or an array of strings")
            }
            (ArgAction::Append, _) => (single_values(value), "a string or an array of strings"),
            _ => (single_values(value), "a string or a number"),
        };
        let name = option.get_long().unwrap_or_default();
        let Some(values) = values else {
            let span = value.span();
            let found = match value.get_ref() {
                _ if option.is_hide_env_values_set() => "invalid".into(),
                DeValue::Table(_) => "a table".into(),
                _ => shorten(&self.text[span.clone()]),
            };
            self.error(&span, &format!("{name} is {found}, expected {expected}"));
            return None;
        };
        for (text, value) in &values {
            if let Some(error) = validation_error(option, text) {
                self.error(&value.span(), &format!("{name} is {error}"));
            }
        }
        let texts = values.into_iter().map(|(text, _)| {
            if is_path(option) {
                self.resolve(&text)
            } else {
                text
            }
        });
        Some(texts.collect())
    }

    /// Reports a syntax error without the text at its location, which may be a secret.
    fn syntax_error(&mut self, error: &toml::de::Error) {
        let span = error.span().unwrap_or_default();
        let message = match (error.message(), self.text.get(span.clone())) {
            ("duplicate key", Some(key)) if self.is_option(key) => {
                format!("found the key {key} twice, expected it once")
            }
            ("duplicate key", _) => "found a key twice, expected it once".to_owned(),
            (message, _) => format!("invalid TOML: {message}"),
        };
        self.error(&span, &message);
    }

    fn is_option(&self, name: &str) -> bool {
        options_of(self.command).any(|option| option.get_long() == Some(name))
    }

    /// Returns the message for an unknown key. Quotes it only if it resembles an option: any other text may be a secret
    /// in the wrong place.
    fn unknown_key(&self, name: &str) -> String {
        let options = options_of(self.command).filter_map(Arg::get_long);
        let expected = "expected the name of an option of cuc-mock serve";
        match nearest(name, options) {
            Some(option) => {
                let name = shorten(name);
                format!("found the key {name:?}, {expected}, such as {option}")
            }
            None => format!("found an unknown key, {expected}"),
        }
    }

    /// Resolves a path relative to the folder of the file.
    fn resolve(&self, path: &str) -> String {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        // The path comes from a string. Only the folder may not be UTF-8.
        folder.join(path).to_string_lossy().into_owned()
    }

    fn error(&mut self, span: &Range<usize>, message: &str) {
        self.errors.push((span.start, message.to_owned()));
    }

    /// Renders the first errors in the order of their positions, and the number of the others.
    fn error_report(mut self) -> String {
        self.errors.sort_unstable();
        let path = self.path.display();
        let mut cursor = PositionCursor::new(self.text.as_bytes());
        let first = self.errors.iter().take(MAX_REPORTED_ERRORS);
        let mut lines: Vec<_> = first
            .map(|(at, message)| {
                let Position { line, column } = cursor.advance_to(*at);
                format!("{path}:{line}:{column}: {message}")
            })
            .collect();
        if let omitted @ 1.. = self.errors.len() - lines.len() {
            lines.push(format!("and {omitted} more errors"));
        }
        lines.join("\n")
    }

    fn position(&self, span: &Range<usize>) -> Position {
        Position::of(self.text.as_bytes(), span.start)
    }
}

/// Returns the error of a value that the command line would reject.
pub(super) fn validation_error(option: &Arg, value: &str) -> Option<String> {
    let name = option.get_long()?;
    let alone = option.clone().env(None).num_args(1).action(ArgAction::Set);
    let command = Command::new("").no_binary_name(true).arg(alone);
    let error = command
        .try_get_matches_from([format!("--{name}={value}")])
        .err()?;
    let allowed = option.get_possible_values();
    let expected = match error.source() {
        Some(reason) => reason.to_string(),
        None if value.is_empty() => "expected a string that is not empty".to_owned(),
        None if allowed.is_empty() => "expected another value".to_owned(),
        None => {
            let names = allowed.iter().map(PossibleValue::get_name);
            format!("expected {}", names.collect::<Vec<_>>().join(" or "))
        }
    };
    let found = if option.is_hide_env_values_set() || holds_secret(value) {
        "invalid".to_owned()
    } else {
        format!("{:?}", shorten(value))
    };
    Some(format!("{found}: {expected}"))
}

/// Returns the options that a configuration file can set: all except those about the file or the command line itself.
pub(super) fn options_of(command: &Command) -> impl Iterator<Item = &Arg> {
    let options = command.get_arguments();
    options.filter(|arg| !matches!(arg.get_long(), None | Some("config" | "help" | "version")))
}

/// Returns true if the values of an option are paths.
pub(super) fn is_path(option: &Arg) -> bool {
    option.get_value_parser().type_id() == TypeId::of::<PathBuf>()
}

fn single_values<'a, 'b>(
    value: &'a Spanned<DeValue<'b>>,
) -> Option<Vec<(String, &'a Spanned<DeValue<'b>>)>> {
    Some(vec![(single(value)?, value)])
}

/// Returns a string or a number as on the command line.
fn single(value: &Spanned<DeValue<'_>>) -> Option<String> {
    match value.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Integer(number) => {
            let number = u64::from_str_radix(number.as_str(), number.radix());
            Some(number.ok()?.to_string())
        }
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Datetime(time) => Some(time.to_string()),
        _ => None,
    }
}
