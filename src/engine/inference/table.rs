//! All objects of a resource, as a table.

use std::collections::{HashMap, HashSet};

use super::{field_order::merge, sample_list::SampleObject};
use crate::engine::{DecodeError, shorten};

/// A mistake, with the number of its file.
pub(crate) type FileError = (usize, DecodeError);

/// All objects of a resource: one row for each object, one column for each field.
#[derive(Debug, Default)]
pub(super) struct Table<'s> {
    pub(super) rows: Vec<Row>,
    /// In the order of the fields.
    pub(super) columns: Vec<Column<'s>>,
}

/// The place of an object: the number of its file, and the byte.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) file: usize,
    pub(super) at: usize,
}

#[derive(Debug)]
pub(super) struct Column<'s> {
    pub(super) name: &'s str,
    /// A value for each row.
    pub(super) cells: Vec<Option<Cell<'s>>>,
}

/// A value, and the byte of its field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell<'s> {
    pub(super) value: &'s str,
    pub(super) at: usize,
}

impl<'s> Table<'s> {
    /// Collects the objects, each with the number of its file. `names` are the fields of a schema, in its order.
    pub(super) fn new(
        objects: impl Iterator<Item = (usize, &'s SampleObject<'s>)>,
        names: impl Iterator<Item = &'s str>,
    ) -> Result<Self, FileError> {
        let mut builder = TableBuilder::default();
        let schema_order = names.map(|name| builder.column(name)).collect();
        builder.orders.insert(schema_order);
        for (file, object) in objects {
            builder.add(file, object)?;
        }
        Ok(builder.finish())
    }

    /// Returns the number of the column with this name.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

impl<'s> Column<'s> {
    pub(super) fn values(&self) -> impl Iterator<Item = &'s str> {
        self.cells.iter().flatten().map(|cell| cell.value)
    }

    /// True if each object has a value of its own, in any letter case.
    pub(super) fn is_unique(&self) -> bool {
        let mut values = HashSet::with_capacity(self.cells.len());
        let mut cells = self.cells.iter();
        cells.all(|cell| {
            cell.is_some_and(|Cell { value, .. }| {
                !value.trim().is_empty() && values.insert(value.trim().to_lowercase())
            })
        })
    }

    pub(super) fn is_complete(&self) -> bool {
        self.cells.iter().all(Option::is_some)
    }
}

#[derive(Default)]
struct TableBuilder<'s> {
    table: Table<'s>,
    numbers: HashMap<&'s str, usize>,
    orders: HashSet<Vec<usize>>,
}

impl<'s> TableBuilder<'s> {
    /// Returns the number of the column with this name.
    fn column(&mut self, name: &'s str) -> usize {
        let columns = &mut self.table.columns;
        *self.numbers.entry(name).or_insert_with(|| {
            columns.push(Column {
                name,
                cells: Vec::new(),
            });
            columns.len() - 1
        })
    }

    fn add(&mut self, file: usize, object: &'s SampleObject<'s>) -> Result<(), FileError> {
        let row = self.table.rows.len();
        self.table.rows.push(Row {
            file,
            at: object.at,
        });
        let mut order = Vec::with_capacity(object.fields.len());
        for field in &object.fields {
            let Some(value) = field.value.as_deref() else {
                let name = shorten(field.name);
                let expected = "expected a text: the objects of a list are flat";
                let reason = format!("a field contains elements, {expected}");
                let message = format!("{name} contains elements, {expected}");
                let error = DecodeError::new(field.at, reason).quoting(message);
                return Err((file, error));
            };
            let number = self.column(field.name);
            let cells = &mut self.table.columns[number].cells;
            // A load reports a repeated field.
            if cells.len() <= row {
                order.push(number);
            }
            cells.resize(row + 1, None);
            cells[row] = Some(Cell {
                value,
                at: field.at,
            });
        }
        self.orders.insert(order);
        Ok(())
    }

    fn finish(self) -> Table<'s> {
        let Table { rows, columns } = self.table;
        let order = merge(columns.len(), &self.orders);
        let mut columns: Vec<_> = columns.into_iter().map(Some).collect();
        let columns = order
            .into_iter()
            .filter_map(|number| columns[number].take());
        let columns = columns.map(|mut column| {
            column.cells.resize(rows.len(), None);
            column
        });
        Table {
            columns: columns.collect(),
            rows,
        }
    }
}
