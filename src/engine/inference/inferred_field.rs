//! The description of a field.

use std::collections::HashSet;

use super::{
    location::Location,
    rejection::{ROOT_PATH, URI},
    table::{Cell, Column, Table},
    value_kind,
    xml_schema::SchemaField,
};
use crate::{
    engine::draft::canonical,
    schema::{Kind, path::encoded},
};

/// A field in the vocabulary of descriptions.
#[derive(Debug)]
pub(super) struct InferredField<'s> {
    pub(super) name: &'s str,
    pub(super) word: Word,
    /// True if no object has the field, only the schema.
    pub(super) is_from_schema: bool,
    /// True if a response repeats the field of each object exactly.
    pub(super) is_repeated: bool,
    pub(super) access: Option<&'static str>,
    pub(super) is_required: bool,
    pub(super) is_unique: bool,
    /// The path of the resource that the field refers to.
    pub(super) reference: Option<String>,
    pub(super) choices: Vec<String>,
    pub(super) max_length: Option<String>,
    pub(super) range: Option<(String, String)>,
}

/// The element of a field.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Word {
    Uri,
    ObjectId,
    Value(Kind),
    /// The path of the object with an ending, or that of the record that another field names.
    Link {
        through: Option<String>,
        ending: String,
    },
}

/// A resource that a link may lead to.
#[derive(Debug)]
pub(super) struct LinkTarget<'t> {
    pub(super) path: String,
    /// The keys of its records, in lower case. `None` if the field that names a record is the last one in the path of the resource.
    pub(super) keys: Option<&'t HashSet<String>>,
}

impl LinkTarget<'_> {
    /// Returns the target for the parent of a nested resource.
    pub(super) fn parent(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            keys: None,
        }
    }

    /// Returns the absolute path of the record with a key.
    fn path_of(&self, key: &str) -> String {
        format!("{ROOT_PATH}{}/{}", self.path, encoded(key))
    }
}

/// Infers the fields of a resource.
pub(super) struct FieldInference<'i, 's> {
    pub(super) table: &'i Table<'s>,
    pub(super) location: &'i Location,
    pub(super) schema: &'i [SchemaField<'i>],
    pub(super) targets: &'i [LinkTarget<'i>],
}

impl<'s> FieldInference<'_, 's> {
    pub(super) fn fields(&self) -> Vec<InferredField<'s>> {
        let numbers = 0..self.table.columns.len();
        let mut fields: Vec<_> = numbers.map(|number| self.field(number)).collect();
        for number in 0..fields.len() {
            if let Some((link, through, target)) = self.link_through(number) {
                // The last field in the path refers to the parent without a rule.
                if target.keys.is_some() {
                    fields[through].reference = Some(target.path.clone());
                }
                let columns = &self.table.columns;
                fields[number].is_repeated = self.is_repeated(number, &link, |row| {
                    Some(target.path_of(columns[through].cells[row]?.value))
                });
                fields[number].word = link;
                fields[number].access = None;
            }
        }
        fields
    }

    fn field(&self, number: usize) -> InferredField<'s> {
        let column = &self.table.columns[number];
        let mut field = InferredField {
            name: column.name,
            word: Word::Value(Kind::Text),
            is_from_schema: column.values().next().is_none(),
            is_repeated: true,
            access: None,
            is_required: false,
            is_unique: false,
            reference: None,
            choices: Vec::new(),
            max_length: None,
            range: None,
        };
        let mut in_path = self.location.fields();
        let is_in_path = in_path.any(|other| other == number);
        let is_key = self.location.key == number;
        if column.name == URI {
            field.word = Word::Uri;
        } else if !is_in_path && self.is_object_id(column) {
            field.word = Word::ObjectId;
        } else if let Some(ending) = self.ending(column) {
            let through = None;
            field.word = Word::Link { through, ending };
        } else {
            self.add_values(column, &mut field);
            let is_path = |value: &str| value.starts_with(ROOT_PATH);
            if is_in_path || column.name.ends_with(URI) && column.values().all(is_path) {
                field.access = Some("read-only");
            } else if is_key {
                field.access = Some("create");
            }
            field.is_required = is_in_path || is_key;
            // A key below a parent is unique below it.
            field.is_unique = is_key && self.location.fields().next().is_none();
        }
        let own_path = |row| self.location.object_path(self.table, row);
        field.is_repeated = self.is_repeated(number, &field.word, own_path);
        field
    }

    /// True if a response repeats a column exactly. `path` returns the path in a row that a link begins with.
    fn is_repeated(
        &self,
        number: usize,
        word: &Word,
        path: impl Fn(usize) -> Option<String>,
    ) -> bool {
        let ending = match word {
            Word::Uri => "",
            Word::Link { ending, .. } => ending,
            Word::ObjectId | Word::Value(_) => return true,
        };
        let mut cells = self.table.columns[number].cells.iter().enumerate();
        cells.all(|(row, cell)| {
            cell.map(|cell| cell.value.to_owned()) == path(row).map(|path| path + ending)
        })
    }

    /// Adds the kind of the values, and the rules of the schema that all values conform to.
    fn add_values(&self, column: &Column<'_>, field: &mut InferredField<'_>) {
        let mut declared = self.schema.iter();
        let Some(declared) = declared.find(|declared| declared.name == column.name) else {
            field.word = Word::Value(value_kind::of_values(column));
            return;
        };
        let kind = value_kind::of_schema(declared, column);
        field.choices = choices(declared, &kind, column);
        let mut values = column.values().chain(declared.choices.iter().copied());
        match kind {
            Kind::Text => {
                let max_length = number(declared.max_length);
                let max_length = max_length.and_then(|length| u32::try_from(length).ok());
                let is_within = |length: &u32| {
                    *length > 0
                        && values.all(|value| {
                            u32::try_from(value.chars().count()).is_ok_and(|count| count <= *length)
                        })
                };
                field.max_length = max_length
                    .filter(is_within)
                    .map(|length| length.to_string());
            }
            Kind::Integer if declared.min.is_some() || declared.max.is_some() => {
                let bound = |text, otherwise: i32| {
                    let number = number(text).unwrap_or(otherwise.into());
                    number.clamp(i32::MIN.into(), i32::MAX.into())
                };
                let (min, max) = (bound(declared.min, i32::MIN), bound(declared.max, i32::MAX));
                let is_within =
                    |value| number(Some(value)).is_some_and(|value| (min..=max).contains(&value));
                let is_range = min <= max && values.all(is_within);
                field.range = is_range.then(|| (min.to_string(), max.to_string()));
            }
            _ => {}
        }
        field.word = Word::Value(kind);
    }

    /// True for the field with the ids that the server draws.
    fn is_object_id(&self, column: &Column<'_>) -> bool {
        column.name == "ObjectId"
            && column.is_unique()
            && value_kind::is_kind_of_all(&Kind::Guid, column)
    }

    /// Returns the text that each object adds to its own path.
    fn ending(&self, column: &Column<'s>) -> Option<String> {
        if !column.name.ends_with(URI) || !column.is_complete() {
            return None;
        }
        let mut cells = column.cells.iter().enumerate();
        let ending = |(row, cell): (usize, &Option<Cell<'s>>)| {
            let cell = (*cell)?;
            let own = self.location.object_path(self.table, row)?;
            strip_prefix(cell.value, &own)
        };
        let first = ending(cells.next()?)?;
        cells
            .all(|cell| ending(cell) == Some(first))
            .then(|| first.to_owned())
    }

    /// Returns the link in a column that leads to the record that another column names, that column, and the target.
    fn link_through(&self, number: usize) -> Option<(Word, usize, &LinkTarget<'_>)> {
        let column = &self.table.columns[number];
        if column.name == URI || !column.name.ends_with(URI) || self.ending(column).is_some() {
            return None;
        }
        self.targets.iter().find_map(|target| {
            let columns = 0..self.table.columns.len();
            let (through, ending) = columns
                .filter(|through| *through != number && self.may_refer(*through, target))
                .find_map(|through| {
                    Some((through, self.common_ending(number, through, target)?))
                })?;
            let link = Word::Link {
                through: Some(self.table.columns[through].name.to_owned()),
                ending,
            };
            Some((link, through, target))
        })
    }

    /// True if all values of a column are keys of the target.
    fn may_refer(&self, through: usize, target: &LinkTarget<'_>) -> bool {
        let column = &self.table.columns[through];
        let Some(keys) = target.keys else {
            return self.location.fields().last() == Some(through);
        };
        let is_key = |value: &str| keys.contains(&value.to_ascii_lowercase());
        column.values().next().is_some() && column.values().all(is_key)
    }

    /// Returns the text behind the path of the target's record in each link. There is a link wherever there is a value.
    fn common_ending(
        &self,
        link: usize,
        through: usize,
        target: &LinkTarget<'_>,
    ) -> Option<String> {
        let columns = &self.table.columns;
        let cells = columns[link].cells.iter().zip(&columns[through].cells);
        let mut common = None;
        for (link, value) in cells {
            let (link, value) = match (link, value) {
                (Some(link), Some(value)) => (link.value, value.value),
                (None, None) => continue,
                _ => return None,
            };
            let ending = strip_prefix(link, &target.path_of(value))?;
            if *common.get_or_insert(ending) != ending {
                return None;
            }
        }
        common.map(str::to_owned)
    }
}

/// Returns the choices of a schema, if a description can have them and each value is one of them.
fn choices(declared: &SchemaField<'_>, kind: &Kind, column: &Column<'_>) -> Vec<String> {
    let choices = &declared.choices;
    // A description separates the choices by blanks, and rejects a comma behind one.
    let is_choice = |value: &str| {
        let is_word = !value.is_empty() && !value.contains(char::is_whitespace);
        let is_word = is_word && !value.ends_with(',');
        is_word && canonical(kind, value).is_ok_and(|form| form == value)
    };
    let is_possible = choices.iter().copied().all(is_choice)
        && column.values().all(|value| choices.contains(&value));
    let mut distinct: Vec<String> = Vec::new();
    for value in choices.iter().filter(|_| is_possible) {
        if !distinct.iter().any(|known| known == value) {
            distinct.push((*value).to_owned());
        }
    }
    distinct
}

fn number(text: Option<&str>) -> Option<i64> {
    text?.trim().parse().ok()
}

/// Removes a prefix in any letter case.
fn strip_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}
