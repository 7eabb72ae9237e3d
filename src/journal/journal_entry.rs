//! One request with its response, as it is shown to users.

use std::{borrow::Cow, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Serialize, Serializer};

use super::{
    Entry, RecordedResponse, RecordedResponseBody, RejectionReason, Secrets,
    body_elements::body_elements,
};
use crate::{
    engine::{DocumentText, Element},
    schema::Provenance,
};

/// One request that a server received, with its response.
///
/// Credentials, cookies and passwords are replaced by `[redacted]`, unless secrets were asked for.
#[derive(Clone, Debug)]
pub struct JournalEntry {
    number: u64,
    time: String,
    space: String,
    method: String,
    path: String,
    query: Option<String>,
    headers: Vec<Header>,
    /// `None` if it was not read.
    body: Option<Vec<u8>>,
    /// The character encoding of `body`, if something outside it names one.
    charset: Option<String>,
    body_bytes: Option<usize>,
    is_body_cut: bool,
    response: Option<Response>,
    reason: Option<RejectionReason>,
    provenance: Option<&'static str>,
    inferred: Option<String>,
    duration: Option<Duration>,
    fault: Option<u64>,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Header {
    name: String,
    value: String,
}

#[derive(Clone, Debug)]
struct Response {
    status: u16,
    headers: Vec<Header>,
    /// `None` if it is not kept.
    body: Option<Vec<u8>>,
    body_bytes: Option<usize>,
    is_body_cut: bool,
}

impl JournalEntry {
    pub(crate) fn new(entry: &Entry, secrets: Secrets) -> Self {
        let response = entry.response();
        let reason = entry.reason();
        let reason = reason.map(|reason| RejectionReason::new(reason, secrets));
        Self {
            number: entry.number,
            time: entry.time.to_string(),
            space: entry.space.to_string(),
            method: entry.method.to_string(),
            path: secrets.path(entry.path()).into_owned(),
            query: entry.query().map(|query| secrets.query(query).into_owned()),
            headers: headers(entry.headers(), secrets),
            body: entry.body_bytes.map(|_| secrets.body(entry).into_owned()),
            charset: match secrets {
                Secrets::Hidden => Some(Secrets::CHARSET.to_owned()),
                Secrets::Shown => entry.charset(),
            },
            body_bytes: entry.body_bytes,
            is_body_cut: entry.is_body_cut(),
            response: response
                .and_then(|response| Response::new(response, reason.as_ref(), secrets)),
            reason,
            provenance: response
                .and_then(|response| response.provenance)
                .map(Provenance::as_str),
            inferred: response
                .and_then(RecordedResponse::inferred_fact)
                .map(|fact| fact.to_string()),
            duration: response.map(|response| response.duration),
            fault: entry.fault.get().copied(),
        }
    }

    /// Returns the number of the request. It counts from 1 in the order of arrival, in each space and after each
    /// reset.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Returns the time of arrival on the clock of the space, such as `2026-01-31T12:00:00Z`.
    pub fn time(&self) -> &str {
        &self.time
    }

    /// Returns the name of the space that answered the request.
    pub fn space(&self) -> &str {
        &self.space
    }

    /// Returns the method, such as `POST`; `-` if it cannot be recognized in a request that HTTP does not allow.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Returns the path, such as `/vmrest/externalservices`; `-` if it cannot be recognized.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the query string as it was sent, without the question mark.
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// Returns the names, in lower case, and values of the request headers.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        pairs(&self.headers)
    }

    /// Returns the value of the first request header with this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers();
        let (_, value) = headers.find(|(found, _)| found.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    /// Returns the request body as it was sent, at most 64 KiB of it, and without its secrets, which changes a body in
    /// another encoding to UTF-8; `None` if the server did not read it.
    pub fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }

    /// Returns the request body as text, if it is UTF-8.
    pub fn body_text(&self) -> Option<&str> {
        text(self.body()?, self.is_body_cut)
    }

    /// Returns the length of the whole request body in bytes; `None` if the server did not read it.
    pub fn body_bytes(&self) -> Option<usize> {
        self.body_bytes
    }

    /// Returns whether the journal keeps only a part of the request body.
    pub fn is_body_cut(&self) -> bool {
        self.is_body_cut
    }

    /// Returns the decoded value of the first field with this name in the XML or JSON body of the request; `None` also
    /// if the body cannot be decoded.
    pub fn field(&self, name: &str) -> Option<String> {
        let mut elements = self.elements().into_iter();
        let element = elements.find(|element| element.name == name)?;
        element.value.map(Cow::into_owned)
    }

    /// Returns the names and decoded values of the fields in the XML or JSON body of the request, in their order; none
    /// if the body cannot be decoded.
    pub fn fields(&self) -> Vec<(String, String)> {
        let fields = self.elements().into_iter().filter_map(|element| {
            let value = element.value?;
            Some((element.name.into_owned(), value.into_owned()))
        });
        fields.collect()
    }

    fn elements(&self) -> Vec<Element<'_>> {
        let text = self
            .body()
            .map(|body| DocumentText::new(body, self.charset.as_deref()));
        let elements = text.and_then(|text| body_elements(&text).ok());
        elements.unwrap_or_default()
    }

    /// Returns the status of the response; `None` if no response was sent, or none yet.
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|response| response.status)
    }

    /// Returns the names, in lower case, and values of the response headers.
    pub fn response_headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let response = self.response.as_ref();
        pairs(response.map_or(&[], |response| &response.headers))
    }

    /// Returns the response body: at most 64 KiB of a rejection, and 4 KiB of another response; `None` if the journal
    /// does not keep it, as of a long list.
    pub fn response_body(&self) -> Option<&[u8]> {
        self.response.as_ref()?.body.as_deref()
    }

    /// Returns the response body as text, if it is UTF-8.
    pub fn response_body_text(&self) -> Option<&str> {
        self.response.as_ref()?.body_text()
    }

    /// Returns the reason why the server rejected the request; `None` if it did not.
    pub fn reason(&self) -> Option<&RejectionReason> {
        self.reason.as_ref()
    }

    /// Returns the evidence that the appliance gives this response: `documented`, `captured`, `client` or `inferred`.
    pub fn provenance(&self) -> Option<&str> {
        self.provenance
    }

    /// Returns the inferred fact that the response relies on: the evidence for it, or the rule that rejected the request.
    pub fn inferred(&self) -> Option<&str> {
        self.inferred.as_deref()
    }

    /// Returns the time until the response was ready or the client disconnected; `None` before either happened.
    pub fn duration(&self) -> Option<Duration> {
        self.duration
    }

    /// Returns the number of the fault that was applied to the request.
    pub fn fault(&self) -> Option<u64> {
        self.fault
    }
}

impl Response {
    /// `reason` is the shown reason for a rejection.
    fn new(
        response: &RecordedResponse,
        reason: Option<&RejectionReason>,
        secrets: Secrets,
    ) -> Option<Self> {
        let body = response.body.as_ref();
        let shown_body = |body: &RecordedResponseBody| {
            let shown = match response.reason.as_deref().zip(reason) {
                None => secrets.response_body(&body.kept, body.length),
                Some((recorded, shown)) => {
                    secrets.rejection_body(&body.kept, shown.message() == recorded.message)
                }
            };
            shown.into_owned()
        };
        Some(Self {
            status: response.status?.as_u16(),
            headers: headers(response.headers(), secrets),
            body: body.map(shown_body),
            body_bytes: body.map(|body| body.length),
            is_body_cut: body.is_some_and(|body| body.length > body.kept.len()),
        })
    }

    fn body_text(&self) -> Option<&str> {
        text(self.body.as_deref()?, self.is_body_cut)
    }
}

/// Returns a body as text, if it is UTF-8.
fn text(body: &[u8], is_cut: bool) -> Option<&str> {
    match std::str::from_utf8(body) {
        Ok(text) => Some(text),
        // The cut may be in the middle of a character.
        Err(error) if is_cut && error.error_len().is_none() => {
            std::str::from_utf8(&body[..error.valid_up_to()]).ok()
        }
        Err(_) => None,
    }
}

fn headers<'a>(
    headers: impl Iterator<Item = (&'a str, &'a [u8])>,
    secrets: Secrets,
) -> Vec<Header> {
    let shown = headers.map(|(name, value)| Header {
        name: name.to_owned(),
        value: secrets.header(name, value).into_owned(),
    });
    shown.collect()
}

fn pairs(headers: &[Header]) -> impl Iterator<Item = (&str, &str)> {
    let headers = headers.iter();
    headers.map(|header| (header.name.as_str(), header.value.as_str()))
}

/// One request with its response.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Request"))]
struct JournalEntryView<'a> {
    /// Counts from 1 in the order of arrival, in each space and after each reset.
    number: u64,
    /// The time of arrival on the clock of the space.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    time: &'a str,
    /// The name of the space that answered the request.
    space: &'a str,
    method: &'a str,
    path: &'a str,
    /// The query string as it was sent.
    query: Option<&'a str>,
    headers: &'a [Header],
    /// `null` if the server did not read it.
    body: Option<Cow<'a, str>>,
    /// The encoding of `body`.
    #[cfg_attr(test, schemars(extend("enum" = ["text", "base64", null])))]
    body_encoding: Option<&'static str>,
    /// The length of the whole body.
    body_bytes: Option<usize>,
    /// `true` if only the beginning of the body is kept.
    body_cut: bool,
    /// The response; `null` if none was sent, or none yet.
    answer: Option<ResponseView<'a>>,
    /// The reason for a rejection; `null` if the request was not rejected.
    reason: Option<&'a RejectionReason>,
    /// The evidence for the response: its header `X-Cuc-Mock-Provenance`.
    provenance: Option<&'static str>,
    /// The inferred fact that the response relies on; `null` if there is none.
    inferred: Option<&'a str>,
    /// The time until the response was ready, in microseconds.
    duration_us: Option<u64>,
    /// The number of the fault that hit the request.
    fault: Option<u64>,
}

/// The response to a request.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Response"))]
struct ResponseView<'a> {
    status: u16,
    headers: &'a [Header],
    /// `null` if the journal does not keep it.
    body: Option<Cow<'a, str>>,
    /// The encoding of `body`.
    #[cfg_attr(test, schemars(extend("enum" = ["text", "base64", null])))]
    body_encoding: Option<&'static str>,
    /// The length of the whole body.
    body_bytes: Option<usize>,
    /// `true` if only the beginning of the body is kept.
    body_cut: bool,
}

impl<'a> From<&'a Response> for ResponseView<'a> {
    fn from(response: &'a Response) -> Self {
        let (body, body_encoding) = encoded(response.body.as_deref(), response.body_text());
        Self {
            status: response.status,
            headers: &response.headers,
            body,
            body_encoding,
            body_bytes: response.body_bytes,
            body_cut: response.is_body_cut,
        }
    }
}

/// Returns a body as a JSON string, and its encoding. `text` is the body if it is text.
fn encoded<'a>(
    body: Option<&[u8]>,
    text: Option<&'a str>,
) -> (Option<Cow<'a, str>>, Option<&'static str>) {
    match (body, text) {
        (None, _) => (None, None),
        (Some(_), Some(text)) => (Some(Cow::Borrowed(text)), Some("text")),
        (Some(bytes), None) => {
            let encoded = BASE64_STANDARD.encode(bytes);
            (Some(Cow::Owned(encoded)), Some("base64"))
        }
    }
}

#[cfg(test)]
impl schemars::JsonSchema for JournalEntry {
    fn schema_name() -> Cow<'static, str> {
        JournalEntryView::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        JournalEntryView::json_schema(generator)
    }
}

impl Serialize for JournalEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (body, body_encoding) = encoded(self.body(), self.body_text());
        let view = JournalEntryView {
            number: self.number,
            time: &self.time,
            space: &self.space,
            method: &self.method,
            path: &self.path,
            query: self.query(),
            headers: &self.headers,
            body,
            body_encoding,
            body_bytes: self.body_bytes,
            body_cut: self.is_body_cut,
            answer: self.response.as_ref().map(ResponseView::from),
            reason: self.reason(),
            provenance: self.provenance,
            inferred: self.inferred(),
            duration_us: self
                .duration
                .map(|duration| u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)),
            fault: self.fault,
        };
        view.serialize(serializer)
    }
}
