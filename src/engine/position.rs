//! Places in a document.

use super::charset::without_byte_order_mark;

/// A place in a document, as editors show it: line and column count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Position {
    /// Locates the byte `at` in `document`, which need not be valid UTF-8 from there on.
    pub(crate) fn of(document: &[u8], at: usize) -> Self {
        PositionCursor::new(document).advance_to(at)
    }
}

/// Locates several bytes of one document in one pass.
#[derive(Debug)]
pub(crate) struct PositionCursor<'d> {
    /// The part of the document that has not been passed yet.
    rest: &'d [u8],
    /// The number of bytes that have been passed.
    passed: usize,
    position: Position,
}

impl<'d> PositionCursor<'d> {
    pub(crate) fn new(document: &'d [u8]) -> Self {
        let (line, column) = (1, 1);
        let rest = without_byte_order_mark(document);
        Self {
            rest,
            passed: document.len() - rest.len(),
            position: Position { line, column },
        }
    }

    /// Locates the byte `at`, which must not precede the one of the last call.
    pub(crate) fn advance_to(&mut self, at: usize) -> Position {
        let length = at.saturating_sub(self.passed).min(self.rest.len());
        let (passed, rest) = self.rest.split_at(length);
        self.rest = rest;
        self.passed += length;
        match passed.iter().rposition(|byte| *byte == b'\n') {
            None => self.position.column += characters(passed),
            Some(last) => {
                let lines = passed.iter().filter(|byte| **byte == b'\n');
                self.position.line += lines.count();
                self.position.column = 1 + characters(&passed[last + 1..]);
            }
        }
        self.position
    }
}

/// Counts the characters of a text in UTF-8 by their first bytes.
fn characters(text: &[u8]) -> usize {
    let is_first = |byte: &&u8| **byte & 0xc0 != 0x80;
    text.iter().filter(is_first).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pass_finds_the_positions_that_several_passes_find() {
        let document = "\u{feff}äb\n\n  é\u{1f600}x\r\ny".as_bytes();
        let mut cursor = PositionCursor::new(document);
        let boundaries = (0..document.len() + 2).filter(|at| {
            let byte = document.get(*at);
            byte.is_none_or(|byte| byte & 0xc0 != 0x80)
        });
        let positions: Vec<_> = boundaries
            .map(|at| {
                let Position { line, column } = cursor.advance_to(at);
                assert_eq!(Position::of(document, at), Position { line, column });
                (line, column)
            })
            .collect();
        assert_eq!(
            positions,
            [
                (1, 1),
                (1, 1),
                (1, 2),
                (1, 3),
                (2, 1),
                (3, 1),
                (3, 2),
                (3, 3),
                (3, 4),
                (3, 5),
                (3, 6),
                (3, 7),
                (4, 1),
                (4, 2),
                (4, 2)
            ]
        );
    }
}
