//! The functions that the fuzz targets call: each takes an input, and panics if the result contradicts a rule that holds for
//! every input.

mod body;
#[cfg(feature = "cli")]
mod configuration;
mod control;
mod credentials;
mod description;
mod fixture;
mod place;
mod query;
mod request;
mod server;

pub use body::{json, xml};
#[cfg(feature = "cli")]
pub use configuration::configuration;
pub use control::control;
pub use credentials::credentials;
pub use description::description;
pub use fixture::fixture;
pub use query::query;
pub use request::request;

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

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
        run("query", query);
        run("description", description);
        run("fixture", fixture);
        run("request", request);
        run("control", control);
        run("credentials", credentials);
        #[cfg(feature = "cli")]
        run("configuration", configuration);
    }
}
