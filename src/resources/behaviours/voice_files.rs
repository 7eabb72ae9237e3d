//! Voice files: WAV files, which objects refer to by their names.

use std::sync::Arc;

use crate::{
    engine::{
        EndpointBody, EndpointFn, EndpointRequest, EndpointResponse, Error, Transaction, files,
        wave,
    },
    schema::{ErrorRule, Provenance},
    store::Store,
};

pub(super) const ENDPOINTS: &[(&str, EndpointFn)] = &[
    ("create", EndpointFn::Write(create)),
    ("write", EndpointFn::Write(write)),
    ("read", EndpointFn::Read(read)),
    ("download", EndpointFn::Read(download)),
];
const KEY: &str = "Name";
const WAVE: &str = "audio/wav";
const BODY: &str =
    "There is a body, expected none: a PUT of the file that is created has the sound";
const NO_AUDIO: &str = "The body is missing or of another type: expected audio/wav";

/// Creates a file without content. Its name is the response.
fn create(
    transaction: &mut Transaction<'_>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    if matches!(request.body, EndpointBody::Bytes { .. }) {
        return Err(Error::refused(BODY, Provenance::Inferred));
    }
    let name = transaction.create_file(request.resource, None)?;
    Ok(EndpointResponse::CreatedText(name))
}

/// Replaces the content of a file.
fn write(
    transaction: &mut Transaction<'_>,
    request: &EndpointRequest<'_>,
) -> Result<EndpointResponse, Error> {
    let EndpointBody::Bytes { bytes, .. } = &request.body else {
        return Err(Error::refused(NO_AUDIO, Provenance::Inferred));
    };
    wave::check_wave(bytes)?;
    let name = request.parameter(KEY);
    let found = files::find(transaction.store(), request.resource, name);
    let (ordinal, _) = found.ok_or_else(|| request.not_found(name))?;
    transaction.replace_file(request.resource, ordinal, files::encoded(bytes))?;
    Ok(EndpointResponse::NoContent)
}

/// Returns the content of a file.
fn read(store: &Arc<Store>, request: &EndpointRequest<'_>) -> Result<EndpointResponse, Error> {
    content(store, request, request.parameter(KEY))
}

/// Returns the content of the file that the query string names.
fn download(store: &Arc<Store>, request: &EndpointRequest<'_>) -> Result<EndpointResponse, Error> {
    let name = request.query_value("filename").ok_or_else(|| {
        let (rule, expected) = (ErrorRule::Required, "the name of a voice file");
        Error::invalid_parameter(rule, "filename", "", expected)
    })?;
    content(store, request, &name)
}

fn content(
    store: &Store,
    request: &EndpointRequest<'_>,
    name: &str,
) -> Result<EndpointResponse, Error> {
    let file = files::find(store, request.resource, name);
    let bytes = file.and_then(|(_, file)| files::content(request.resource, file));
    Ok(EndpointResponse::Bytes {
        content_type: WAVE,
        bytes: bytes.ok_or_else(|| request.not_found(name))?,
    })
}
