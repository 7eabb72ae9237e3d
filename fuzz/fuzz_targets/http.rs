//! A connection gets valid responses whatever it sends, and the next one is served: `.ci/fuzz http`.

#![no_main]

use cuc_mock_fuzz::{Piece, bytes, check_responses, check_server, exchange};
use libfuzzer_sys::{Corpus, fuzz_target};

/// The first byte of a TLS connection, for which there is another target.
const TLS: u8 = 22;

fuzz_target!(|pieces: Vec<Piece<'_>>| -> Corpus {
    let sent = bytes(&pieces);
    if sent.concat().first() == Some(&TLS) {
        return Corpus::Reject;
    }
    let has_head_requests = sent.concat().windows(5).any(|bytes| bytes == b"HEAD ");
    let received = exchange(sent.iter().map(Vec::as_slice));
    check_responses(&received, has_head_requests);
    check_server();
    Corpus::Keep
});
