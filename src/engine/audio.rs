//! Audio: WAV files, which objects refer to by their names.

use bytes::Bytes;

use super::transaction::files::{content, encoded, find};
use super::{
    Element, Error, Records, Target, Transaction, crud::add_path, draft::Draft, wave::check_wave,
};
use crate::{
    schema::{ErrorRule, Provenance, Resource},
    store::Store,
};

const NO_RECORDING: &str = "op is missing or another one: expected RECORD with the resourceId of a recording, or a body of \
                            the type audio/wav";
/// The operation of a call by which an object takes over a recording.
const RECORD: &str = "RECORD";

/// Returns the audio of a record: the file that the field at a position refers to.
pub(crate) fn read(records: &Records, target: &Target<'_>, field: usize) -> Result<Bytes, Error> {
    let store = records.read();
    let (_, record) = target.find(&store).ok_or_else(|| target.not_found())?;
    let files = files(&store, target.resource, field);
    let file = record.values.get(field);
    let file = file.and_then(|name| find(&store, files, name));
    let content = file.and_then(|(_, file)| content(files, file));
    content.ok_or_else(|| target.not_found())
}

/// Stores the audio of a record as a new file. `creates` if the record is created with it.
pub(crate) fn write(
    records: &Records,
    target: &Target<'_>,
    field: usize,
    creates: bool,
    bytes: &[u8],
) -> Result<(), Error> {
    check_wave(bytes)?;
    let encoded = encoded(bytes);
    records.transact(|transaction| {
        let catalogue = transaction.catalogue();
        let files = files(transaction.store(), target.resource, field);
        let file = transaction.create_file(&catalogue[files.id], Some(encoded))?;
        set(transaction, target, field, creates, &file)
    })
}

/// Lets a record refer to the recording that the elements of a request name.
pub(crate) fn record(
    records: &Records,
    target: &Target<'_>,
    field: usize,
    creates: bool,
    elements: &[Element<'_>],
) -> Result<(), Error> {
    let value = |name: &str| {
        let mut elements = elements.iter();
        let element = elements.find(|element| element.name.eq_ignore_ascii_case(name))?;
        element.value.as_deref()
    };
    if !value("op").is_some_and(|op| op.trim().eq_ignore_ascii_case(RECORD)) {
        return Err(Error::refused(NO_RECORDING, Provenance::Inferred));
    }
    let file = value("resourceId").unwrap_or_default().trim();
    records.transact(|transaction| {
        let files = files(transaction.store(), target.resource, field);
        if find(transaction.store(), files, file).is_none() {
            let (rule, expected) = (ErrorRule::References, "the name of a recording");
            return Err(Error::invalid_parameter(rule, "resourceId", file, expected));
        }
        set(transaction, target, field, creates, file)
    })
}

/// Returns the resource of the files that the field at a position refers to.
fn files<'s>(store: &'s Store, resource: &Resource, field: usize) -> &'s Resource {
    let reference = resource.fields[field].reference.as_ref();
    let reference = reference.expect("checked in the description");
    &store.catalogue()[reference.resource]
}

/// Lets the record of a request refer to a file. With `creates`, a record that does not exist is created.
fn set(
    transaction: &mut Transaction<'_>,
    target: &Target<'_>,
    field: usize,
    creates: bool,
    file: &str,
) -> Result<(), Error> {
    let resource = target.resource;
    if let Some((ordinal, _)) = target.find(transaction.store()) {
        return transaction.set_file(resource, ordinal, field, file);
    }
    let key = resource.key.zip(target.key).filter(|_| creates);
    let (position, key) = key.ok_or_else(|| target.nothing_to_update())?;
    let mut draft = Draft::empty(resource);
    add_path(&mut draft, target, transaction.store());
    draft.set_from_path(position, key, None);
    draft.set(field, file);
    transaction.create(draft)?;
    Ok(())
}
