//! Cuts a large list into pieces, which several threads can read.
//!
//! A piece ends behind something that looks like the end tag of an object. It is one, or it is inside of a tag, a comment
//! or a CDATA section, or it belongs to an element deeper in an object. In all cases but the first one, reading the piece
//! fails at its end, where something is still open. So if all pieces are read without an error, their objects are those of
//! the list.

use std::{io::BufRead, ops::Range};

use memchr::memmem;

use super::{XmlReader, read::parser};
use crate::engine::element::DecodeError;

/// The beginnings of markup that may contain text which looks like a tag.
const HIDING: [&str; 2] = ["<!", "<?"];

impl<'a> XmlReader<'a> {
    /// Returns a reader for each piece of the open list, or none if it cannot be cut into several. `object` is the name of its
    /// objects. A piece has at least `min_bytes`.
    pub(crate) fn pieces(&self, list: &str, object: &str, min_bytes: usize) -> Vec<Self> {
        let Some(content) = self.list_content(list) else {
            return Vec::new();
        };
        let tag = end_tag(object);
        let finder = memmem::Finder::new(&tag);
        let mut pieces = Vec::new();
        let mut start = content.start;
        while content.end - start >= 2 * min_bytes {
            let minimum = start + min_bytes;
            let rest = &self.text.as_bytes()[minimum..content.end];
            let Some(found) = finder.find(rest) else {
                break;
            };
            let end = minimum + found + tag.len();
            pieces.push(start..end);
            start = end;
        }
        if pieces.is_empty() {
            return Vec::new();
        }
        pieces.push(start..content.end);
        let text = self.text.as_bytes();
        // The parser would ignore a byte order mark at the beginning of a piece.
        if pieces.iter().any(|piece| !text[piece.start].is_ascii()) {
            return Vec::new();
        }
        pieces.into_iter().map(|piece| self.piece(piece)).collect()
    }

    /// Skips the content of the open list, which is read elsewhere.
    pub(crate) fn skip_content(&mut self, list: &str) {
        if let Some(content) = self.list_content(list) {
            self.parser.stream().consume(content.len());
        }
    }

    /// Skips the rest of the open list without looking for errors. An end tag that belongs to another element than the list
    /// makes reading the rest of the document fail.
    pub(crate) fn skip_unread(&mut self, list: &str) -> Result<(), DecodeError> {
        let content = self.list_content(list);
        let content =
            content.filter(|content| has_only_tags(&self.text.as_bytes()[content.clone()]));
        if let Some(content) = content {
            self.parser.stream().consume(content.len());
        }
        self.skip()
    }

    /// Returns the bytes of the text up to the first end tag of the open list.
    fn list_content(&self, list: &str) -> Option<Range<usize>> {
        if self.is_end_due {
            return None;
        }
        let start = self.at() - self.skipped;
        let rest = &self.text.as_bytes()[start..];
        let length = memmem::find(rest, end_tag(list).as_bytes())?;
        Some(start..start + length)
    }

    /// Returns a reader of a part of the text at the depth of the open element.
    fn piece(&self, part: Range<usize>) -> Self {
        let text = &self.text[..part.end];
        let mut parser = parser(text);
        parser.stream().consume(part.start);
        Self {
            text,
            skipped: self.skipped,
            is_plain: self.is_plain,
            parser,
            depth: self.depth,
            end_depth: self.depth,
            is_end_due: false,
            is_behind_tag: false,
            root_seen: self.root_seen,
            has_checked_attributes: self.has_checked_attributes,
            cancellation: self.cancellation,
            stray_texts: Vec::new(),
            more_stray_texts: 0,
        }
    }
}

/// True if there is no markup that may contain text which looks like a tag.
fn has_only_tags(content: &[u8]) -> bool {
    let mut hiding = HIDING.iter();
    hiding.all(|markup| memmem::find(content, markup.as_bytes()).is_none())
}

fn end_tag(name: &str) -> String {
    ["</", name, ">"].concat()
}
