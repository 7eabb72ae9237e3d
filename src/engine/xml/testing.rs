//! Documents for tests.

use crate::engine::RandomStream;

/// Returns a document of up to seven of these pieces in an element `A`.
pub(super) fn drawn_document(stream: &RandomStream, ordinal: u64, pieces: &[&str]) -> String {
    let drawn = stream.draw(ordinal);
    let drawn = drawn[1..][..usize::from(drawn[0]) % 8].iter();
    let drawn = drawn.map(|piece| pieces[usize::from(*piece) % pieces.len()]);
    ["<A>".to_owned(), drawn.collect(), "</A>".to_owned()].concat()
}
