//! Reads elements without attributes that contain only text, which most elements are, in one step.

use std::{borrow::Cow, io::BufRead};

use memchr::memchr2;

use super::{
    XmlReader,
    read::{MAX_DEPTH, StartTag},
};
use crate::engine::element::DecodeError;

/// The start tag of an element, and its text unless it has children.
type TextElement<'a> = (StartTag<'a>, Option<Cow<'a, str>>);

impl<'a> XmlReader<'a> {
    /// Reads the next child of the open element, up to its end; returns `None` at the end of the open element.
    pub(crate) fn next_element(&mut self) -> Result<Option<TextElement<'a>>, DecodeError> {
        if let Some((tag, text)) = self.plain_element() {
            return Ok(Some((tag, Some(text.into()))));
        }
        let Some(tag) = self.next_child()? else {
            return Ok(None);
        };
        Ok(Some((tag, self.text_content()?)))
    }

    /// Reads the next child of the open element if it is like `<Name>text</Name>` and the text needs no change. The parser
    /// takes three events to read it, and returns the errors of every other one.
    fn plain_element(&mut self) -> Option<(StartTag<'a>, &'a str)> {
        let is_between_tags = self.is_behind_tag && !self.is_end_due;
        if !is_between_tags || !self.is_plain || self.depth == 0 || self.depth == MAX_DEPTH {
            return None;
        }
        let rest = &self.text[self.at() - self.skipped..];
        let element = rest.trim_start_matches([' ', '\t', '\n']);
        let tag = element.strip_prefix('<')?;
        let is_in_name = |byte: &u8| byte.is_ascii_alphabetic();
        let length = tag.bytes().position(|byte| !is_in_name(&byte))?;
        let (name, tag_end) = tag.split_at(length);
        let content = tag_end.strip_prefix('>').filter(|_| length > 0)?;
        let (text, end) = content.split_at(memchr2(b'<', b'&', content.as_bytes())?);
        let after = end
            .strip_prefix("</")?
            .strip_prefix(name)?
            .strip_prefix('>')?;
        let at = self.at() + rest.len() - element.len();
        self.parser.stream().consume(rest.len() - after.len());
        Some((
            StartTag {
                name,
                at,
                content: name,
            },
            text,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{RandomStream, xml::testing::drawn_document};

    const PIECES: [&str; 24] = [
        "<A>",
        "</A>",
        "<B>",
        "</B>",
        "<B1/>",
        "<B>one</B>",
        "<C>t>wo</C>",
        "<C></C>",
        "<Dé>é</Dé>",
        " ",
        "\n",
        "\r\n",
        "text",
        "&amp;",
        "&",
        "]",
        "<!--c-->",
        "<C x='1'>a</C>",
        "<B >",
        "<B>a</B >",
        "<",
        ">",
        "<E><F>f</F></E>",
        "<G><![CDATA[g]]></G>",
    ];

    /// Returns all children of the root and the errors, read in one step or in two.
    fn read(document: &str, in_one: bool) -> String {
        let mut reader = XmlReader::new(document.as_bytes()).expect("it is UTF-8");
        let mut found = Vec::new();
        let mut read_all = || {
            reader.root()?;
            loop {
                let element = if in_one {
                    reader.next_element()?
                } else {
                    let tag = reader.next_child()?;
                    tag.map(|tag| Ok((tag, reader.text_content()?)))
                        .transpose()?
                };
                let Some((tag, text)) = element else {
                    return reader.finish();
                };
                found.push(format!("{tag:?} {text:?} {}", reader.at()));
            }
        };
        let end = read_all();
        format!("{found:?} {end:?} {:?}", reader.stray_texts)
    }

    #[test]
    fn an_element_is_the_same_in_one_step() {
        let stream = RandomStream::new(1, "test", "elements");
        let mut plain = 0;
        for ordinal in 0..20_000 {
            let document = drawn_document(&stream, ordinal, &PIECES);
            let expected = read(&document, false);
            assert_eq!(read(&document, true), expected, "{document:?}");
            plain += usize::from(expected.contains("one"));
        }
        assert!(plain > 1_000, "{plain}");
    }
}
