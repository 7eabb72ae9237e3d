//! A body in JSON is read the same again after it is written: `.ci/fuzz json`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| cuc_mock::fuzzing::json(input));
