//! No request to the API is answered with an error of the server: `.ci/fuzz request`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| cuc_mock::fuzzing::request(input));
