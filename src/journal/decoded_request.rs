//! The parts of a recorded request that patterns compare, each decoded once, when it is first needed.

use std::{borrow::Cow, cell::OnceCell};

use super::{Entry, body_elements::body_elements};
use crate::engine::{DecodeError, Element};

/// A recorded request, for any number of patterns.
#[derive(Debug)]
pub(crate) struct DecodedRequest<'e> {
    pub(super) entry: &'e Entry,
    /// In the order of their names.
    query: OnceCell<Vec<NamedValue<'e>>>,
    headers: OnceCell<Vec<NamedValue<'e>>>,
    /// In the order of their names.
    fields: OnceCell<Result<Vec<NamedValue<'e>>, DecodeError>>,
}

type NamedValue<'e> = (Cow<'e, str>, Cow<'e, str>);

impl<'e> DecodedRequest<'e> {
    pub(crate) fn new(entry: &'e Entry) -> Self {
        Self {
            entry,
            query: OnceCell::new(),
            headers: OnceCell::new(),
            fields: OnceCell::new(),
        }
    }

    /// Returns the values of a parameter of the query string.
    pub(super) fn parameters<'a>(
        &'a self,
        name: &str,
    ) -> impl Iterator<Item = &'a str> + use<'a, 'e> {
        let parameters = self.query.get_or_init(|| {
            let query = self.entry.query().unwrap_or_default();
            sorted(form_urlencoded::parse(query.as_bytes()).collect())
        });
        values(parameters, name)
    }

    /// Returns the values of a header with this name, in any case.
    pub(super) fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let headers = self.headers.get_or_init(|| {
            let headers = self.entry.headers();
            let headers =
                headers.map(|(name, value)| (Cow::Borrowed(name), String::from_utf8_lossy(value)));
            headers.collect()
        });
        let headers = headers.iter();
        headers
            .filter(move |(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_ref())
    }

    /// Returns the fields of the body, or the reason why it cannot be decoded.
    pub(super) fn fields(&self) -> Result<Fields<'_, 'e>, &DecodeError> {
        let fields = self.fields.get_or_init(|| {
            let elements = body_elements(&self.entry.body_text())?.into_iter();
            let values = elements.map(|Element { name, value, .. }| {
                (name, value.unwrap_or(Cow::Borrowed("elements")))
            });
            Ok(sorted(values.collect()))
        });
        fields.as_ref().map(|fields| Fields(fields))
    }
}

/// The fields of a body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a, 'e>(&'a [NamedValue<'e>]);

impl<'a, 'e> Fields<'a, 'e> {
    /// Returns the values of the fields with this name.
    pub(super) fn values(self, name: &str) -> impl Iterator<Item = &'a str> + use<'a, 'e> {
        values(self.0, name)
    }
}

/// Sorts values by name. Those of one name stay in their order.
fn sorted(mut values: Vec<NamedValue<'_>>) -> Vec<NamedValue<'_>> {
    values.sort_by(|(a, _), (b, _)| a.cmp(b));
    values
}

/// Returns the values of one name among values that are sorted by name.
fn values<'a, 'e>(
    sorted: &'a [NamedValue<'e>],
    name: &str,
) -> impl Iterator<Item = &'a str> + use<'a, 'e> {
    let start = sorted.partition_point(|(found, _)| found.as_ref() < name);
    let end = sorted.partition_point(|(found, _)| found.as_ref() <= name);
    sorted[start..end].iter().map(|(_, value)| value.as_ref())
}
