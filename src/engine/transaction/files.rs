//! Files, such as recorded names: records with bytes, which other records refer to by their names.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;

use super::{Transaction, dependents::references};
use crate::{
    engine::{Error, draft::Draft},
    schema::{Kind, Provenance, Resource},
    store::{Identity, Ordinal, Record, Store, Values},
};

/// Returns the file with a name.
pub(crate) fn find<'s>(
    store: &'s Store,
    files: &Resource,
    name: &str,
) -> Option<(Ordinal, &'s Arc<Record>)> {
    let identity = Identity::new(files, &[], Some(name));
    store.collection(files.id).find(&identity)
}

/// Returns the bytes of a file, if there are any.
pub(crate) fn content(files: &Resource, file: &Record) -> Option<Bytes> {
    let encoded = file.values.get(content_field(files)?)?;
    BASE64_STANDARD.decode(encoded).ok().map(Bytes::from)
}

/// Returns bytes in the form of a field.
pub(crate) fn encoded(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

/// Returns the position of the field with the bytes of a file.
fn content_field(files: &Resource) -> Option<usize> {
    let mut fields = files.fields.iter();
    fields.position(|field| field.kind == Kind::Binary)
}

impl Transaction<'_> {
    /// Lets a record refer to a file, and drops the file that it has referred to.
    pub(in crate::engine) fn set_file(
        &mut self,
        resource: &Resource,
        ordinal: Ordinal,
        field: usize,
        file: &str,
    ) -> Result<(), Error> {
        let before = self.store.collection(resource.id).record(ordinal).cloned();
        self.set_value(resource, ordinal, field, Some(file.to_owned()))?;
        match before {
            Some(before) => self.drop_files(resource, &before.values),
            None => Ok(()),
        }
    }

    /// Deletes the files to which only a record with these values has referred.
    pub(super) fn drop_files(&mut self, resource: &Resource, values: &Values) -> Result<(), Error> {
        let catalogue = self.catalogue();
        for position in &resource.file_fields {
            let reference = resource.fields[*position].reference.as_ref();
            let Some((reference, name)) = reference.zip(values.get(*position)) else {
                continue;
            };
            let files = &catalogue[reference.resource];
            let Some((ordinal, file)) = find(self.store, files, name) else {
                continue;
            };
            if references(self.store, files, &file.values).is_empty() {
                self.delete(files, ordinal)?;
            }
        }
        Ok(())
    }

    /// Creates a file with a new name, which it returns. `encoded` is its content.
    pub(crate) fn create_file(
        &mut self,
        files: &Resource,
        encoded: Option<String>,
    ) -> Result<String, Error> {
        let name = self.draw_key(files.path.as_str(), |id| format!("{id}.wav"));
        let (key, content) = fields(files)?;
        let mut draft = Draft::empty(files);
        draft.set(key, name.clone());
        if let Some(encoded) = encoded {
            draft.set(content, encoded);
        }
        self.create(draft)?;
        Ok(name)
    }

    /// Replaces the content of a file.
    pub(crate) fn replace_file(
        &mut self,
        files: &Resource,
        ordinal: Ordinal,
        encoded: String,
    ) -> Result<(), Error> {
        let (_, content) = fields(files)?;
        self.set_value(files, ordinal, content, Some(encoded))
    }
}

/// Returns the positions of the key and of the bytes. A description of a user may lack them.
fn fields(files: &Resource) -> Result<(usize, usize), Error> {
    let fields = files.key.zip(content_field(files));
    fields.ok_or_else(|| {
        let message = format!("{} has no key, or no field of bytes", files.path);
        Error::refused(message, Provenance::Inferred)
    })
}
