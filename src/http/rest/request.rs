//! The request of a handler.

use axum::{
    body::Bytes,
    http::{HeaderValue, Uri},
};

use crate::{
    engine::{self, DecodeError, Element},
    http::{rejection::Rejection, response::body_format},
    space::Space,
};

/// A request to the API that was admitted, with its complete body.
#[derive(Debug)]
pub(crate) struct ApiRequest<'r> {
    pub(in crate::http) space: &'r Space,
    /// As it was sent, including a trailing slash.
    pub(in crate::http) uri: &'r Uri,
    pub(in crate::http) content_type: Option<&'r HeaderValue>,
    pub(in crate::http) body: Bytes,
}

impl ApiRequest<'_> {
    /// Decodes the body as an object called `name`, in the format of its `Content-Type`.
    pub(super) fn elements(&self, name: &str) -> Result<Vec<Element<'_>>, Rejection> {
        let malformed = |error: DecodeError| engine::Error::malformed(&self.body, &error);
        if self.body.is_empty() {
            let message = format!("the body is empty, expected one {name}");
            return Err(malformed(DecodeError::new(0, message)).into());
        }
        let format = body_format(self.content_type)?;
        Ok(format.read_object(&self.body, name).map_err(malformed)?)
    }
}
