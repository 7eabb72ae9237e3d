//! A TLS handshake ends with an alert or goes on, whatever the client sends: `.ci/fuzz tls`.

#![no_main]

use cuc_mock_fuzz::{check_server, exchange};
use libfuzzer_sys::fuzz_target;

/// The first byte of a TLS record with a handshake message.
const HANDSHAKE: u8 = 22;
/// The content types of the records that a server sends: a change of the cipher, an alert, a handshake message.
const CONTENT_TYPES: [u8; 3] = [20, 21, HANDSHAKE];

fuzz_target!(|rest: &[u8]| {
    let received = exchange([&[HANDSHAKE][..], rest]);
    if let Some(first) = received.first() {
        assert!(CONTENT_TYPES.contains(first), "{}", received.escape_ascii());
    }
    if rest.len() % 8 == 0 {
        check_server();
    }
});
