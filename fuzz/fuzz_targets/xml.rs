//! A body in XML is read the same again after it is written: `.ci/fuzz xml`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| cuc_mock::fuzzing::xml(input));
