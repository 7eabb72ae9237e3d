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
use toml::de::{DeTable, DeValue};

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
        let text = fs::read_to_string(path)
            .map_err(|error| format!("{}: cannot be read: {error}", path.display()))?;
        let mut reader = Reader {
            path,
            text: &text,
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
                let at = error.span().unwrap_or_default();
                self.wrong(&at, &format!("this is not TOML: {}", error.message()));
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
            let Some(mut values) = self.values(option, value.get_ref(), &value.span()) else {
                continue;
            };
            self.check(option, &values, &value.span());
            if is_path(option) {
                values = values.iter().map(|value| self.beside(value)).collect();
            }
            let line = self.position(&key.span()).line;
            options.insert(name.to_owned(), Given { values, line });
        }
        options
    }

    /// What stands for `option`, if it is of a kind that can.
    fn values(
        &mut self,
        option: &Arg,
        value: &DeValue<'_>,
        at: &Range<usize>,
    ) -> Option<Vec<String>> {
        let is_flag = matches!(option.get_action(), ArgAction::SetTrue);
        let is_repeatable = matches!(option.get_action(), ArgAction::Append);
        let expected = match (is_flag, is_repeatable) {
            (true, _) => "true or false",
            (_, true) => "a text or an array of texts",
            (_, false) => "a text or a number",
        };
        let values = match value {
            DeValue::Boolean(is_on) if is_flag => vec![is_on.to_string()],
            DeValue::Array(values) if is_repeatable => {
                let texts = values.iter().map(|value| single(value.get_ref()));
                texts.collect::<Option<Vec<_>>>().unwrap_or_default()
            }
            value if !is_flag => single(value).into_iter().collect(),
            _ => Vec::new(),
        };
        let is_empty_array =
            is_repeatable && matches!(value, DeValue::Array(array) if array.is_empty());
        if values.is_empty() && !is_empty_array {
            let found = shorten(&self.text[at.clone()]);
            let name = option.get_long().unwrap_or_default();
            self.wrong(at, &format!("{name} is {found}, expected {expected}"));
            return None;
        }
        Some(values)
    }

    fn check(&mut self, option: &Arg, values: &[String], at: &Range<usize>) {
        let name = option.get_long().unwrap_or_default();
        for value in values {
            if let Some(refusal) = refusal(option, value) {
                self.wrong(at, &format!("{name} is {refusal}"));
            }
        }
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

fn single(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Datetime(time) => Some(time.to_string()),
        _ => None,
    }
}
