//! Every query string returns a page or an error: `.ci/fuzz query`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| cuc_mock::fuzzing::query(input));
