//! Each mistake in a description is reported with its place: `.ci/fuzz description`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|document: &[u8]| cuc_mock::fuzzing::description(document));
