//! Any query string at all is answered or refused: `cargo +nightly fuzz run query`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|encoded: &str| cuc_mock::fuzzing::query(encoded));
