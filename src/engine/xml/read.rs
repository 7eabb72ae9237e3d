//! Reads XML: strict about the document, neutral about its content.

use std::borrow::Cow;

use quick_xml::{
    Reader,
    errors::{Error as ParserError, IllFormedError, SyntaxError},
    escape::{resolve_predefined_entity, unescape},
    events::{
        BytesDecl, BytesRef, Event,
        attributes::{Attribute, Attributes},
    },
};
use tracing::debug;

use crate::engine::{
    Root,
    cancellation::Cancellation,
    character::{code_point, is_invisible},
    charset::{decode, has_none_of, is_carried, not_carried, shorten},
    element::{DecodeError, Element, MAX_REPORTED_ERRORS},
};

pub(super) const MAX_DEPTH: usize = 32;
/// The capacity for the elements of one object, which most objects do not exceed.
const ELEMENTS: usize = 16;

/// Reads the elements of the one object in `document`. Texts between them are ignored.
pub(crate) fn read_object<'a>(
    document: &'a [u8],
    root: Root<'_>,
) -> Result<Vec<Element<'a>>, DecodeError> {
    let mut reader = XmlReader::new(document)?;
    let tag = reader.root()?;
    let elements = if root.expected() == Some(tag.content) {
        reader.elements()?
    } else {
        reader.elements_of_root(&tag, root)?
    };
    reader.finish()?;
    if let Some(text) = reader.stray_texts.first() {
        debug!(byte = text.at, "ignored a text between elements");
    }
    Ok(elements)
}

/// Checks that an object may have this root element.
fn check_root(tag: &StartTag<'_>, root: Root<'_>) -> Result<(), DecodeError> {
    let Some(expected) = root.expected() else {
        return Ok(());
    };
    let name = shorten(tag.name);
    // A prefix names a namespace.
    if root.is_other(tag.name) || tag.name.contains(':') {
        let reason = format!("the root element is another one, expected <{expected}>");
        let message = format!("the root element is <{name}>, expected <{expected}>");
        return Err(DecodeError::new(tag.at, reason).quoting(message).of_root());
    }
    if let Some(namespace) = tag.default_namespace() {
        let namespace = shorten(&namespace).into_owned();
        let reason = "the root element is in a namespace, expected it in none";
        let message = format!(
            "the root element <{name}> is in the namespace {namespace:?}, expected it in none"
        );
        return Err(DecodeError::new(tag.at, reason).quoting(message).of_root());
    }
    Ok(())
}

/// The start tag of an element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StartTag<'a> {
    pub(crate) name: &'a str,
    /// The byte at which the tag begins.
    pub(crate) at: usize,
    /// The tag between its angle brackets: the name and the attributes.
    pub(super) content: &'a str,
}

impl<'a> StartTag<'a> {
    /// Returns the names of the attributes.
    pub(crate) fn attribute_names(&self) -> impl Iterator<Item = &'a str> {
        self.attributes()
            .map(|attribute| attribute.key.into_inner())
    }

    /// Returns the namespace that the tag declares for names without a prefix.
    fn default_namespace(&self) -> Option<Cow<'a, str>> {
        let mut attributes = self.attributes();
        let declaration = attributes.find(|attribute| attribute.key.into_inner() == "xmlns")?;
        Some(declaration.value).filter(|namespace| !namespace.is_empty())
    }

    /// Returns the name of the element, with its namespace if the tag declares one.
    #[inline]
    fn qualified_name(&self) -> Cow<'a, str> {
        if self.content.len() == self.name.len() {
            return Cow::Borrowed(self.name);
        }
        match self.default_namespace() {
            Some(namespace) => Cow::Owned(format!("{{{namespace}}}{}", self.name)),
            None => Cow::Borrowed(self.name),
        }
    }

    /// Returns the element with this value.
    #[inline]
    fn element(&self, value: Option<Cow<'a, str>>) -> Element<'a> {
        Element {
            name: self.qualified_name(),
            value,
            at: self.at,
        }
    }

    /// Returns the names and the values of the attributes.
    pub(crate) fn attribute_values(&self) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> {
        self.attributes().map(|attribute| {
            let (name, value) = (attribute.key.into_inner(), attribute.value);
            let unescaped = match value {
                Cow::Borrowed(value) => unescape(value),
                Cow::Owned(ref value) => {
                    unescape(value).map(|value| Cow::Owned(value.into_owned()))
                }
            };
            (name, unescaped.expect("the reader has checked it"))
        })
    }

    /// Returns the attributes, which the reader has checked.
    pub(super) fn attributes(&self) -> impl Iterator<Item = Attribute<'a>> {
        let mut attributes = Attributes::new(self.content, self.name.len());
        attributes.with_checks(false);
        attributes.flatten()
    }
}

#[derive(Debug)]
pub(crate) enum Token<'a> {
    Start(StartTag<'a>),
    Text(Cow<'a, str>),
    End,
    Eof,
}

/// Reads a document element by element.
///
/// Accepts UTF-8 only, whatever the document declares, no document type, no entities except the five that XML predefines, and elements nested down to
/// [`MAX_DEPTH`].
pub(crate) struct XmlReader<'a> {
    pub(super) text: &'a str,
    /// The number of bytes in the document before `text`.
    pub(super) skipped: usize,
    /// True if no text of the document needs a look at its line ends, or for `]]>`.
    pub(super) is_plain: bool,
    pub(super) parser: Reader<&'a [u8]>,
    pub(super) depth: usize,
    /// The depth at which the text ends: that of its root, unless it is a piece of a document.
    pub(super) end_depth: usize,
    /// True after the tag of an empty element: its end is the next token.
    pub(super) is_end_due: bool,
    /// True if the last token was a tag: the parser has read nothing beyond it.
    pub(super) is_behind_tag: bool,
    pub(super) root_seen: bool,
    /// True if the attributes are known to be well-formed.
    pub(super) has_checked_attributes: bool,
    pub(super) cancellation: Option<&'a Cancellation>,
    /// The first texts in places that allow only elements.
    pub(crate) stray_texts: Vec<DecodeError>,
    /// The number of the other ones.
    pub(crate) more_stray_texts: usize,
}

impl<'a> XmlReader<'a> {
    pub(crate) fn new(document: &'a [u8]) -> Result<Self, DecodeError> {
        let (text, skipped) = decode(document)?;
        Ok(Self {
            skipped,
            has_checked_attributes: false,
            ..Self::of_embedded(text)
        })
    }

    /// Returns a reader of a text that is embedded in the program. A test reads it with all checks.
    pub(crate) fn of_embedded(text: &'a str) -> Self {
        Self {
            text,
            skipped: 0,
            // One look at the whole document costs less than one at each text.
            is_plain: has_none_of(text, |byte| matches!(byte, b'\r' | b']')),
            parser: parser(text),
            depth: 0,
            end_depth: 0,
            is_end_due: false,
            is_behind_tag: false,
            root_seen: false,
            has_checked_attributes: true,
            cancellation: None,
            stray_texts: Vec::new(),
            more_stray_texts: 0,
        }
    }

    /// Makes reading fail after a cancellation.
    pub(crate) fn cancelled_by(mut self, cancellation: &'a Cancellation) -> Self {
        self.cancellation = Some(cancellation);
        self
    }

    /// Reads the start tag of the root element.
    pub(crate) fn root(&mut self) -> Result<StartTag<'a>, DecodeError> {
        let at = self.at();
        match self.next_child()? {
            Some(root) => Ok(root),
            None => Err(DecodeError::new(
                at,
                "no element found, expected a root element",
            )),
        }
    }

    /// Reads the start tag of the next child of the open element; returns `None` at the end of that element.
    pub(crate) fn next_child(&mut self) -> Result<Option<StartTag<'a>>, DecodeError> {
        loop {
            let at = self.at();
            match self.token()? {
                Token::Start(tag) => return Ok(Some(tag)),
                Token::End | Token::Eof => return Ok(None),
                Token::Text(text) if is_blank(&text) => {}
                Token::Text(text) => {
                    self.check_cancellation(at)?;
                    self.stray_text(at, &text);
                }
            }
        }
    }

    #[cold]
    fn stray_text(&mut self, at: usize, text: &str) {
        if self.stray_texts.len() == MAX_REPORTED_ERRORS {
            self.more_stray_texts += 1;
            return;
        }
        self.stray_texts
            .push(misplaced_text(at, text, ", expected an element"));
    }

    /// Reads the children of the open element, up to its end.
    pub(crate) fn elements(&mut self) -> Result<Vec<Element<'a>>, DecodeError> {
        let mut elements = Vec::with_capacity(ELEMENTS);
        while let Some((tag, value)) = self.next_element()? {
            elements.push(tag.element(value));
        }
        Ok(elements)
    }

    /// Reads the elements of the object with the open root element `tag`, or of the last object in it if it is a list.
    #[cold]
    fn elements_of_root(
        &mut self,
        tag: &StartTag<'a>,
        root: Root<'_>,
    ) -> Result<Vec<Element<'a>>, DecodeError> {
        check_root(tag, root)?;
        if root.is_object(tag.name) {
            return self.elements();
        }
        let mut elements = Vec::with_capacity(ELEMENTS);
        let mut object = None;
        while let Some(tag) = self.next_child()? {
            if root.is_object(tag.name) {
                object = Some(self.elements()?);
            } else {
                elements.push(tag.element(self.text_content()?));
            }
        }
        Ok(object.unwrap_or(elements))
    }

    /// Skips the rest of the open element.
    pub(crate) fn skip(&mut self) -> Result<(), DecodeError> {
        self.text_content().map(drop)
    }

    /// Fails after a cancellation.
    fn check_cancellation(&self, at: usize) -> Result<(), DecodeError> {
        match self.cancellation {
            Some(cancellation) => cancellation.check(at),
            None => Ok(()),
        }
    }

    /// Checks that nothing follows the root element.
    pub(crate) fn finish(&mut self) -> Result<(), DecodeError> {
        self.next_child().map(drop)
    }

    /// Reads the text of the open element, up to its end; returns `None` if the element has children.
    pub(crate) fn text_content(&mut self) -> Result<Option<Cow<'a, str>>, DecodeError> {
        let outside = self.depth - 1;
        let mut content = Some(Cow::Borrowed(""));
        loop {
            match self.token()? {
                Token::Start(tag) => {
                    self.check_cancellation(tag.at)?;
                    content = None;
                }
                Token::Text(piece) => {
                    if let Some(text) = &mut content {
                        if !text.is_empty() {
                            self.check_cancellation(self.at())?;
                        }
                        append(text, piece);
                    }
                }
                Token::End if self.depth > outside => {}
                Token::End | Token::Eof => return Ok(content),
            }
        }
    }

    /// Reads the content of the open element, up to its end: its text, or its source if it has children.
    pub(crate) fn content(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        let start = self.at() - self.skipped;
        if let Some(text) = self.text_content()? {
            return Ok(text);
        }
        let source = &self.text[start..self.at() - self.skipped];
        let end = source.rfind("</").unwrap_or(source.len());
        Ok(source[..end].into())
    }

    #[inline(always)]
    pub(crate) fn token(&mut self) -> Result<Token<'a>, DecodeError> {
        self.is_behind_tag = false;
        if self.is_end_due {
            self.is_end_due = false;
            self.is_behind_tag = true;
            self.depth -= 1;
            return Ok(Token::End);
        }
        loop {
            let at = self.at();
            let event = match self.parser.read_event() {
                Ok(event) => event,
                Err(error) => return Err(self.decode_error(&error)),
            };
            match event {
                Event::Start(tag) => return self.start(at, tag.len(), tag.name().as_ref().len()),
                Event::Empty(tag) => {
                    self.is_end_due = true;
                    return self.start(at, tag.len(), tag.name().as_ref().len());
                }
                Event::End(_) => {
                    self.is_behind_tag = true;
                    self.depth -= 1;
                    return Ok(Token::End);
                }
                Event::Text(text) if self.is_plain => return self.text(at, text.into_inner()),
                Event::Text(text) if text.contains("]]>") => {
                    return Err(DecodeError::new(at, "found ]]> in a text, expected ]]&gt;"));
                }
                Event::Text(text) => return self.text(at, text.xml10_content()),
                Event::CData(text) => return self.text(at, text.xml10_content()),
                Event::GeneralRef(reference) => {
                    let text = resolve(at, &reference)?;
                    return self.text(at, text);
                }
                Event::Decl(declaration) => self.declaration(at, &declaration)?,
                Event::PI(instruction) if instruction.target().eq_ignore_ascii_case("xml") => {
                    return Err(DecodeError::new(at, MISPLACED_DECLARATION));
                }
                Event::Comment(_) | Event::PI(_) => {}
                Event::DocType(_) => {
                    return Err(DecodeError::new(
                        at,
                        "found a DOCTYPE, which is never taken",
                    ));
                }
                Event::Eof => return self.eof(at),
            }
        }
    }

    /// Checks a start tag at the byte `at`, given the lengths of its content and its name.
    #[inline(always)]
    fn start(&mut self, at: usize, length: usize, name: usize) -> Result<Token<'a>, DecodeError> {
        let content = at - self.skipped + 1;
        let content = &self.text[content..content + length];
        let name = &content[..name];
        if self.depth == 0 && self.root_seen || self.depth == MAX_DEPTH || !is_name(name) {
            return Err(self.misplaced_start(at, name));
        }
        if content.len() > name.len() && !self.has_checked_attributes {
            self.check_attributes(at, content, name)?;
        }
        self.root_seen = true;
        self.is_behind_tag = true;
        self.depth += 1;
        Ok(Token::Start(StartTag { name, at, content }))
    }

    #[cold]
    fn misplaced_start(&self, at: usize, name: &str) -> DecodeError {
        if self.depth == 0 && self.root_seen {
            return DecodeError::new(at, "found a second root element, expected the end");
        }
        if self.depth == MAX_DEPTH {
            let message = format!("elements stand deeper in each other than {MAX_DEPTH}");
            return DecodeError::new(at, message);
        }
        let message = format!("{:?} is not the name of an element", shorten(name));
        DecodeError::new(at, "found a tag whose name is not that of an element").quoting(message)
    }

    /// Checks the attributes in the content of a start tag.
    #[cold]
    fn check_attributes(&self, at: usize, content: &str, element: &str) -> Result<(), DecodeError> {
        for attribute in Attributes::new(content, element.len()) {
            self.check_cancellation(at)?;
            let is_sound = attribute.is_ok_and(|attribute| {
                is_name(attribute.key.into_inner())
                    && !attribute.value.contains('<')
                    && unescape(&attribute.value).is_ok()
            });
            if !is_sound {
                let message = format!("an attribute of <{}> is malformed", shorten(element));
                return Err(DecodeError::new(at, "an attribute is malformed").quoting(message));
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn text(&self, at: usize, text: Cow<'a, str>) -> Result<Token<'a>, DecodeError> {
        if self.depth == 0 && !is_blank(&text) {
            return Err(misplaced_text(at, &text, " outside the root element"));
        }
        Ok(Token::Text(text))
    }

    fn declaration(&self, at: usize, declaration: &BytesDecl<'_>) -> Result<(), DecodeError> {
        if at != self.skipped {
            return Err(DecodeError::new(at, MISPLACED_DECLARATION));
        }
        let malformed = || DecodeError::new(at, "the XML declaration is malformed");
        let version = declaration.version().map_err(|_| malformed())?;
        if !matches!(&*version, "1.0" | "1.1") {
            let found = shorten(&version);
            let message = format!("the document is XML {found}, expected XML 1.0 or 1.1");
            let reason = "the document is another XML, expected XML 1.0 or 1.1";
            return Err(DecodeError::new(at, reason).quoting(message));
        }
        // The text has been decoded, from the declared encoding or one that takes precedence.
        match declaration.encoding() {
            None | Some(Ok(_)) => Ok(()),
            Some(Err(_)) => Err(malformed()),
        }
    }

    fn eof(&self, at: usize) -> Result<Token<'a>, DecodeError> {
        if self.depth > self.end_depth {
            let message = "the document ends before its elements are closed";
            return Err(DecodeError::new(at, message));
        }
        Ok(Token::Eof)
    }

    /// Returns the byte of the document at which the next token begins.
    pub(crate) fn at(&self) -> usize {
        offset(self.parser.buffer_position()) + self.skipped
    }

    /// Rewords an error of the parser.
    #[cold]
    fn decode_error(&self, error: &ParserError) -> DecodeError {
        let at = offset(self.parser.error_position()) + self.skipped;
        let reason = match error {
            ParserError::Syntax(syntax) => match syntax {
                SyntaxError::InvalidBangMarkup => "found <! without a comment or CDATA behind it",
                SyntaxError::UnclosedPI => "a processing instruction is not closed by ?>",
                SyntaxError::UnclosedXmlDecl => "the XML declaration is not closed by ?>",
                SyntaxError::UnclosedComment => "a comment is not closed by -->",
                SyntaxError::UnclosedDoctype => "found a DOCTYPE, which is never taken",
                SyntaxError::UnclosedCData => "a CDATA section is not closed by ]]>",
                SyntaxError::UnclosedTag => "a tag is not closed by >",
                _ => "the value of an attribute is not closed by its quote",
            },
            ParserError::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
                let found = shorten(found);
                let message = format!("found </{found}>, expected </{}>", shorten(expected));
                return DecodeError::new(at, "found an end tag that does not match its start tag")
                    .quoting(message);
            }
            ParserError::IllFormed(IllFormedError::UnmatchedEndTag(found)) => {
                let message = format!("found </{}>, but no element is open", shorten(found));
                return DecodeError::new(at, "found an end tag, but no element is open")
                    .quoting(message);
            }
            ParserError::IllFormed(IllFormedError::UnclosedReference) => {
                "found & without a reference behind it, expected &amp;"
            }
            ParserError::IllFormed(IllFormedError::DoubleHyphenInComment) => {
                "found -- inside a comment"
            }
            _ => "the document is not well-formed",
        };
        DecodeError::new(at, reason)
    }
}

/// Returns the parser of a text.
pub(super) fn parser(text: &str) -> Reader<&[u8]> {
    let mut parser = Reader::from_str(text);
    parser.config_mut().check_comments = true;
    parser
}

const MISPLACED_DECLARATION: &str =
    "found an XML declaration, which can stand only at the very beginning";

fn resolve<'a>(at: usize, reference: &BytesRef<'_>) -> Result<Cow<'a, str>, DecodeError> {
    if reference.is_char_ref() {
        return match reference.resolve_char_ref() {
            Ok(Some(c)) if is_carried(c) => Ok(Cow::Owned(c.to_string())),
            Ok(Some(c)) => Err(not_carried(at, c)),
            _ => {
                let message = format!("&{}; is not a character", shorten(reference));
                let error = DecodeError::new(at, "found a reference to no character");
                Err(error.quoting(message))
            }
        };
    }
    match resolve_predefined_entity(reference) {
        Some(text) => Ok(Cow::Borrowed(text)),
        None => {
            let name = shorten(reference);
            let message =
                format!("found the entity &{name};, expected one of lt, gt, amp, apos, quot");
            let error = DecodeError::new(at, "found an entity other than lt, gt, amp, apos, quot");
            Err(error.quoting(message))
        }
    }
}

pub(super) fn append<'a>(text: &mut Cow<'a, str>, piece: Cow<'a, str>) {
    if text.is_empty() {
        *text = piece;
    } else {
        text.to_mut().push_str(&piece);
    }
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// Checks that a text consists of the white space of XML.
pub(super) fn is_blank(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

/// The error for a text in a place that allows none. Quotes the first character, which is enough to find it.
#[cold]
fn misplaced_text(at: usize, text: &str, place: &str) -> DecodeError {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let mut characters = text.chars();
    let first = characters.next().unwrap_or_default();
    if is_invisible(first) {
        let reason = format!("found the character {}{place}", code_point(first));
        return DecodeError::new(at, reason);
    }
    let more = characters.next().map_or("", |_| "…");
    let quotation = format!("{first}{more}");
    DecodeError::new(at, format!("found a text{place}"))
        .quoting(format!("found the text {quotation:?}{place}"))
}

#[inline]
fn is_name(name: &str) -> bool {
    // Most names are ASCII letters, so the characters need not be decoded.
    !name.is_empty() && has_none_of(name, |byte| !byte.is_ascii_alphabetic()) || is_any_name(name)
}

#[cold]
fn is_any_name(name: &str) -> bool {
    let begins = |c: char| c.is_alphabetic() || c == '_' || c == ':';
    name.starts_with(begins)
        && name
            .chars()
            .all(|c| begins(c) || c.is_alphanumeric() || matches!(c, '-' | '.' | '\u{b7}'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{
        RandomStream,
        xml::{self, testing::drawn_document},
    };
    use crate::schema::{Catalogue, Kind, Release};

    const PIECES: [&str; 26] = [
        "<A>",
        "</A>",
        "<B>",
        "</B>",
        "<B1/>",
        "<B>one</B>",
        "<C>two</C>",
        "<C/>",
        "<C></C>",
        " ",
        "\n",
        "\r\n",
        "text",
        "&amp;",
        "]",
        "]]>",
        "<!--c-->",
        "<A x='1'>",
        "<?xml version=\"1.0\"?>",
        "é",
        "<B >",
        "</B >",
        "<",
        ">",
        "/",
        "<D>\u{85}\t\n</D>",
    ];

    fn values<'e>(elements: &'e [Element<'_>]) -> Vec<(&'e str, Option<&'e str>)> {
        let elements = elements.iter();
        elements
            .map(|element| (&*element.name, element.value.as_deref()))
            .collect()
    }

    /// Writes the elements that contain text.
    fn write(elements: &[Element<'_>]) -> String {
        let elements = elements.iter().filter_map(|element| {
            let value = element.value.as_deref()?;
            Some((&*element.name, &Kind::Text, value))
        });
        xml::DECLARATION.to_owned() + &xml::object("A", elements, String::new())
    }

    #[test]
    fn elements_are_read_with_their_values_and_positions() {
        let document = "\u{feff}\n<A>\n  <Name> a b</Name>\n  <Empty></Empty><None/>\n</A>\n";
        let nothing = Catalogue::new(Release::V10_5, Vec::new());
        let elements =
            read_object(document.as_bytes(), Root::any(&nothing)).expect("it is well-formed");
        let expected = [("Name", " a b", 10), ("Empty", "", 30), ("None", "", 45)];
        let expected = expected.map(|(name, value, at)| Element {
            name: name.into(),
            value: Some(value.into()),
            at,
        });
        assert_eq!(elements, expected);
    }

    #[test]
    fn any_document_that_is_read_reads_the_same_after_it_is_written() {
        let stream = RandomStream::new(1, "test", "documents");
        let nothing = Catalogue::new(Release::V10_5, Vec::new());
        let mut read = 0;
        for ordinal in 0..50_000 {
            let document = drawn_document(&stream, ordinal, &PIECES);
            let Ok(elements) = read_object(document.as_bytes(), Root::any(&nothing)) else {
                continue;
            };
            read += 1;
            let texts: Vec<_> = values(&elements)
                .into_iter()
                .filter(|(_, value)| value.is_some())
                .collect();
            let written = write(&elements);
            let again =
                read_object(written.as_bytes(), Root::any(&nothing)).expect("it was written");
            assert_eq!(values(&again), texts, "{document:?}");
        }
        assert!(read > 5_000, "{read} documents were read");
    }
}
