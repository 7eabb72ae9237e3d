//! Each mistake in a configuration file is reported: `.ci/fuzz configuration`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|document: &[u8]| cuc_mock::fuzzing::configuration(document));
