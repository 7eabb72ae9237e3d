//! The responses of the server that is captured.

use std::{num::NonZeroUsize, thread};

use base64::{Engine, prelude::BASE64_STANDARD};
use parking_lot::Mutex;

use super::{
    CaptureError, CaptureProgress, ProgressFile,
    progress_file::{Answer, Entry},
};
use crate::{
    appliance::{
        client::{Client, Request, Response},
        document::XmlElement,
        object::{ListPage, Object},
    },
    journal,
    schema::Resource,
};

/// A server that is read. Responses that the progress file has are not requested again.
pub(crate) struct Server<'s> {
    client: &'s Client,
    file: Option<&'s ProgressFile>,
    progress: &'s CaptureProgress,
    connections: NonZeroUsize,
}

/// The content of a response, or the status of a rejection.
pub(super) type Read<T> = Result<T, u16>;

impl<'s> Server<'s> {
    pub(crate) fn new(
        client: &'s Client,
        file: Option<&'s ProgressFile>,
        progress: &'s CaptureProgress,
        connections: NonZeroUsize,
    ) -> Self {
        Self {
            client,
            file,
            progress,
            connections,
        }
    }

    /// Begins to read a kind, with a number of requests.
    pub(super) fn begin(&self, kind: &str, total: usize) {
        self.progress.begin(kind, total);
    }

    /// Reads a page of a list.
    pub(super) fn page(
        &self,
        target: &str,
        resource: Option<&Resource>,
    ) -> Result<Read<ListPage>, CaptureError> {
        let answer = self.answer(target, |response| {
            let mut page = ListPage::read(&response.body)?;
            for object in &mut page.objects {
                remove_secrets(object, resource);
            }
            Some(Entry::List(page))
        })?;
        Ok(match answer {
            Answer::Content(Entry::List(page)) => Ok(page),
            Answer::Content(_) => Err(200),
            Answer::Rejection(status) => Err(status),
        })
    }

    /// Reads an object.
    pub(super) fn object(
        &self,
        target: &str,
        resource: Option<&Resource>,
    ) -> Result<Read<Object>, CaptureError> {
        let answer = self.answer(target, |response| {
            let mut object = Object::of(&XmlElement::read(&response.body).ok()?);
            remove_secrets(&mut object, resource);
            Some(Entry::Object(object))
        })?;
        Ok(match answer {
            Answer::Content(Entry::Object(object)) => Ok(object),
            Answer::Content(_) => Err(200),
            Answer::Rejection(status) => Err(status),
        })
    }

    /// Reads a document as it is.
    pub(super) fn bytes(&self, target: &str) -> Result<Read<Vec<u8>>, CaptureError> {
        let answer = self.answer(target, |response| {
            Some(Entry::Bytes(BASE64_STANDARD.encode(&response.body)))
        })?;
        Ok(match answer {
            Answer::Content(Entry::Bytes(text)) => BASE64_STANDARD.decode(text).map_err(|_| 200),
            Answer::Content(_) => Err(200),
            Answer::Rejection(status) => Err(status),
        })
    }

    /// Calls `read` for each item, as many at a time as there are connections. Returns the results in the order of the
    /// items, or the first error.
    pub(super) fn for_each<I: Sync, T: Send>(
        &self,
        items: &[I],
        read: impl Fn(&I) -> Result<T, CaptureError> + Sync,
    ) -> Result<Vec<T>, CaptureError> {
        let workers = self.connections.get().min(items.len());
        if workers <= 1 {
            let results = items.iter().map(|item| self.count(read(item)));
            return results.collect();
        }
        let queue = Mutex::new(items.iter().enumerate());
        let results: Mutex<Vec<(usize, Result<T, CaptureError>)>> = Mutex::default();
        thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    loop {
                        let next = queue.lock().next();
                        let Some((index, item)) = next else { break };
                        let result = self.count(read(item));
                        let is_error = result.is_err();
                        results.lock().push((index, result));
                        if is_error {
                            queue.lock().by_ref().for_each(drop);
                        }
                    }
                });
            }
        });
        let mut results = results.into_inner();
        results.sort_by_key(|(index, _)| *index);
        results.into_iter().map(|(_, result)| result).collect()
    }

    fn count<T>(&self, result: T) -> T {
        self.progress.advance();
        result
    }

    /// Returns the content of the response to a `GET`, as `read` reads it; a body that it cannot read counts as a
    /// rejection.
    fn answer(
        &self,
        target: &str,
        read: impl FnOnce(&Response) -> Option<Entry>,
    ) -> Result<Answer, CaptureError> {
        if let Some(answer) = self.file.and_then(|file| file.answer(target)) {
            return Ok(answer);
        }
        self.progress.request();
        let response = self.client.send(&Request::get(target))?;
        let answer = match response.status {
            200 => read(&response).map_or(Answer::Rejection(200), Answer::Content),
            status @ 401 => return Err(CaptureError::Credentials { status }),
            status => Answer::Rejection(status),
        };
        // A busy server may respond later.
        if let Some(file) = self
            .file
            .filter(|_| response.status < 500 && response.status != 429)
        {
            file.add(target, &answer)?;
        }
        Ok(answer)
    }
}

/// Empties the secret fields. The names of unknown fields decide about them.
fn remove_secrets(object: &mut Object, resource: Option<&Resource>) {
    for (name, value) in &mut object.fields {
        let known = resource.and_then(|resource| {
            let field = &resource.fields[resource.position(name)?];
            Some(field.access.is_hidden())
        });
        if known.unwrap_or_else(|| journal::is_secret(name)) {
            value.clear();
        }
    }
}
