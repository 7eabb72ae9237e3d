//! Reading XML: strict about the document, indifferent to what it is about.

use std::{borrow::Cow, mem};

use quick_xml::{
    Reader,
    errors::{Error as ParserError, IllFormedError, SyntaxError},
    escape::{resolve_predefined_entity, unescape},
    events::{BytesDecl, BytesRef, BytesStart, Event},
};

use super::plain;
use crate::engine::{
    charset::{decode, is_carried, not_carried, only_utf8, shorten},
    element::{DecodeError, Element},
};

/// How deep elements may stand in each other.
const MAX_DEPTH: usize = 32;

/// The members of the one object that `document` holds, whose element must be `element` if one is given.
pub(crate) fn object<'a>(
    document: &'a [u8],
    element: Option<&str>,
) -> Result<Vec<Element<'a>>, DecodeError> {
    let (text, skipped) = decode(document)?;
    if let Some(members) = plain::members(text, skipped, element) {
        return Ok(members);
    }
    whole(&mut XmlReader::of(text, skipped), element)
}

/// The members of the one object that a document holds.
pub(super) fn whole<'a>(
    reader: &mut XmlReader<'a>,
    element: Option<&str>,
) -> Result<Vec<Element<'a>>, DecodeError> {
    let root = reader.root()?;
    if let Some(element) = element.filter(|element| *element != root.name) {
        return Err(DecodeError::new(
            root.at,
            format!(
                "the root element is <{}>, expected <{element}>",
                shorten(root.name)
            ),
        ));
    }
    let members = reader.members()?;
    reader.finish()?;
    match mem::take(&mut reader.stray_texts).into_iter().next() {
        Some(flaw) => Err(flaw),
        None => Ok(members),
    }
}

/// The opening tag of an element.
#[derive(Debug)]
pub(crate) struct Open<'a> {
    pub(crate) name: &'a str,
    /// The byte at which the tag begins.
    pub(crate) at: usize,
    /// The names of its attributes.
    pub(crate) attributes: Vec<String>,
}

#[derive(Debug)]
enum Token<'a> {
    Open(Open<'a>),
    Text(Cow<'a, str>),
    Close,
    End,
}

/// Reads a document element by element.
///
/// It takes UTF-8 alone, no document type, no entities but the five of XML itself, and elements
/// down to a bounded depth.
pub(crate) struct XmlReader<'a> {
    text: &'a str,
    /// How many bytes of the document stand before `text`.
    skipped: usize,
    parser: Reader<&'a [u8]>,
    depth: usize,
    root_seen: bool,
    /// Texts that stood where only elements may stand.
    pub(crate) stray_texts: Vec<DecodeError>,
}

impl<'a> XmlReader<'a> {
    pub(crate) fn new(document: &'a [u8]) -> Result<Self, DecodeError> {
        let (text, skipped) = decode(document)?;
        Ok(Self::of(text, skipped))
    }

    /// Reads a text before which `skipped` bytes of its document stand.
    fn of(text: &'a str, skipped: usize) -> Self {
        let mut parser = Reader::from_str(text);
        let config = parser.config_mut();
        config.check_comments = true;
        config.expand_empty_elements = true;
        Self {
            text,
            skipped,
            parser,
            depth: 0,
            root_seen: false,
            stray_texts: Vec::new(),
        }
    }

    /// The opening tag of the root element.
    pub(crate) fn root(&mut self) -> Result<Open<'a>, DecodeError> {
        let at = self.at();
        match self.next_child()? {
            Some(root) => Ok(root),
            None => Err(DecodeError::new(
                at,
                "no element found, expected a root element",
            )),
        }
    }

    /// The next element inside the one that is open, or `None` when that one closes.
    pub(crate) fn next_child(&mut self) -> Result<Option<Open<'a>>, DecodeError> {
        loop {
            let at = self.at();
            match self.token()? {
                Token::Open(open) => return Ok(Some(open)),
                Token::Close | Token::End => return Ok(None),
                Token::Text(text) if text.chars().all(is_blank) => {}
                Token::Text(text) => {
                    let found = shorten(text.trim());
                    let message = format!("found the text {found:?}, expected an element");
                    self.stray_texts.push(DecodeError::new(at, message));
                }
            }
        }
    }

    /// The members of the object whose tag was opened last, which is read to its end.
    pub(crate) fn members(&mut self) -> Result<Vec<Element<'a>>, DecodeError> {
        let mut members = Vec::new();
        while let Some(open) = self.next_child()? {
            members.push(Element {
                name: Cow::Borrowed(open.name),
                value: self.content()?,
                at: open.at,
            });
        }
        Ok(members)
    }

    /// Reads to the end of the element that was opened last, without keeping anything.
    pub(crate) fn skip(&mut self) -> Result<(), DecodeError> {
        self.content().map(drop)
    }

    /// Makes sure that nothing follows the root element.
    pub(crate) fn finish(&mut self) -> Result<(), DecodeError> {
        self.next_child().map(drop)
    }

    /// The text of the element that was opened last, or `None` if there are elements in it.
    fn content(&mut self) -> Result<Option<Cow<'a, str>>, DecodeError> {
        let outside = self.depth - 1;
        let mut content = Some(Cow::Borrowed(""));
        loop {
            match self.token()? {
                Token::Open(_) => content = None,
                Token::Text(piece) => {
                    if let Some(text) = &mut content {
                        append(text, piece);
                    }
                }
                Token::Close if self.depth == outside => return Ok(content),
                Token::Close => {}
                Token::End => unreachable!("the end inside an element is a flaw"),
            }
        }
    }

    fn token(&mut self) -> Result<Token<'a>, DecodeError> {
        loop {
            let at = self.at();
            let event = self.parser.read_event().map_err(|e| self.flaw(&e))?;
            match event {
                Event::Start(start) => return self.open(at, &start).map(Token::Open),
                Event::End(_) => {
                    self.depth -= 1;
                    return Ok(Token::Close);
                }
                Event::Text(text) => {
                    let text = text.xml10_content();
                    if text.contains(']') && text.contains("]]>") {
                        return Err(DecodeError::new(at, "found ]]> in a text, expected ]]&gt;"));
                    }
                    return self.text(at, text);
                }
                Event::CData(text) => {
                    let text = text.xml10_content();
                    return self.text(at, text);
                }
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
                Event::Eof => return self.end(at),
                Event::Empty(_) => unreachable!("the parser expands empty elements"),
            }
        }
    }

    fn open(&mut self, at: usize, start: &BytesStart<'_>) -> Result<Open<'a>, DecodeError> {
        if self.depth == 0 && self.root_seen {
            return Err(DecodeError::new(
                at,
                "found a second root element, expected the end",
            ));
        }
        if self.depth == MAX_DEPTH {
            let message = format!("elements stand deeper in each other than {MAX_DEPTH}");
            return Err(DecodeError::new(at, message));
        }
        let name_start = at - self.skipped + 1;
        let name = &self.text[name_start..name_start + start.name().as_ref().len()];
        if !is_name(name) {
            let message = format!("{:?} is not the name of an element", shorten(name));
            return Err(DecodeError::new(at, message));
        }
        self.root_seen = true;
        self.depth += 1;
        Ok(Open {
            name,
            at,
            attributes: attributes(at, start)?,
        })
    }

    fn text(&self, at: usize, text: Cow<'a, str>) -> Result<Token<'a>, DecodeError> {
        if self.depth == 0 && !text.chars().all(is_blank) {
            let found = shorten(text.trim());
            let message = format!("found the text {found:?} outside the root element");
            return Err(DecodeError::new(at, message));
        }
        Ok(Token::Text(text))
    }

    fn declaration(&self, at: usize, declaration: &BytesDecl<'_>) -> Result<(), DecodeError> {
        if at != self.skipped {
            return Err(DecodeError::new(at, MISPLACED_DECLARATION));
        }
        let malformed = || DecodeError::new(at, "the XML declaration is malformed");
        let version = declaration.version().map_err(|_| malformed())?;
        if version != "1.0" {
            let found = shorten(&version);
            let message = format!("the document is XML {found}, expected XML 1.0");
            return Err(DecodeError::new(at, message));
        }
        match declaration.encoding() {
            None => Ok(()),
            Some(Ok(encoding)) if encoding.eq_ignore_ascii_case("utf-8") => Ok(()),
            Some(Ok(encoding)) => Err(DecodeError::new(at, only_utf8(&encoding))),
            Some(Err(_)) => Err(malformed()),
        }
    }

    fn end(&self, at: usize) -> Result<Token<'a>, DecodeError> {
        if self.depth > 0 {
            let message = "the document ends before its elements are closed";
            return Err(DecodeError::new(at, message));
        }
        Ok(Token::End)
    }

    /// The byte of the document at which the next token begins.
    pub(crate) fn at(&self) -> usize {
        offset(self.parser.buffer_position()) + self.skipped
    }

    /// Puts what the parser refused into our own words.
    fn flaw(&self, error: &ParserError) -> DecodeError {
        let message = match error {
            ParserError::Syntax(syntax) => match syntax {
                SyntaxError::InvalidBangMarkup => "found <! without a comment or CDATA behind it",
                SyntaxError::UnclosedPI => "a processing instruction is not closed by ?>",
                SyntaxError::UnclosedXmlDecl => "the XML declaration is not closed by ?>",
                SyntaxError::UnclosedComment => "a comment is not closed by -->",
                SyntaxError::UnclosedDoctype => "found a DOCTYPE, which is never taken",
                SyntaxError::UnclosedCData => "a CDATA section is not closed by ]]>",
                SyntaxError::UnclosedTag => "a tag is not closed by >",
                _ => "the value of an attribute is not closed by its quote",
            }
            .to_owned(),
            ParserError::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
                let found = shorten(found);
                format!("found </{found}>, expected </{}>", shorten(expected))
            }
            ParserError::IllFormed(IllFormedError::UnmatchedEndTag(found)) => {
                format!("found </{}>, but no element is open", shorten(found))
            }
            ParserError::IllFormed(IllFormedError::UnclosedReference) => {
                "found & without a reference behind it, expected &amp;".to_owned()
            }
            ParserError::IllFormed(IllFormedError::DoubleHyphenInComment) => {
                "found -- inside a comment".to_owned()
            }
            _ => "the document is not well-formed".to_owned(),
        };
        let at = offset(self.parser.error_position()) + self.skipped;
        DecodeError::new(at, message)
    }
}

const MISPLACED_DECLARATION: &str =
    "found an XML declaration, which can stand only at the very beginning";

fn resolve<'a>(at: usize, reference: &BytesRef<'_>) -> Result<Cow<'a, str>, DecodeError> {
    if reference.is_char_ref() {
        return match reference.resolve_char_ref() {
            Ok(Some(c)) if is_carried(c) => Ok(Cow::Owned(c.to_string())),
            Ok(Some(c)) => Err(DecodeError::new(at, not_carried(c))),
            _ => {
                let name = shorten(reference);
                Err(DecodeError::new(at, format!("&{name}; is not a character")))
            }
        };
    }
    match resolve_predefined_entity(reference) {
        Some(text) => Ok(Cow::Borrowed(text)),
        None => {
            let name = shorten(reference);
            let message =
                format!("found the entity &{name};, expected one of lt, gt, amp, apos, quot");
            Err(DecodeError::new(at, message))
        }
    }
}

fn attributes(at: usize, start: &BytesStart<'_>) -> Result<Vec<String>, DecodeError> {
    let malformed = |name: &str| {
        let name = shorten(name);
        DecodeError::new(at, format!("an attribute of <{name}> is malformed"))
    };
    if start.attributes_raw().is_empty() {
        return Ok(Vec::new());
    }
    start
        .attributes()
        .map(|attribute| {
            let element = start.name().into_inner();
            let attribute = attribute.map_err(|_| malformed(element))?;
            let name = attribute.key.into_inner();
            if !is_name(name)
                || attribute.value.contains('<')
                || unescape(&attribute.value).is_err()
            {
                return Err(malformed(element));
            }
            Ok(name.to_owned())
        })
        .collect()
}

fn append<'a>(text: &mut Cow<'a, str>, piece: Cow<'a, str>) {
    if text.is_empty() {
        *text = piece;
    } else {
        text.to_mut().push_str(&piece);
    }
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// White space, as XML means it.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_name(name: &str) -> bool {
    // Most of them are: no need to look at them letter by letter.
    if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return true;
    }
    let begins = |c: char| c.is_alphabetic() || c == '_' || c == ':';
    name.starts_with(begins)
        && name
            .chars()
            .all(|c| begins(c) || c.is_alphanumeric() || matches!(c, '-' | '.' | '\u{b7}'))
}
