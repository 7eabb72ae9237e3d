//! A fixture that is loaded can be exported and loaded again: `.ci/fuzz fixture`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|document: &[u8]| cuc_mock::fuzzing::fixture(document));
