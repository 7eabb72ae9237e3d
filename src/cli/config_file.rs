//! A file with options: TOML, whose keys are their names.

use std::{
    any::TypeId,
    collections::BTreeMap,
    error::Error,
    fs,
    ops::Range,
    path::{Path, PathBuf},
};

use clap::{Arg, ArgAction, Command, builder::PossibleValue};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::engine::{Position, shorten};

/// How alike a key has to be to the name of an option for it to be suggested, from 0 to 1.
const ALIKE: f64 = 0.8;

/// What a file says of options.
#[derive(Debug)]
pub(super) struct ConfigFile {
    path: PathBuf,
    options: BTreeMap<String, Given>,
}

/// What a file says of one option.
#[derive(Debug)]
pub(super) struct Given {
    /// As they would be written on the command line.
    pub(super) values: Vec<String>,
    line: usize,
}

/// Reads one file, and gathers what is wrong with it.
struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    /// Whose options the keys name.
    command: &'a Command,
    /// Each with where it is.
    mistakes: Vec<(Position, String)>,
}

impl ConfigFile {
    /// Reads the file, whose keys are options of `command`; or tells what is wrong with it, line by line.
    pub(super) fn read(path: &Path, command: &Command) -> Result<Self, String> {
        let shown = path.display();
        let bytes = fs::read(path).map_err(|error| format!("{shown}: cannot be read: {error}"))?;
        let text = str::from_utf8(&bytes).map_err(|error| {
            let Position { line, column } = Position::of(&bytes, error.valid_up_to());
            format!("{shown}:{line}:{column}: found bytes that are not UTF-8, expected TOML")
        })?;
        let mut reader = Reader {
            path,
            text,
            command,
            mistakes: Vec::new(),
        };
        let options = reader.options();
        if !reader.mistakes.is_empty() {
            return Err(reader.told());
        }
        let path = path.to_owned();
        Ok(Self { path, options })
    }

    /// What it says of the option of this name.
    pub(super) fn option(&self, name: &str) -> Option<&Given> {
        self.options.get(name)
    }

    /// Where it says so: `PATH:LINE`.
    pub(super) fn place(&self, given: &Given) -> String {
        format!("{}:{}", self.path.display(), given.line)
    }
}

impl Reader<'_> {
    fn options(&mut self) -> BTreeMap<String, Given> {
        let table = match DeTable::parse(self.text) {
            Ok(table) => table,
            Err(error) => {
                self.broken(&error);
                return BTreeMap::new();
            }
        };
        let mut options = BTreeMap::new();
        for (key, value) in table.get_ref() {
            let name: &str = key.get_ref();
            let Some(option) = options_of(self.command).find(|arg| arg.get_long() == Some(name))
            else {
                let message = self.unknown(name);
                self.wrong(&key.span(), &message);
                continue;
            };
            if let Some(values) = self.values(option, value) {
                let line = self.position(&key.span()).line;
                options.insert(name.to_owned(), Given { values, line });
            }
        }
        options
    }

    /// What is given for `option`, if it is of a kind that can be.
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
                (texts.collect(), "a text or an array of texts")
            }
            (ArgAction::Append, _) => (of_one(value), "a text or an array of texts"),
            _ => (of_one(value), "a text or a number"),
        };
        let name = option.get_long().unwrap_or_default();
        let Some(values) = values else {
            let at = value.span();
            let found = match value.get_ref() {
                _ if option.is_hide_env_values_set() => "not what it can be".into(),
                DeValue::Table(_) => "a table".into(),
                _ => shorten(&self.text[at.clone()]),
            };
            self.wrong(&at, &format!("{name} is {found}, expected {expected}"));
            return None;
        };
        for (text, value) in &values {
            if let Some(refusal) = refusal(option, text) {
                self.wrong(&value.span(), &format!("{name} is {refusal}"));
            }
        }
        let texts = values.into_iter().map(|(text, _)| match is_path(option) {
            true => self.beside(&text),
            false => text,
        });
        Some(texts.collect())
    }

    /// Tells what is not TOML, without what stands there, which may be a secret.
    fn broken(&mut self, error: &toml::de::Error) {
        let at = error.span().unwrap_or_default();
        let message = match (error.message(), self.text.get(at.clone())) {
            ("duplicate key", Some(key)) => {
                format!("found the key {} again, expected it once", shorten(key))
            }
            (message, _) => format!("this is not TOML: {message}"),
        };
        self.wrong(&at, &message);
    }

    fn unknown(&self, name: &str) -> String {
        let known = options_of(self.command).filter_map(Arg::get_long);
        let alike = known.map(|known| (strsim::jaro_winkler(name, known), known));
        let nearest = alike.max_by(|(one, _), (other, _)| one.total_cmp(other));
        let hint = match nearest {
            Some((alike, known)) if alike >= ALIKE => format!(", such as {known}"),
            _ => String::new(),
        };
        let name = shorten(name);
        format!("found the key {name:?}, expected the name of an option of cuc-mock serve{hint}")
    }

    /// A path that is relative to the folder that the file is in.
    fn beside(&self, path: &str) -> String {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let path = folder.join(path);
        // It came out of a text, and so did the folder, or else it is shown as well as it can be.
        path.to_string_lossy().into_owned()
    }

    fn wrong(&mut self, at: &Range<usize>, message: &str) {
        let position = self.position(at);
        self.mistakes.push((position, message.to_owned()));
    }

    /// All that is wrong, in the order in which it was written.
    fn told(mut self) -> String {
        self.mistakes.sort();
        let path = self.path.display();
        let lines = self
            .mistakes
            .iter()
            .map(|(Position { line, column }, message)| {
                format!("{path}:{line}:{column}: {message}")
            });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn position(&self, at: &Range<usize>) -> Position {
        Position::of(self.text.as_bytes(), at.start)
    }
}

/// What the command line would say of a value, if it refuses it.
pub(super) fn refusal(option: &Arg, value: &str) -> Option<String> {
    let name = option.get_long()?;
    let alone = option.clone().env(None).num_args(1).action(ArgAction::Set);
    let command = Command::new("").no_binary_name(true).arg(alone);
    let error = command
        .try_get_matches_from([format!("--{name}={value}")])
        .err()?;
    let allowed = option.get_possible_values();
    let expected = match error.source() {
        Some(reason) => reason.to_string(),
        None if value.is_empty() => "expected a text that is not empty".to_owned(),
        None if allowed.is_empty() => "expected another value".to_owned(),
        None => {
            let names = allowed.iter().map(PossibleValue::get_name);
            format!("expected {}", names.collect::<Vec<_>>().join(" or "))
        }
    };
    let value = match option.is_hide_env_values_set() {
        true => "not what it can be".to_owned(),
        false => format!("{:?}", shorten(value)),
    };
    Some(format!("{value}: {expected}"))
}

/// The options that a file can give: all but those that are about the file, or about the command line itself.
pub(super) fn options_of(command: &Command) -> impl Iterator<Item = &Arg> {
    let options = command.get_arguments();
    options.filter(|arg| !matches!(arg.get_long(), None | Some("config" | "help" | "version")))
}

/// Whether the values of an option are paths.
pub(super) fn is_path(option: &Arg) -> bool {
    option.get_value_parser().type_id() == TypeId::of::<PathBuf>()
}

fn of_one<'a, 'b>(
    value: &'a Spanned<DeValue<'b>>,
) -> Option<Vec<(String, &'a Spanned<DeValue<'b>>)>> {
    Some(vec![(single(value)?, value)])
}

/// A text or a number, as it would be written on the command line.
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
