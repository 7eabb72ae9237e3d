//! The paths of the objects of a list: the path of the resource, and its key.

use std::{borrow::Cow, fmt::Write};

use percent_encoding::percent_decode_str;

use super::{
    rejection::{ROOT_PATH, URI},
    table::{Cell, Column, FileError, Row, Table},
};
use crate::{
    engine::{DecodeError, draft::canonical, shorten},
    schema::{Kind, path::encoded},
};

const OBJECT_ID: &str = "ObjectId";

/// The path of a resource, and its key.
#[derive(Debug)]
pub(super) struct Location {
    segments: Vec<Segment>,
    /// The column with the last segment of each URI.
    pub(super) key: usize,
}

/// A segment of a path.
#[derive(Debug)]
enum Segment {
    Literal(String),
    /// The value of a column.
    Field(usize),
}

/// The URI of an object.
struct ObjectUri<'s> {
    row: usize,
    cell: Cell<'s>,
    /// Below `/vmrest`.
    segments: Vec<&'s str>,
}

impl Location {
    /// Infers the location from the URIs. Without them, the path is the name of the list, which begins at `place`, in lower
    /// case.
    pub(super) fn infer(table: &Table<'_>, list: &str, place: Row) -> Result<Self, FileError> {
        let uris = object_uris(table)?;
        let Some(first) = uris.first() else {
            return Self::without_uris(table, list, place);
        };
        let length = first.segments.len();
        if let Some(other) = uris.iter().find(|uri| uri.segments.len() != length) {
            return Err(other_collection(table, first, other));
        }
        let key = key(table, &uris)?;
        let mut location = Self {
            segments: Vec::new(),
            key,
        };
        for index in 0..length - 1 {
            let segment = location.segment(table, &uris, index)?;
            location.segments.push(segment);
        }
        Ok(location)
    }

    fn without_uris(table: &Table<'_>, list: &str, place: Row) -> Result<Self, FileError> {
        let object_id = table.position(OBJECT_ID);
        let object_id = object_id.filter(|position| table.columns[*position].is_unique());
        let mut columns = table.columns.iter();
        let is_key = |column: &Column<'_>| !column.name.ends_with(URI) && column.is_unique();
        let key = object_id.or_else(|| columns.position(is_key));
        let key = key.ok_or_else(|| {
            let message = "the objects have no URI, and no field has a value of its own in each of them; expected one \
                           of the two";
            (place.file, DecodeError::new(place.at, message))
        })?;
        Ok(Self {
            segments: vec![Segment::Literal(list.to_lowercase())],
            key,
        })
    }

    /// Infers the segment at an index of all URIs.
    fn segment(
        &self,
        table: &Table<'_>,
        uris: &[ObjectUri<'_>],
        index: usize,
    ) -> Result<Segment, FileError> {
        let first = &uris[0];
        let text = first.segments[index];
        let other = uris.iter().find(|uri| uri.segments[index] != text);
        if other.is_none() && is_collection_name(text) {
            return Ok(Segment::Literal(text.to_owned()));
        }
        if let Some(field) = self.parameter(table, uris, index) {
            return Ok(Segment::Field(field));
        }
        match other {
            // A part of the list's own path, which other lists may have another value of.
            None if is_plain(text) => Ok(Segment::Literal(text.to_owned())),
            Some(other) if index == 0 || is_collection_name(text) => {
                Err(other_collection(table, first, other))
            }
            _ => {
                let text = shorten(text).into_owned();
                let reason = "URI contains an id that is not the value of one field in all objects";
                let message = format!(
                    "URI contains {text:?}, expected the value of one field in all objects; other resources need a \
                     description, whose path is such as users/{{UserObjectId}}/mwis"
                );
                Err(first.error(table, reason, message))
            }
        }
    }

    /// Returns the column that has the segment at an index of each URI. If there are several, the one whose name begins
    /// with that of the collection before is preferred.
    fn parameter(&self, table: &Table<'_>, uris: &[ObjectUri<'_>], index: usize) -> Option<usize> {
        if index == 0 {
            return None;
        }
        let collection = uris[0].segments[index - 1];
        let singular = collection.strip_suffix('s').unwrap_or(collection);
        let is_free = |column: &usize| {
            let mut fields = self.fields();
            *column != self.key && !fields.any(|field| field == *column)
        };
        let matches: Vec<_> = columns_with(table, uris, index).filter(is_free).collect();
        let is_named = |column: &&usize| {
            let name = table.columns[**column].name.to_ascii_lowercase();
            name.starts_with(singular)
        };
        matches.iter().find(is_named).or(matches.first()).copied()
    }

    /// Returns the columns with the segments of the path.
    pub(super) fn fields(&self) -> impl Iterator<Item = usize> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Field(field) => Some(*field),
            Segment::Literal(_) => None,
        })
    }

    /// Returns the path in the form of a description.
    pub(super) fn template(&self, table: &Table<'_>) -> String {
        let segments = self.segments.iter().map(|segment| match segment {
            Segment::Literal(text) => Cow::Borrowed(text.as_str()),
            Segment::Field(field) => format!("{{{}}}", table.columns[*field].name).into(),
        });
        segments.collect::<Vec<_>>().join("/")
    }

    /// Returns the absolute path of an object, as a response shows it.
    pub(super) fn object_path(&self, table: &Table<'_>, row: usize) -> Option<String> {
        let value = |field: usize| Some(encoded(table.columns[field].cells[row]?.value));
        let mut path = ROOT_PATH.to_owned();
        for segment in &self.segments {
            match segment {
                Segment::Literal(text) => path.push_str(text),
                Segment::Field(field) => path.push_str(&value(*field)?),
            }
            path.push('/');
        }
        write!(path, "{}", value(self.key)?).ok()?;
        Some(path)
    }
}

impl ObjectUri<'_> {
    fn error(&self, table: &Table<'_>, reason: &'static str, message: String) -> FileError {
        let error = DecodeError::new(self.cell.at, reason).quoting(message);
        (table.rows[self.row].file, error)
    }
}

/// Returns the URIs of the objects that have one.
fn object_uris<'s>(table: &Table<'s>) -> Result<Vec<ObjectUri<'s>>, FileError> {
    let Some(column) = table.position(URI) else {
        return Ok(Vec::new());
    };
    let cells = table.columns[column].cells.iter().enumerate();
    let cells = cells.filter_map(|(row, cell)| Some((row, (*cell)?)));
    cells
        .map(|(row, cell)| {
            let path = cell.value.strip_prefix(ROOT_PATH).unwrap_or_default();
            let uri = ObjectUri {
                row,
                cell,
                segments: path.split('/').collect(),
            };
            let has_empty_segment = uri.segments.iter().any(|segment| segment.is_empty());
            if uri.segments.len() < 2 || has_empty_segment {
                let reason = "URI is not the path of an object below /vmrest";
                let value = shorten(cell.value);
                let message = format!("URI is {value:?}, expected a path such as /vmrest/users/ID");
                return Err(uri.error(table, reason, message));
            }
            Ok(uri)
        })
        .collect()
}

fn other_collection(table: &Table<'_>, first: &ObjectUri<'_>, other: &ObjectUri<'_>) -> FileError {
    let collection = first.segments[..first.segments.len() - 1].join("/");
    let (value, collection) = (shorten(other.cell.value), shorten(&collection));
    let reason = "URI is in another collection than the one before";
    let message = format!(
        "URI is {value:?}, expected a path below {ROOT_PATH}{collection}, as in the first object; a list of several \
         collections needs a description"
    );
    other.error(table, reason, message)
}

/// Returns the column that has the last segment of each URI, preferably ObjectId.
fn key(table: &Table<'_>, uris: &[ObjectUri<'_>]) -> Result<usize, FileError> {
    let last = uris[0].segments.len() - 1;
    let matches: Vec<_> = columns_with(table, uris, last).collect();
    let mut object_ids = matches.iter();
    let object_id = object_ids.find(|column| table.columns[**column].name == OBJECT_ID);
    object_id.or(matches.first()).copied().ok_or_else(|| {
        let value = shorten(uris[0].segments[last]).into_owned();
        let reason = "URI ends with an id that is not the value of one field in all objects";
        let message = format!(
            "URI ends with {value:?}, expected the value of one field in all objects, such as ObjectId: the key of the \
             resource"
        );
        uris[0].error(table, reason, message)
    })
}

/// Returns the columns that have the segment at an index of each URI. URIs in other fields are no ids.
fn columns_with<'t>(
    table: &'t Table<'_>,
    uris: &'t [ObjectUri<'_>],
    index: usize,
) -> impl Iterator<Item = usize> + 't {
    let columns = table.columns.iter().enumerate();
    let columns = columns.filter(move |(_, column)| {
        let is_each_equal = uris.iter().all(|uri| {
            let decoded = percent_decode_str(uri.segments[index]).decode_utf8_lossy();
            column.cells[uri.row].is_some_and(|cell| cell.value.eq_ignore_ascii_case(&decoded))
        });
        !column.name.ends_with(URI) && is_each_equal
    });
    columns.map(|(index, _)| index)
}

/// True for the name of a collection, which the API writes in lower case, in contrast to most ids.
fn is_collection_name(segment: &str) -> bool {
    let is_lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    segment.starts_with(|c: char| c.is_ascii_lowercase())
        && segment.chars().all(is_lower)
        && canonical(&Kind::Guid, segment).is_err()
}

/// True for a segment that the path of a description may contain.
fn is_plain(segment: &str) -> bool {
    let mut letters = segment.chars();
    letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}
