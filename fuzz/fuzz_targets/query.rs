//! Every query string returns a page or an error: `.ci/fuzz query`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|encoded: &str| cuc_mock::fuzzing::query(encoded));
