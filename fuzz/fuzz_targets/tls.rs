//! A TLS connection gets records of TLS whatever it sends, and the next one is served: `.ci/fuzz tls`.

#![no_main]

use cuc_mock_fuzz::{Handshake, check_server};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|handshake: Handshake<'_>| {
    handshake.run();
    check_server();
});
