//! Only the right credentials are admitted: `.ci/fuzz credentials`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| cuc_mock::fuzzing::credentials(input));
