//! Reading at sight what most clients send: an object as nothing but elements and their texts.
//!
//! Whatever has more to it, or is not sound, is for the reader, which knows all of XML.

use std::borrow::Cow;

use super::read::is_blank;
use crate::engine::element::Element;

/// The members of the one object that a plain document holds; its element is `element`, if one is given. `skipped` bytes
/// stand before the text.
pub(super) fn members<'a>(
    text: &'a str,
    skipped: usize,
    element: Option<&str>,
) -> Option<Vec<Element<'a>>> {
    let mut rest = Rest { text, at: 0 };
    rest.pass_blanks();
    let root = rest.opened()?;
    rest.pass(">")?;
    if element.is_some_and(|element| element != root) {
        return None;
    }
    let mut members = Vec::with_capacity(16);
    loop {
        rest.pass_blanks();
        if rest.pass("</").is_some() {
            break;
        }
        let at = skipped + rest.at;
        let name = rest.opened()?;
        let value = match rest.pass("/>") {
            Some(()) => "",
            None => {
                rest.pass(">")?;
                let value = rest.value()?;
                rest.pass("</")?;
                rest.pass(name)?;
                rest.pass(">")?;
                value
            }
        };
        members.push(Element {
            name: Cow::Borrowed(name),
            value: Some(Cow::Borrowed(value)),
            at,
        });
    }
    rest.pass(root)?;
    rest.pass(">")?;
    rest.pass_blanks();
    (rest.at == text.len()).then_some(members)
}

/// What is left of a text from the byte `at` on.
struct Rest<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Rest<'a> {
    fn pass(&mut self, expected: &str) -> Option<()> {
        let rest = &self.text.as_bytes()[self.at..];
        let is_there = rest.starts_with(expected.as_bytes());
        is_there.then(|| self.at += expected.len())
    }

    fn pass_blanks(&mut self) {
        self.take(|byte| is_blank(byte.into()));
    }

    /// The name in an opening tag, of ASCII letters and digits, a letter first.
    fn opened(&mut self) -> Option<&'a str> {
        self.pass("<")?;
        let name = self.take(|byte| byte.is_ascii_alphanumeric());
        name.starts_with(|first: char| first.is_ascii_alphabetic())
            .then_some(name)
    }

    /// A text that stands there as it is meant.
    fn value(&mut self) -> Option<&'a str> {
        let value = self.take(|byte| !matches!(byte, b'<' | b'&' | b']' | b'\r'));
        let next = self.text.as_bytes().get(self.at);
        (next == Some(&b'<')).then_some(value)
    }

    /// As many bytes as are so; what they are told by is ASCII, so that no character is cut.
    fn take(&mut self, is_so: impl Fn(u8) -> bool) -> &'a str {
        let rest = &self.text[self.at..];
        let end = rest.bytes().position(|byte| !is_so(byte));
        let taken = &rest[..end.unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::{RandomStream, xml::XmlReader, xml::read};

    use super::*;

    /// What documents are made of here, more often than not to make up a plain one.
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

    fn by_the_reader(document: &str) -> Option<Vec<Element<'_>>> {
        let mut reader = XmlReader::new(document.as_bytes()).ok()?;
        read::whole(&mut reader, None).ok()
    }

    #[test]
    fn what_is_read_at_sight_is_what_the_reader_finds() {
        let dice = RandomStream::new(1, "test", "documents");
        let mut plain = 0;
        for ordinal in 0..200_000 {
            let drawn = dice.draw(ordinal);
            let pieces = drawn[1..][..usize::from(drawn[0]) % 8].iter();
            let pieces = pieces.map(|piece| PIECES[usize::from(*piece) % PIECES.len()]);
            let document = ["<A>".to_owned(), pieces.collect(), "</A>".to_owned()].concat();
            if let Some(members) = members(&document, 0, None) {
                plain += 1;
                assert_eq!(Some(members), by_the_reader(&document), "{document:?}");
            }
        }
        assert!(plain > 10_000, "{plain} were plain");
    }

    #[test]
    fn the_bodies_of_clients_are_read_at_sight() {
        let document = "\n<A>\n  <Name> a b</Name>\n  <Empty></Empty><None/>\n</A>\n";
        let members = members(document, 3, Some("A")).expect("it is plain");
        let members = members.iter();
        let members: Vec<_> = members
            .map(|m| (&*m.name, m.value.as_deref(), m.at))
            .collect();
        let expected = [("Name", " a b", 10), ("Empty", "", 30), ("None", "", 45)];
        assert_eq!(
            members,
            expected.map(|(name, value, at)| (name, Some(value), at))
        );
    }
}
