//! Reads responses for requests that no resource serves.

use super::{
    attributes::{EVIDENCE, ElementAttributes},
    paths::is_path,
    read::{DescriptionReader, Part, expect_no_condition, take_releases, take_schema},
};
use crate::{
    engine::{
        DecodeError, check_limits, custom_response::MAX_BODY_BYTES, load::Attachments,
        parse_header, xml::StartTag,
    },
    schema::{
        BodyDescription, Evidence, Fact, Provenance, Release, ResponseDescription, path,
        placeholder,
    },
};

/// The root element.
pub(super) const RESPONSES: &str = "responses";
/// The methods of responses. `HEAD` is answered like `GET`, and `OPTIONS` by the server.
const METHODS: [(&str, &str); 5] = [
    ("GET", "GET"),
    ("POST", "POST"),
    ("PUT", "PUT"),
    ("PATCH", "PATCH"),
    ("DELETE", "DELETE"),
];
/// The beginning of the names of headers that only the server sets, in lower case.
const OWN_HEADERS: &str = "x-cuc-mock-";
/// The status of a response that names no other one.
const DEFAULT_STATUS: u16 = 200;
/// The form of a path.
const PATH: &str =
    "a path below /vmrest such as licenses/{Name}/usage, without a slash at its ends";

impl<'a> DescriptionReader<'a> {
    /// Reads the responses in the root element.
    pub(super) fn responses(
        &mut self,
        tag: &StartTag<'a>,
        attachments: &Attachments,
    ) -> Part<Vec<ResponseDescription>> {
        let mut attributes = ElementAttributes::new(tag);
        take_schema(&mut attributes);
        let finished = attributes.finish();
        self.report(finished);
        let mut responses = Vec::new();
        while let Some(tag) = self.reader.next_child()? {
            match tag.name {
                "evidence" => {
                    let part = self.read_evidence(&tag);
                    self.report(part);
                    self.expect_no_children(tag.name)?;
                }
                "response" => responses.extend(self.response(&tag, attachments)?),
                name => {
                    let message = format!("found <{name}>, expected <evidence> or <response>");
                    self.errors.push(DecodeError::new(tag.at, message));
                    self.reader.skip()?;
                }
            }
        }
        Ok(responses)
    }

    /// Returns `None` if there is a mistake in the attributes.
    fn response(
        &mut self,
        tag: &StartTag<'a>,
        attachments: &Attachments,
    ) -> Part<Option<ResponseDescription>> {
        let response = self.response_attributes(tag);
        let mut response = self.report(response);
        let mut has_body = false;
        while let Some(child) = self.reader.next_child()? {
            match child.name {
                "header" => {
                    let header = read_header(&child, response.as_ref());
                    let header = self.report(header);
                    if let (Some(response), Some(header)) = (&mut response, header) {
                        response.headers.push(header);
                    }
                    self.expect_no_children(child.name)?;
                }
                "body" => {
                    if has_body {
                        let message = "<body> is given twice, expected it once";
                        self.errors.push(DecodeError::new(child.at, message));
                    }
                    has_body = true;
                    let body = self.body(&child, attachments)?;
                    if let (Some(response), Some(body)) = (&mut response, body) {
                        let checked = check_body(&body, response, child.at);
                        self.report(checked);
                        response.body = body;
                    }
                }
                name => {
                    let message = format!("found <{name}>, expected <header> or <body>");
                    self.errors.push(DecodeError::new(child.at, message));
                    self.reader.skip()?;
                }
            }
        }
        if let Some(response) = &response {
            let ResponseDescription {
                status,
                headers,
                body,
                fact,
                ..
            } = response;
            let checked = check_limits(*status, headers.len(), body.len());
            let checked = checked.map_err(|message| DecodeError::new(fact.at, message));
            self.report(checked);
        }
        Ok(response)
    }

    fn response_attributes(&mut self, tag: &StartTag<'a>) -> Part<ResponseDescription> {
        let mut attributes = ElementAttributes::new(tag);
        let method = attributes.require_choice("method", &METHODS)?;
        let path = attributes.require("path")?;
        let status = match attributes.take("status") {
            None => DEFAULT_STATUS,
            Some(text) => {
                let status = text.parse().ok();
                let status = status.filter(|status| (200..=999).contains(status));
                let expected = "a number from 200 to 999";
                status.ok_or_else(|| attributes.unexpected("status", &text, expected))?
            }
        };
        let fact = self.take_optional_fact(&mut attributes)?;
        attributes.finish()?;
        expect_no_condition(&fact)?;
        let response = ResponseDescription {
            method,
            path: path.into(),
            status,
            headers: Vec::new(),
            body: BodyDescription::Text(Box::default()),
            fact,
        };
        check_path(&response)?;
        Ok(response)
    }

    /// Takes the evidence for a response. Without evidence, nothing is known about it: it is inferred.
    pub(super) fn take_optional_fact(
        &mut self,
        attributes: &mut ElementAttributes<'a>,
    ) -> Part<Fact> {
        if EVIDENCE.iter().any(|name| attributes.has(name)) {
            return self.take_fact(attributes);
        }
        let (since, until) = take_releases(attributes)?;
        let evidence = Evidence::new(Provenance::Inferred, "described without evidence");
        Ok(Fact {
            since: since.unwrap_or(Release::ALL[0]),
            until,
            ..Fact::of_all(evidence, attributes.at)
        })
    }

    /// Reads the body: the content of a file, or of the element without the white space around it.
    fn body(
        &mut self,
        tag: &StartTag<'a>,
        attachments: &Attachments,
    ) -> Part<Option<BodyDescription>> {
        let mut attributes = ElementAttributes::new(tag);
        let file = attributes.take("file");
        let finished = attributes.finish();
        self.report(finished);
        let text = self.reader.content()?;
        let Some(name) = file else {
            return Ok(Some(BodyDescription::Text(text.trim().into())));
        };
        if !text.trim().is_empty() {
            let message = "<body> has a file and a content, expected one of the two";
            self.errors.push(DecodeError::new(tag.at, message));
        }
        let content = attachments.read(&name, MAX_BODY_BYTES).map_err(|error| {
            let message = format!("the file {name:?} cannot be read: {error}");
            DecodeError::new(tag.at, message)
        });
        Ok(self
            .report(content)
            .map(|content| match str::from_utf8(&content) {
                Ok(text) => BodyDescription::Text(text.into()),
                Err(_) => BodyDescription::Bytes(content),
            }))
    }
}

fn read_header(
    tag: &StartTag<'_>,
    response: Option<&ResponseDescription>,
) -> Part<(Box<str>, Box<str>)> {
    let mut attributes = ElementAttributes::new(tag);
    let name = attributes.require("name")?;
    let value = attributes.require("value")?;
    attributes.finish()?;
    if name.to_ascii_lowercase().starts_with(OWN_HEADERS) {
        let expected = "it to be left out: the evidence is an attribute of <response>";
        let message = format!("found the header {name:?}, expected {expected}");
        return Err(DecodeError::new(tag.at, message));
    }
    if let Some(response) = response {
        check_placeholders(&value, response, tag.at)?;
    }
    match parse_header(&name, &value) {
        Ok(_) => Ok((name.into(), value.into())),
        Err(message) => Err(DecodeError::new(tag.at, message)),
    }
}

/// Checks the placeholders in a body.
fn check_body(body: &BodyDescription, response: &ResponseDescription, at: usize) -> Part<()> {
    match body {
        BodyDescription::Text(text) => check_placeholders(text, response, at),
        BodyDescription::Bytes(_) => Ok(()),
    }
}

/// Checks that each placeholder in a text is a parameter of the path. Without parameters, there are no placeholders.
fn check_placeholders(text: &str, response: &ResponseDescription, at: usize) -> Part<()> {
    let known: Vec<_> = response.parameters().collect();
    let unknown = placeholder::names(text).find(|name| !known.contains(name));
    match unknown {
        Some(unknown) if !known.is_empty() => {
            let known: Vec<_> = known.iter().map(|name| format!("{{{name}}}")).collect();
            let expected = format!("a parameter of the path: {}", known.join(" or "));
            let message = format!("found {{{unknown}}}, expected {expected}");
            Err(DecodeError::new(at, message))
        }
        _ => Ok(()),
    }
}

/// Checks the form of the path, and that no parameter is in it twice.
fn check_path(response: &ResponseDescription) -> Part<()> {
    let (path, at) = (&response.path, response.fact.at);
    let is_segment = |segment: &str| match path::parameter(segment) {
        Some(name) => is_path(name) && name.starts_with(|c: char| c.is_ascii_alphabetic()),
        None => is_literal(segment),
    };
    if !path.split('/').all(is_segment) {
        let message = format!("found {path:?}, expected {PATH}");
        return Err(DecodeError::new(at, message));
    }
    let names: Vec<_> = response.parameters().collect();
    for (index, name) in names.iter().enumerate() {
        if names[..index].contains(name) {
            let message = format!("the path contains {{{name}}} twice, expected it once");
            return Err(DecodeError::new(at, message));
        }
    }
    Ok(())
}

/// True for a segment of letters, digits and the other characters that a path contains without percent-encoding.
fn is_literal(segment: &str) -> bool {
    let is_unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    !matches!(segment, "" | "." | "..") && segment.chars().all(is_unreserved)
}
