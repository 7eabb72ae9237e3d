//! The request of a handler.

use std::borrow::Cow;

use axum::{
    body::Bytes,
    http::{HeaderMap, Uri, header},
};

use crate::{
    engine::{self, DecodeError, DocumentText, Element, EndpointBody, Format, Root, media_type},
    http::{base_uri::BaseUri, rejection::Rejection, response::body_format},
    schema::{Resource, ResourceId},
    space::Space,
};

/// A request to the API that was admitted, with its complete body.
#[derive(Debug)]
pub(crate) struct ApiRequest<'r> {
    pub(in crate::http) space: &'r Space,
    pub(in crate::http) base: BaseUri<'r>,
    /// As it was sent, including a trailing slash.
    pub(in crate::http) uri: &'r Uri,
    pub(in crate::http) headers: &'r HeaderMap,
    pub(in crate::http) body: Bytes,
    /// The format that the client accepts.
    pub(in crate::http) format: Format,
    /// The name of the authenticated user.
    pub(in crate::http) user: Option<&'r str>,
    /// The maximum size of the body in UTF-8.
    pub(in crate::http) max_body_size: usize,
}

impl<'r> ApiRequest<'r> {
    /// Returns a resource of the space.
    pub(super) fn resource(&self, id: ResourceId) -> &'r Resource {
        &self.space.records.catalogue[id]
    }

    /// Decodes the body as an object of `resource`, in the format of its `Content-Type`.
    pub(super) fn elements(&self, resource: &Resource) -> Result<Vec<Element<'_>>, Rejection> {
        let root = Root::of(resource, &self.space.records.catalogue);
        self.decode(resource, |format, text| format.read_object(text, root))
    }

    /// True if the body is audio, by its type.
    pub(super) fn has_audio(&self) -> bool {
        let content_type = self.headers.get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        let kind = content_type.and_then(media_type);
        kind.is_some_and(|kind| kind.type_() == mime::AUDIO)
    }

    /// Returns the body with audio.
    pub(super) fn audio(&self) -> Result<&[u8], Rejection> {
        match self.content_coding() {
            Some(coding) => Err(Rejection::unsupported_content_coding(&coding)),
            None => Ok(&self.body),
        }
    }

    /// Returns the body for an endpoint of `resource`: decoded, if it is an object.
    pub(super) fn endpoint_body(&self, resource: &Resource) -> Result<EndpointBody<'_>, Rejection> {
        if self.body.is_empty() {
            return Ok(EndpointBody::Empty);
        }
        if let Some(coding) = self.content_coding() {
            return Err(Rejection::unsupported_content_coding(&coding));
        }
        let content_type = self.headers.get(header::CONTENT_TYPE);
        if body_format(content_type).is_ok() {
            return self.elements(resource).map(EndpointBody::Elements);
        }
        let content_type = content_type.and_then(|value| value.to_str().ok());
        Ok(EndpointBody::Bytes {
            content_type: content_type.unwrap_or_default(),
            bytes: &self.body,
        })
    }

    /// Decodes the body as a list of objects of `resource`, and returns their keys.
    pub(super) fn keys(&self, resource: &Resource) -> Result<Vec<String>, Rejection> {
        let key = resource.key.map(|key| &*resource.fields[key].name);
        self.decode(resource, |format, text| {
            format.read_values(text, key.unwrap_or_default())
        })
    }

    /// Decodes the body in the format of its `Content-Type`.
    fn decode<'a, T>(
        &'a self,
        resource: &Resource,
        read: impl FnOnce(Format, &DocumentText<'a>) -> Result<T, DecodeError>,
    ) -> Result<T, Rejection> {
        if self.body.is_empty() {
            let reason = format!("the body is empty, expected one {}", resource.element);
            let text = DocumentText::new(&self.body, None);
            return Err(engine::Error::malformed(&text, &DecodeError::new(0, reason)).into());
        }
        if let Some(coding) = self.content_coding() {
            return Err(Rejection::unsupported_content_coding(&coding));
        }
        let (format, charset) = body_format(self.headers.get(header::CONTENT_TYPE))?;
        let text = DocumentText::within(self.max_body_size, &self.body, charset.as_deref());
        let malformed = |error| engine::Error::malformed(&text, &error);
        Ok(read(format, &text).map_err(malformed)?)
    }

    /// Returns the content coding of the body, such as `gzip`.
    fn content_coding(&self) -> Option<Cow<'_, str>> {
        let coding = self.headers.get(header::CONTENT_ENCODING)?.as_bytes();
        let is_identity = coding.trim_ascii().eq_ignore_ascii_case(b"identity");
        (!is_identity).then(|| String::from_utf8_lossy(coding))
    }
}
