//! No request to the control plane is answered with 500: `.ci/fuzz control`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| cuc_mock::fuzzing::control(input));
