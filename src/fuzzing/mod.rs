//! The functions that the fuzz targets call: each takes an input, and panics if the result contradicts a rule that holds for
//! every input.

mod body;
#[cfg(feature = "cli")]
mod configuration;
mod description;
mod fixture;
mod query;
mod request;

use crate::engine::DecodeError;

pub use body::{json, xml};
#[cfg(feature = "cli")]
pub use configuration::configuration;
pub use description::description;
pub use fixture::fixture;
pub use query::query;
pub use request::{control, credentials};

/// Panics unless an error names a place in a document of this length, and describes itself.
fn check_error(error: &DecodeError, length: usize) {
    assert!(error.at <= length, "{error:?}");
    assert!(!error.reason.is_empty(), "{error:?}");
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path, str};

    use super::*;

    /// Calls a target with each of its seeds. A seed may be an input that once failed.
    #[track_caller]
    fn run(target: &str, call: impl Fn(&[u8])) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
        let seeds = fs::read_dir(folder.join(target)).expect("a folder");
        let seeds = seeds.map(|seed| fs::read(seed.expect("a file").path()).expect("its content"));
        assert!(seeds.inspect(|seed| call(seed)).count() > 0);
    }

    #[test]
    fn every_seed_of_the_fuzz_targets_has_the_property_of_its_target() {
        run("xml", xml);
        run("json", json);
        run("query", |seed| query(str::from_utf8(seed).expect("UTF-8")));
        run("description", description);
        run("fixture", fixture);
        run("control", control);
        run("credentials", credentials);
        #[cfg(feature = "cli")]
        run("configuration", configuration);
    }
}
